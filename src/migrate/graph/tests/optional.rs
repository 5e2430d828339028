//! Branches that an installation takes or leaves.

use super::*;

/// A main line `a b c`, with the branch `tokens` beside it.
fn beside() -> Graph {
    draw(&["a", "b: a", "c: b", "t:, needs a, branch tokens, optional", "u: t"])
}

fn due(graph: &Graph, before: &str) -> String {
    let steps = graph.up(&rows(before), &Target::due()).expect("there is a way");
    rows_after(graph, &rows(before), &steps);
    steps.iter().map(shown).collect::<Vec<_>>().join(" ")
}

fn left_out(graph: &Graph, applied: &str) -> String {
    Vec::from_iter(graph.left_out(&applied.split_whitespace().collect())).join(" ")
}

#[test]
fn what_is_pending_is_no_branch_that_was_not_taken() {
    let graph = beside();
    assert_eq!(due(&graph, ""), "+a +b +c");
    assert_eq!(due(&graph, "b"), "+c");
    assert_eq!(due(&graph, "c"), "");
    assert_eq!((left_out(&graph, ""), left_out(&graph, "a b c")), ("t u".into(), "t u".into()));
}

#[test]
fn a_branch_that_was_taken_goes_on_with_the_others() {
    let graph = beside();
    assert_eq!(due(&graph, "t"), "+u +b +c");
    assert_eq!(due(&graph, "c t"), "+u");
    assert_eq!(left_out(&graph, "a t"), "");
    assert_eq!(planned(&graph, "c", Way::Up, "tokens@head").expect("it is taken by name"), "+t +u");
    let all = planned(&graph, "", Way::Up, "heads").expect("all are meant");
    assert_eq!(all.split(' ').count(), 5, "{all}");
}

#[test]
fn an_optional_branch_is_no_second_head() {
    let graph = beside();
    assert_eq!((graph.heads(), graph.required_heads()), (vec!["c", "u"], vec!["c"]));
    assert_eq!(planned(&graph, "", Way::Up, "head").expect("one head is everybody's"), "+a +b +c");
    assert!(matches!(graph.to_merge(&[]), Err(PlanError::TooFewToMerge { .. })));
    assert_eq!(graph.rows_at_due(&rows("c")).expect("the row is known"), ["c"]);
    assert_eq!(graph.rows_at_due(&rows("c t")).expect("the rows are known"), ["c", "u"]);
    assert_eq!(graph.optional_branches().collect::<Vec<_>>(), [("tokens", vec!["t", "u"])]);
}

#[test]
fn a_label_alone_makes_no_branch_optional() {
    let graph = draw(&["a", "b: a", "t: a, branch tokens"]);
    assert_eq!((due(&graph, ""), graph.required_heads().len()), ("+a +t +b".into(), 2));
    assert_eq!(left_out(&graph, "a b"), "");
}

#[test]
fn what_everybody_needs_is_not_optional() {
    let merged = draw(&["a", "b: a", "t: a, branch tokens, optional", "m: b t"]);
    assert_eq!(
        (due(&merged, ""), merged.heads(), merged.required_heads()),
        ("+a +t +b +m".into(), vec!["m"], vec!["m"])
    );
    let needed = draw(&["a", "t: a, branch tokens, optional", "u: t", "b: a, needs t"]);
    assert_eq!((due(&needed, ""), left_out(&needed, "a t b")), ("+a +t +b".into(), "u".into()));
}

#[test]
fn a_branch_upon_a_branch_is_taken_for_itself() {
    let graph = draw(&["a", "t: a, branch tokens, optional", "v: t, branch limits, optional", "b: a"]);
    assert_eq!((due(&graph, ""), due(&graph, "t")), ("+a +b".into(), "+b".into()));
    assert_eq!((left_out(&graph, "a"), left_out(&graph, "a t")), ("t v".into(), "v".into()));
    assert_eq!(due(&graph, "v"), "+b");
}
