//! Why nodes make no graph, and why a request has no plan.

use super::Way;
use super::nearest::{nearest_here, perhaps};

/// Why nodes make no graph.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// Two nodes have the same id.
    #[error("revision `{id}` exists twice; give one of the two another id")]
    Duplicate {
        /// The id.
        id: String,
    },
    /// A down revision is not there.
    #[error(
        "revision `{id}` was written upon `{parent}`, which is missing; restore its file or correct the \
         down_revision{}", perhaps(nearest.as_deref())
    )]
    MissingParent {
        /// The revision that names it.
        id: String,
        /// The id that is missing.
        parent: String,
        /// The known id nearest to it.
        nearest: Option<String>,
    },
    /// A dependency is neither a revision nor a branch label.
    #[error(
        "revision `{id}` depends on `{name}`, which is neither a revision nor a branch; restore its file or correct \
         the depends_on{}", perhaps(nearest.as_deref())
    )]
    MissingDependency {
        /// The revision that names it.
        id: String,
        /// The name that is missing.
        name: String,
        /// The known name nearest to it.
        nearest: Option<String>,
    },
    /// A label is given in two files.
    #[error("branch `{label}` is named by revision `{first}` and again by `{id}`; one file alone gives a label")]
    DuplicateLabel {
        /// The label.
        label: String,
        /// The second revision that gives it.
        id: String,
        /// The first revision that gives it.
        first: String,
    },
    /// A label is also the id of a revision.
    #[error("branch `{label}`, named by revision `{id}`, is also the id of a revision; choose another label")]
    LabelIsRevision {
        /// The label.
        label: String,
        /// The revision that gives it.
        id: String,
    },
    /// A name holds a character with a meaning in targets.
    #[error(
        "`{name}` cannot be the name of a revision or branch, because it holds {letter:?}; letters, digits and _ \
         are safe"
    )]
    Reserved {
        /// The name.
        name: String,
        /// The character.
        letter: char,
    },
    /// A name is empty or a target of its own.
    #[error("`{name}` cannot be the name of a revision or branch; head, heads and base have a meaning of their own")]
    Word {
        /// The name.
        name: String,
    },
    /// Revisions wait for each other.
    #[error(
        "revisions wait for each other in a circle: {}; correct a {} of one of them", circle(ids),
        if *through_dependencies { "down_revision or depends_on" } else { "down_revision" }
    )]
    Cycle {
        /// The revisions, each waiting for the next, the last for the first.
        ids: Vec<String>,
        /// Whether dependencies take part.
        through_dependencies: bool,
    },
}

/// Why a request has no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The target could not be read.
    #[error(
        "`{target}` is no target: {why}; a target is head, heads, base, a revision, +N, -N or BRANCH@ before these"
    )]
    Unreadable {
        /// What was typed.
        target: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A row of the version table is no revision here.
    #[error(
        "the database is at revision `{row}`, which is missing here: name the folder or system that it belongs to, or \
         restore its file; only when nothing of it is wanted any more, record where the database truly is with `strait \
         migrate stamp REV --purge`{}", nearest_here(nearest.as_deref())
    )]
    UnknownRow {
        /// The row.
        row: String,
        /// The known id nearest to it.
        nearest: Option<String>,
    },
    /// One row of the version table lies below another.
    #[error(
        "the database has a row for `{row}`, which `{above}` includes already; stamp `{above}` with purge to mend the rows"
    )]
    OverlappingRows {
        /// The row that is too many.
        row: String,
        /// The row that includes it.
        above: String,
    },
    /// Nothing has this name.
    #[error("`{name}` is no revision and no branch{}", perhaps(nearest.as_deref()))]
    Unknown {
        /// What was typed.
        name: String,
        /// The known name nearest to it.
        nearest: Option<String>,
    },
    /// A beginning fits several names.
    #[error("`{name}` begins {}; type more of it", listed(candidates))]
    AmbiguousName {
        /// What was typed.
        name: String,
        /// The ids and labels that begin so.
        candidates: Vec<String>,
    },
    /// The revision is on another branch.
    #[error("revision `{id}` is not on branch `{branch}`; leave out `{branch}@` or name another revision")]
    NotOnBranch {
        /// The revision.
        id: String,
        /// The branch as typed.
        branch: String,
    },
    /// One head is asked for, and there are several.
    #[error("`{target}` could mean {}; name one of them, or `heads` for all when going up", listed(heads))]
    SeveralHeads {
        /// What was typed.
        target: String,
        /// The heads.
        heads: Vec<String>,
    },
    /// Of the revisions that are named, one includes another.
    #[error("`{target}` names `{id}`, which {} includes already; name the upper one alone", listed(by))]
    Included {
        /// What was typed.
        target: String,
        /// The revision that another includes.
        id: String,
        /// The revisions that include it.
        by: Vec<String>,
    },
    /// Steps are counted from where the database is, and it is at several revisions.
    #[error("`{target}` counts from where the database is, and it is at {}; name a branch or a revision", listed(rows))]
    SeveralRows {
        /// What was typed.
        target: String,
        /// The revisions it could count from.
        rows: Vec<String>,
    },
    /// Several revisions follow.
    #[error(
        "`{target}` could go to {} from {from}; name one of them, or a branch as in `BRANCH@+1`",
        listed(candidates)
    )]
    SeveralWaysUp {
        /// What was typed.
        target: String,
        /// Where the ways part.
        from: String,
        /// The revisions that follow.
        candidates: Vec<String>,
    },
    /// The walk down meets a merge.
    #[error("`{target}` is ambiguous: `{from}` merges {}; name the revision to go down to", listed(candidates))]
    SeveralWaysDown {
        /// What was typed.
        target: String,
        /// The merge.
        from: String,
        /// What it merges.
        candidates: Vec<String>,
    },
    /// Nothing is applied that could be reverted.
    #[error("there is nothing to revert: the database is at base")]
    AtBase,
    /// The line has fewer revisions.
    #[error("`{target}` goes too far: there {} on that line", steps_there_are(*possible))]
    TooFar {
        /// What was typed.
        target: String,
        /// How many steps the line has.
        possible: u32,
    },
    /// The steps do not go the way that was asked.
    #[error("`{target}` does not go {way}; {}", other_way(*way))]
    WrongWay {
        /// What was typed.
        target: String,
        /// The way that was asked.
        way: Way,
    },
    /// Nothing of the branch is applied.
    #[error(
        "`{target}` counts from where the database is, and nothing of `{branch}` is applied; there is nothing to revert"
    )]
    NothingOnBranch {
        /// What was typed.
        target: String,
        /// The branch as typed.
        branch: String,
    },
    /// The revision to go down to is not applied.
    #[error("cannot go down to `{id}`, which is not applied; the database is at {}", rows_or_base(rows))]
    NotApplied {
        /// The revision.
        id: String,
        /// Where the database is.
        rows: Vec<String>,
    },
    /// The revision to go down to is applied, and it is the last of its line that is.
    #[error(
        "there is nothing to revert above `{id}`: it is applied because others need it, and no revision written upon \
         it is; the database is at {}",
        rows_or_base(rows)
    )]
    NothingAbove {
        /// The revision.
        id: String,
        /// Where the database is.
        rows: Vec<String>,
    },
    /// Going down to a fork for one branch, and no way from the fork leads to it.
    #[error(
        "cannot go down to {to} on `{branch}`: from there the ways lead to {}, none to that branch",
        listed(candidates)
    )]
    NoWayToBranch {
        /// Where to go.
        to: String,
        /// The branch.
        branch: String,
        /// The ways from there.
        candidates: Vec<String>,
    },
    /// A stamp or a merge names revisions, not steps.
    #[error("`{target}` counts steps; {purpose} needs a revision, a branch, head, heads or base")]
    StepsNotAllowed {
        /// What was typed.
        target: String,
        /// What was asked for.
        purpose: &'static str,
    },
    /// A merge needs several.
    #[error("a merge joins several heads, and only {} named; the heads are {}", few(found), listed(heads))]
    TooFewToMerge {
        /// What the targets name.
        found: Vec<String>,
        /// The heads there are.
        heads: Vec<String>,
    },
    /// A merge joins heads.
    #[error("cannot merge `{id}`, because it is no head; the heads are {}", listed(heads))]
    NotAHead {
        /// The revision.
        id: String,
        /// The heads there are.
        heads: Vec<String>,
    },
}

fn circle(ids: &[String]) -> String {
    let names = ids.iter().chain(ids.first()).map(|id| format!("`{id}`"));
    names.collect::<Vec<_>>().join(" after ")
}

fn listed(names: &[String]) -> String {
    const SHOWN: usize = 6;
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match (shown.split_last(), names.len().saturating_sub(SHOWN)) {
        (None, _) => "nothing".to_owned(),
        (Some((last, [])), _) => last.clone(),
        (Some((last, others)), 0) => format!("{} and {last}", others.join(", ")),
        (Some(_), more) => format!("{} and {more} more", shown.join(", ")),
    }
}

fn rows_or_base(rows: &[String]) -> String {
    if rows.is_empty() { "base".to_owned() } else { listed(rows) }
}

fn steps_there_are(possible: u32) -> String {
    match possible {
        0 => "is no step to take".to_owned(),
        1 => "is only one step to take".to_owned(),
        more => format!("are only {more} steps to take"),
    }
}

fn other_way(way: Way) -> &'static str {
    match way {
        Way::Up => "to revert revisions, go down",
        Way::Down => "to apply revisions, go up",
    }
}

fn few(found: &[String]) -> String {
    match found {
        [] => "none is".to_owned(),
        [one] => format!("`{one}` is"),
        more => format!("{} are", listed(more)),
    }
}
