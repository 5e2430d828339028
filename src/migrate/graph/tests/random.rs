//! Random graphs and random ways through them.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::super::VersionChange;
use super::*;

/// A revision to be drawn: what it was written upon, what it needs, and where its file comes in the folder.
type Stroke = (Vec<Index>, Vec<Index>, u16);

fn graphs() -> impl Strategy<Value = Graph> {
    let down =
        prop_oneof![1 => vec(any::<Index>(), 0..1), 5 => vec(any::<Index>(), 1..2), 2 => vec(any::<Index>(), 2..4)];
    let needs = prop_oneof![4 => vec(any::<Index>(), 0..1), 1 => vec(any::<Index>(), 1..3)];
    vec((down, needs, any::<u16>()), 1..14).prop_map(|strokes| drawn(&strokes))
}

fn drawn(strokes: &[Stroke]) -> Graph {
    let mut nodes: Vec<(u16, Node)> = Vec::new();
    for (at, (down, needs, place)) in strokes.iter().enumerate() {
        let names = |from: &[Index]| {
            let picked: BTreeSet<usize> = from.iter().filter(|_| at > 0).map(|index| index.index(at)).collect();
            picked.into_iter().map(|at| format!("rev{at:02}")).collect::<Vec<_>>()
        };
        let (down, depends_on) = (names(down), names(needs));
        nodes.push((
            *place,
            Node {
                id: format!("rev{at:02}"),
                down,
                depends_on,
                branches: vec![format!("line{at:02}")],
                optional: false,
            },
        ));
    }
    nodes.sort_by_key(|(place, _)| *place);
    Graph::new(nodes.into_iter().map(|(_, node)| node).collect()).expect("every revision stands on earlier ones")
}

fn pick<'g>(graph: &'g Graph, index: &Index) -> &'g str {
    let ids: Vec<&str> = graph.ids().collect();
    ids[index.index(ids.len())]
}

/// The rows that a walk up and down through the graph ends at.
fn wander(graph: &Graph, moves: &[(bool, Index)]) -> Vec<String> {
    moves.iter().fold(Vec::new(), |rows, (upwards, index)| {
        let target = Target::revision(pick(graph, index));
        let plan = if *upwards { graph.up(&rows, &target) } else { graph.down(&rows, &target) };
        plan.map_or(rows.clone(), |steps| rows_after(graph, &rows, &steps))
    })
}

fn moves() -> impl Strategy<Value = Vec<(bool, Index)>> {
    vec((prop::bool::weighted(0.65), any::<Index>()), 0..6)
}

fn sorted(names: Vec<&str>) -> Vec<String> {
    let mut names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    names.sort();
    names
}

fn changed(rows: &[String], change: &VersionChange) -> Vec<String> {
    let mut rows: BTreeSet<String> = rows.iter().cloned().collect();
    change.apply(&mut rows).expect("no row is missing");
    rows.into_iter().collect()
}

proptest! {
    #[test]
    fn a_way_up_ends_at_its_target(graph in graphs(), moves in moves(), index in any::<Index>()) {
        let rows = wander(&graph, &moves);
        let id = pick(&graph, &index);
        let steps = graph.up(&rows, &Target::revision(id)).expect("a revision can always be reached");
        let after = rows_after(&graph, &rows, &steps);
        prop_assert!(graph.applied(&after).expect("the rows are known").contains(&id));
        prop_assert!(steps.iter().all(|step| graph.ancestors([id], Follow::Everything).contains(&step.id.as_str())));
        prop_assert_eq!(graph.up(&after, &Target::revision(id)).map(|steps| steps.len()), Ok(0));
    }

    #[test]
    fn up_to_the_heads_and_down_to_base_leaves_no_row(graph in graphs(), moves in moves()) {
        let rows = wander(&graph, &moves);
        let up = graph.up(&rows, &Target::heads()).expect("the heads can always be reached");
        let top = rows_after(&graph, &rows, &up);
        prop_assert_eq!(&top, &sorted(graph.rows_at_heads()));
        let down = graph.down(&top, &Target::base()).expect("base can always be reached");
        prop_assert_eq!(down.len(), graph.len());
        prop_assert!(rows_after(&graph, &top, &down).is_empty());
    }

    #[test]
    fn a_way_down_leaves_nothing_above_its_target(graph in graphs(), moves in moves(), index in any::<Index>()) {
        let rows = wander(&graph, &moves);
        let id = pick(&graph, &index);
        if let Ok(steps) = graph.down(&rows, &Target::revision(id)) {
            let after = rows_after(&graph, &rows, &steps);
            let applied = graph.applied(&after).expect("the rows are known");
            prop_assert!(applied.contains(&id));
            prop_assert!(graph.descendants([id], Follow::Branch).iter().all(|above| *above == id || !applied.contains(above)));
        }
    }

    #[test]
    fn applied_and_pending_share_the_graph(graph in graphs(), moves in moves()) {
        let rows = wander(&graph, &moves);
        let applied = graph.applied(&rows).expect("the rows are known");
        let pending = graph.pending(&rows).expect("the rows are known");
        let up = graph.up(&rows, &Target::heads()).expect("the heads can always be reached");
        prop_assert_eq!(&pending, &up.iter().map(|step| step.id.as_str()).collect::<Vec<_>>());
        prop_assert_eq!(sorted([applied, pending].concat()), sorted(graph.ids().collect()));
    }

    #[test]
    fn a_stamp_reaches_the_rows_that_running_would(graph in graphs(), moves in moves(), index in any::<Index>()) {
        let rows = wander(&graph, &moves);
        let target = Target::revision(pick(&graph, &index));
        let ran = rows_after(&graph, &[], &graph.up(&[], &target).expect("a revision can always be reached"));
        let purged = graph.stamp_purged(&rows, std::slice::from_ref(&target)).expect("it can be stamped");
        prop_assert_eq!(changed(&rows, &purged), ran);

        let up = graph.up(&rows, &Target::heads()).expect("the heads can always be reached");
        let stamped = graph.stamp(&rows, &[Target::heads()]).expect("the heads can be stamped");
        prop_assert_eq!(changed(&rows, &stamped), rows_after(&graph, &rows, &up));
        let emptied = graph.stamp(&rows, &[Target::base()]).expect("base can be stamped");
        prop_assert!(changed(&rows, &emptied).is_empty());
    }

    #[test]
    fn a_stamp_leaves_no_row_that_another_includes(graph in graphs(), moves in moves(), picks in vec(any::<Index>(), 1..4)) {
        let rows = wander(&graph, &moves);
        let targets: Vec<Target> = picks.iter().map(|index| Target::revision(pick(&graph, index))).collect();
        if let Ok(change) = graph.stamp(&rows, &targets) {
            let after = changed(&rows, &change);
            prop_assert!(targets.iter().all(|target| after.contains(&target.to_string())));
            prop_assert!(graph.up(&after, &Target::heads()).is_ok(), "the rows are whole");
        }
    }

    #[test]
    fn a_step_up_and_a_step_down_cancel(graph in graphs(), moves in moves()) {
        let rows = wander(&graph, &moves);
        if let Ok(up) = graph.up(&rows, &target("+1"))
            && let [step] = &up[..]
            && let after = rows_after(&graph, &rows, &up)
            && after == [step.id.clone()]
            && let Ok(down) = graph.down(&after, &target("-1"))
            && let [back] = &down[..]
        {
            prop_assert_eq!(&back.id, &step.id);
            prop_assert_eq!(rows_after(&graph, &after, &down), rows);
        }
    }
}
