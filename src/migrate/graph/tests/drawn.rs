//! Small graphs, one rule each.

use super::super::{GraphError, VersionChange};
use super::*;

const FORK: [&str; 4] = ["root", "blue: root, branch sky", "gold: root, branch coin", "both: blue gold"];
/// Two branches; the second one's middle needs the first one's head.
const NEED: [&str; 5] =
    ["one_a: , branch one", "one_b: one_a", "two_a: , branch two", "two_b: two_a, needs one_b", "two_c: two_b"];

fn version(graph: &Graph, before: &str, way: Way, typed: &str) -> VersionChange {
    let steps = match way {
        Way::Up => graph.up(&rows(before), &target(typed)),
        Way::Down => graph.down(&rows(before), &target(typed)),
    };
    let mut steps = steps.expect("there is a way");
    assert_eq!(steps.len(), 1, "one step is looked at");
    steps.remove(0).version
}

fn stamped(graph: &Graph, before: &str, typed: &[&str]) -> Result<String, PlanError> {
    let targets: Vec<Target> = typed.iter().map(|typed| target(typed)).collect();
    let mut after: BTreeSet<String> = rows(before).into_iter().collect();
    graph.stamp(&rows(before), &targets)?.apply(&mut after).expect("the rows are there");
    Ok(Vec::from_iter(after).join(" "))
}

#[test]
fn a_merge_removes_the_rows_it_joins() {
    let change = version(&draw(&FORK), "blue gold", Way::Up, "head");
    let update = Some(("gold".to_owned(), "both".to_owned()));
    assert_eq!(change, VersionChange { delete: rows("blue"), insert: Vec::new(), update });
}

#[test]
fn taking_a_merge_back_brings_back_its_rows() {
    let change = version(&draw(&FORK), "both", Way::Down, "blue");
    let update = Some(("both".to_owned(), "gold".to_owned()));
    assert_eq!(change, VersionChange { delete: Vec::new(), insert: rows("blue"), update });
}

#[test]
fn the_first_and_the_last_row_come_and_go() {
    let graph = draw(&["root", "next: root"]);
    assert_eq!(version(&graph, "", Way::Up, "+1").insert, rows("root"));
    assert_eq!(version(&graph, "root", Way::Down, "base").delete, rows("root"));
    assert_eq!(version(&graph, "root", Way::Up, "+1").update, Some(("root".to_owned(), "next".to_owned())));
}

#[test]
fn one_step_down_from_a_merge_is_ambiguous() {
    let refused = planned(&draw(&FORK), "both", Way::Down, "-1").expect_err("two ways lead down");
    assert_eq!(
        refused.to_string(),
        "`-1` is ambiguous: `both` merges `blue` and `gold`; name the revision to go down to"
    );
}

#[test]
fn a_fork_is_taken_back_as_it_was_applied() {
    let graph = draw(&FORK);
    assert_eq!(planned(&graph, "", Way::Up, "head").as_deref(), Ok("+root +gold +blue +both"));
    assert_eq!(planned(&graph, "both", Way::Down, "base").as_deref(), Ok("-both -blue -gold -root"));
}

#[test]
fn steps_from_several_rows_need_a_branch() {
    let graph = draw(&["root", "blue: root, branch sky", "gold: root, branch coin", "bluer: blue", "golder: gold"]);
    for (way, typed) in [(Way::Up, "+1"), (Way::Down, "-1")] {
        let refused = planned(&graph, "blue gold", way, typed).expect_err("there are two rows");
        assert_eq!(refused, PlanError::SeveralRows { target: typed.to_owned(), rows: rows("blue gold") });
    }
    assert_eq!(planned(&graph, "blue gold", Way::Up, "coin@+1").as_deref(), Ok("+golder"));
    assert_eq!(planned(&graph, "bluer golder", Way::Down, "coin@root").as_deref(), Ok("-golder -gold"));
    assert_eq!(planned(&graph, "bluer golder", Way::Down, "golder@-1").as_deref(), Ok("-golder"));
}

#[test]
fn several_heads_are_named_one_by_one_or_together() {
    let graph = draw(&["root", "blue: root, branch sky", "gold: root, branch coin"]);
    let refused = planned(&graph, "root", Way::Up, "head").expect_err("there are two heads");
    assert_eq!(refused, PlanError::SeveralHeads { target: "head".to_owned(), heads: rows("blue gold") });
    assert_eq!(planned(&graph, "root", Way::Up, "heads").as_deref(), Ok("+gold +blue"));
    assert_eq!(planned(&graph, "root", Way::Up, "coin@head").as_deref(), Ok("+gold"));
    assert_eq!(planned(&graph, "root", Way::Up, "coin@+1").as_deref(), Ok("+gold"));
}

#[test]
fn a_head_that_another_branch_needs_has_no_row_until_it_gets_a_child() {
    let graph = draw(&NEED);
    let up = graph.up(&[], &target("heads")).expect("there is a way");
    assert_eq!(rows_after(&graph, &[], &up), rows("two_c"));
    assert_eq!(graph.heads(), ["one_b", "two_c"]);
    assert_eq!(graph.rows_at_heads(), ["two_c"]);
    let grown = draw(&[NEED.as_slice(), &["one_c: one_b"]].concat());
    assert_eq!(version(&grown, "two_c", Way::Up, "one@head").insert, rows("one_c"));
    assert_eq!(version(&grown, "one_c two_c", Way::Down, "one@-1").delete, rows("one_c"));
}

#[test]
fn down_to_the_base_of_a_branch_takes_what_needs_it_too() {
    let graph = draw(&NEED);
    assert_eq!(planned(&graph, "two_c", Way::Down, "one@base").as_deref(), Ok("-two_c -two_b -one_b -one_a"));
    assert_eq!(planned(&graph, "two_c", Way::Down, "two@base").as_deref(), Ok("-two_c -two_b -two_a"));
    let down = graph.down(&rows("two_c"), &target("two@base")).expect("there is a way");
    assert_eq!(rows_after(&graph, &rows("two_c"), &down), rows("one_b"));
}

#[test]
fn a_way_down_to_what_is_not_applied_or_has_nothing_above_is_refused() {
    let graph = draw(&NEED);
    let refused = |typed| planned(&graph, "two_c", Way::Down, typed).expect_err("nothing can be reverted");
    assert_eq!(refused("one_b"), PlanError::NothingAbove { id: "one_b".to_owned(), rows: rows("two_c") });
    let refused = planned(&graph, "one_a", Way::Down, "two_b").expect_err("it is not applied");
    assert_eq!(refused.to_string(), "cannot go down to `two_b`, which is not applied; the database is at `one_a`");
}

#[test]
fn a_look_up_finds_what_a_target_names() {
    let graph = draw(&NEED);
    assert_eq!(graph.find(&target("two@head")).as_deref(), Ok(["two_c"].as_slice()));
    assert_eq!(graph.find(&target("heads")).as_deref(), Ok(["two_c"].as_slice()));
    assert_eq!(graph.find(&target("base")).as_deref(), Ok([].as_slice()));
    assert!(matches!(graph.find(&target("two_c-1")), Err(PlanError::StepsNotAllowed { .. })));
}

#[test]
fn a_need_that_lies_under_a_merged_branch_gets_no_row_of_its_own() {
    let graph = draw(&["one_a", "one_b: one_a", "two", "both: one_b, needs one_a two", "side"]);
    let down = graph.down(&rows("both side"), &target("one_b")).expect("there is a way");
    assert_eq!(rows_after(&graph, &rows("both side"), &down), rows("one_b side two"));
}

#[test]
fn steps_past_an_end_are_refused() {
    let graph = draw(&["root", "next: root"]);
    let too_far = |typed: &str, possible| Err(PlanError::TooFar { target: typed.to_owned(), possible });
    assert_eq!(planned(&graph, "", Way::Up, "+3"), too_far("+3", 2));
    assert_eq!(planned(&graph, "next", Way::Down, "-3"), too_far("-3", 2));
    assert_eq!(planned(&graph, "next", Way::Down, "-2").as_deref(), Ok("-next -root"));
    assert_eq!(planned(&graph, "", Way::Down, "-1"), Err(PlanError::AtBase));
    assert!(matches!(planned(&graph, "root", Way::Up, "-1"), Err(PlanError::WrongWay { .. })));
}

#[test]
fn a_revision_is_found_by_the_beginning_of_its_id() {
    let graph = draw(&["8c01d2", "8c01e4: 8c01d2", "3f9a1c: 8c01e4, branch billing", "abc: 3f9a1c"]);
    assert_eq!(graph.resolve("3f"), Ok("3f9a1c"));
    assert_eq!(graph.resolve("bill"), Ok("3f9a1c"));
    let candidates = rows("8c01d2 8c01e4");
    assert_eq!(graph.resolve("8c01"), Err(PlanError::AmbiguousName { name: "8c01".to_owned(), candidates }));
    assert!(graph.resolve("ab").is_err(), "an id of three letters is only found whole");
    let unknown = PlanError::Unknown { name: "biling".to_owned(), nearest: Some("billing".to_owned()) };
    assert_eq!(graph.resolve("biling"), Err(unknown));
}

#[test]
fn a_branch_that_does_not_exist_stops_the_way_down() {
    let graph = draw(&["root: , branch billing", "next: root"]);
    let refused = planned(&graph, "next", Way::Down, "biling@base").expect_err("the branch is mistyped");
    assert_eq!(refused.to_string(), "`biling` is no revision and no branch; is `billing` meant?");
}

#[test]
fn labels_reach_up_to_the_heads_and_down_to_the_fork() {
    let graph = draw(&["root", "blue_a: root", "blue_b: blue_a, branch sky", "blue_c: blue_b", "gold: root"]);
    let labelled: Vec<&str> = graph.ids().filter(|id| graph.labels(id) == ["sky"]).collect();
    assert_eq!(labelled, ["blue_a", "blue_b", "blue_c"]);
}

#[test]
fn a_stamp_moves_its_own_branch_alone() {
    let graph = draw(&["one_a: , branch one", "one_b: one_a", "two_a: , branch two", "two_b: two_a"]);
    assert_eq!(stamped(&graph, "", &["one_b"]).as_deref(), Ok("one_b"));
    assert_eq!(stamped(&graph, "one_a two_a", &["one@head"]).as_deref(), Ok("one_b two_a"));
    assert_eq!(stamped(&graph, "one_b two_a", &["one_a"]).as_deref(), Ok("one_a two_a"));
    assert_eq!(stamped(&graph, "one_b two_a", &["one@base"]).as_deref(), Ok("two_a"));
    assert_eq!(stamped(&graph, "one_b two_a", &["heads"]).as_deref(), Ok("one_b two_b"));
    assert_eq!(stamped(&graph, "one_b two_a", &["base"]).as_deref(), Ok(""));
}

#[test]
fn a_stamp_of_several_sets_them_all() {
    let graph = draw(&FORK);
    assert_eq!(stamped(&graph, "both", &["blue", "gold"]).as_deref(), Ok("blue gold"));
    assert_eq!(stamped(&graph, "root", &["blue", "gold"]).as_deref(), Ok("blue gold"));
    assert!(matches!(stamped(&graph, "", &["root", "gold"]), Err(PlanError::Included { .. })));
    assert!(matches!(stamped(&graph, "", &["+1"]), Err(PlanError::StepsNotAllowed { .. })));
}

#[test]
fn a_row_that_is_no_revision_here_stops_all_but_a_purge() {
    let graph = draw(&FORK);
    assert!(matches!(planned(&graph, "lost", Way::Up, "head"), Err(PlanError::UnknownRow { .. })));
    assert!(matches!(stamped(&graph, "lost", &["sky"]), Err(PlanError::UnknownRow { .. })));
    let change = graph.stamp_purged(&rows("lost blue"), &[target("blue")]).expect("the old rows do not matter");
    assert_eq!(change, VersionChange { delete: rows("lost"), ..VersionChange::default() });
}

#[test]
fn rows_that_include_each_other_are_named() {
    let graph = draw(&["root", "next: root", "last: next"]);
    let refused = planned(&graph, "next root", Way::Up, "head").expect_err("one row is too many");
    assert_eq!(refused, PlanError::OverlappingRows { row: "root".to_owned(), above: "next".to_owned() });
    assert_eq!(stamped(&graph, "next root", &["next"]).as_deref(), Ok("next"));
}

#[test]
fn a_merge_joins_heads() {
    let graph = draw(&["root", "blue: root", "gold: root"]);
    assert_eq!(graph.to_merge(&[]).as_deref(), Ok(["blue", "gold"].as_slice()));
    assert!(matches!(graph.to_merge(&[target("blue")]), Err(PlanError::TooFewToMerge { .. })));
    assert!(matches!(graph.to_merge(&[target("blue"), target("root")]), Err(PlanError::NotAHead { .. })));
}

#[test]
fn what_is_no_graph_is_refused_with_what_to_do() {
    let refused = |lines: &[&str]| {
        Graph::new(lines.iter().map(|line| node(line)).collect()).expect_err("it is no graph").to_string()
    };
    assert_eq!(refused(&["a", "a"]), "revision `a` exists twice; give one of the two another id");
    assert_eq!(
        refused(&["8c01d2", "next: 8c01d1"]),
        "revision `next` was written upon `8c01d1`, which is missing; restore its file or correct the down_revision; is \
         `8c01d2` meant?"
    );
    assert!(refused(&["a: , needs b"]).contains("depends on `b`"));
    assert!(refused(&["a: , branch x", "b: a, branch x"]).contains("named by revision `a` and again by `b`"));
    assert!(refused(&["a: , branch b", "b: a"]).contains("is also the id of a revision"));
    assert!(refused(&["a+1"]).contains("it holds '+'"));
    assert!(refused(&["head"]).contains("a meaning of their own"));
}

#[test]
fn revisions_in_a_circle_are_named_in_its_order() {
    let circle =
        |lines: &[&str]| Graph::new(lines.iter().map(|line| node(line)).collect()).expect_err("it is a circle");
    let ids = rows("a c b");
    assert_eq!(
        circle(&["root", "a: root c", "b: a", "c: b", "last: c"]),
        GraphError::Cycle { ids, through_dependencies: false }
    );
    assert!(matches!(circle(&["a: a"]), GraphError::Cycle { .. }));
    let through = circle(&["a: , needs b", "b: a"]);
    assert_eq!(
        through.to_string(),
        "revisions wait for each other in a circle: `a` after `b` after `a`; correct a down_revision or depends_on of one \
         of them"
    );
}

#[test]
fn an_empty_graph_has_nothing_to_do() {
    let graph = draw(&[]);
    for typed in ["head", "heads", "base"] {
        assert_eq!(planned(&graph, "", Way::Up, typed).as_deref(), Ok(""));
        assert_eq!(planned(&graph, "", Way::Down, typed).as_deref(), Ok(""));
    }
}

#[test]
fn a_history_of_ten_thousand_revisions_is_planned_in_one_walk() {
    let lines: Vec<String> = (0..10_000)
        .map(|at: usize| format!("r{at}:{}", at.checked_sub(1).map_or(String::new(), |at| format!(" r{at}"))))
        .collect();
    let graph = draw(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let steps = graph.up(&[], &Target::head()).expect("there is a way");
    assert_eq!(steps.len(), 10_000);
    assert_eq!(steps[9_999].id, "r9999");
}
