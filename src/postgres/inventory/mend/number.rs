//! What numbers a column's rows: an identity, a sequence of its own, or one that several share. Whatever numbered them before,
//! numbering goes on after the highest number that is there; where that is the last one, the server refuses the next row.

use super::Change;
use crate::postgres::inventory::keys::parts;
use crate::postgres::inventory::names::{full, whole};
use crate::postgres::names::{literal, quote};
use crate::schema::inventory::{Inventory, Item, Kind};

/// Whether a column's rows are numbered by a sequence that is its own.
pub(super) fn is_numbered(column: &Item) -> bool {
    column.fact("numbers rows").or(column.fact("identity")).is_some()
}

/// Whether the sequence that should number a column's rows is another one than that which does.
pub(super) fn is_new(item: &Item, there: &Item) -> bool {
    item.fact("identity").is_some() != there.fact("identity").is_some()
        || item.fact("numbers rows").is_some() != there.fact("numbers rows").is_some()
}

/// Gives a column its identity back, in the place of what numbers its rows by a default, and lets it go on after the highest
/// number that is there.
pub(super) fn identity(change: &Change<'_>, kind: &str) -> Option<String> {
    let Change { item, inventory, .. } = *change;
    let (column, table) = (quote(item.name.as_deref()?), whole(item, inventory)?);
    let usual = usual_sequence(item, inventory)?;
    let is_another_s = |other: &Item| {
        other.kind == Kind::Sequence && other.name.as_deref().is_some_and(|name| full(name, inventory) == usual)
    };
    // Which number is the next of one that counts down, a person says.
    if said(item, "increment by -").is_some() || inventory.items.iter().any(is_another_s) {
        return None;
    }
    let alter = format!("alter table {table} alter column {column}");
    let (aside, aside_in_place) = aside(&usual, &table);
    // One that is called otherwise is not in the way, and goes when it has told its number.
    let named =
        change.there.filter(|there| there.fact("numbers rows").is_some()).and_then(|there| said(there, "named "));
    let gone = named.map_or_else(String::new, |named| format!(";\ndrop sequence {named}"));
    let before = [Some(last_of(&aside_in_place)), named.map(last_of), shared_before(change).map(last_given)];
    let goes_on = goes_on(&literal(&usual), &column, &table, before.into_iter().flatten(), first(item));
    Some(format!(
        "{alter} drop default;\nalter sequence if exists {usual} rename to {aside};\n\
         create sequence if not exists {aside_in_place} minvalue {};\n\
         {alter} add generated {kind} as identity (sequence name {usual});\n\
         {goes_on};\ndrop sequence {aside_in_place}{gone}",
        first(item)
    ))
}

/// The name that a sequence has until another stands in its place, and that with its schema.
fn aside(usual: &str, table: &str) -> (String, String) {
    const ASIDE: &str = "\"strait_numbers_before\"";
    let home = usual.rfind("\".\"").map(|end| &usual[..end + 2]).filter(|home| table.starts_with(home));
    (ASIDE.into(), home.map_or_else(|| ASIDE.into(), |home| format!("{home}{ASIDE}")))
}

/// Gives a column the sequence back that numbers its rows, and lets it go on after the highest number that is there. By its
/// usual name: that of its own, with its other options, is given to it by what mends them.
pub(super) fn numbered_again(change: &Change<'_>) -> Option<String> {
    let Change { item, inventory, .. } = *change;
    let (column, table) = (quote(item.name.as_deref()?), whole(item, inventory)?);
    let usual = usual_sequence(item, inventory)?;
    // Which number is the next of one that counts down, a person says.
    if said(item, "increment by -").is_some() {
        return None;
    }
    let aside = match said(item, "named ") {
        Some(named) if named.contains('.') || usual.contains('.') => return None,
        Some(named) => format!("alter sequence if exists {named} rename to {usual};\n"),
        None => String::new(),
    };
    let kind = said(item, "as ").map_or_else(|| item.fact("type"), Some)?;
    let text = literal(&usual);
    let before = [Some(last_of(&usual)), shared_before(change).filter(|_| aside.is_empty()).map(last_given)];
    let goes_on = goes_on(&text, &column, &table, before.into_iter().flatten(), first(item));
    Some(format!(
        "{aside}create sequence if not exists {usual} as {kind};\nalter sequence {usual} owned by {table}.{column};\n\
         alter table {table} alter column {column} set default nextval({text}::regclass);\n{goes_on}"
    ))
}

/// Takes the sequence away by which a column's rows were numbered; their numbers stay.
pub(super) fn no_longer(change: &Change<'_>) -> Option<String> {
    let Change { item, inventory, .. } = *change;
    let (column, table) = (quote(item.name.as_deref()?), whole(item, inventory)?);
    let sequence = own_sequence(change.there?, inventory)?;
    Some(format!("alter table {table} alter column {column} drop default;\ndrop sequence {sequence}"))
}

/// Lets a sequence that a default calls, and no column owns, go on after the highest number that is there: `;` and a statement.
pub(super) fn goes_on_by_default(change: &Change<'_>, default: &str) -> Option<String> {
    let Change { item, inventory, .. } = *change;
    let sequence = called(default)?;
    let is_number = matches!(item.fact("type")?, "smallint" | "integer" | "bigint");
    let is_it = |known: &&Item| {
        let name = known.name.as_deref().filter(|_| known.kind == Kind::Sequence).unwrap_or_default();
        [name.to_owned(), quote(name), full(name, inventory)].iter().any(|name| literal(name) == sequence)
    };
    let known = inventory.items.iter().find(is_it).filter(|_| is_number)?;
    if known.fact("increment").is_some_and(|step| step.starts_with('-')) {
        return None;
    }
    let first = known.fact("start").or(known.fact("minimum")).unwrap_or("1");
    let (column, table) = (quote(item.name.as_deref()?), whole(item, inventory)?);
    let own = sequence.trim_matches('\'').replace("''", "'");
    let before = [Some(last_of(&own)), shared_before(change).filter(|before| *before != sequence).map(last_given)];
    Some(format!(";\n{}", goes_on(&sequence, &column, &table, before.into_iter().flatten(), first)))
}

/// The statement that lets a sequence go on after the numbers that are there, and those that sequences before it have given: a
/// number whose row is gone is not handed out once more.
fn goes_on(sequence: &str, column: &str, table: &str, before: impl Iterator<Item = String>, first: &str) -> String {
    let given: String = before.map(|last| format!(", {last}")).collect();
    format!(
        "select setval(s.seqrelid, least(greatest(n.last, {first}), s.seqmax), coalesce(n.last >= {first}, false)) \
         from pg_catalog.pg_sequence s, (select greatest(max({column}){given}) as last from {table}) n \
         where s.seqrelid = {sequence}::regclass"
    )
}

/// The last number that a sequence has given, or would have given before its next one: the server itself tells none of one
/// that was restarted and not used since.
fn last_of(sequence: &str) -> String {
    format!("(select last_value - (not is_called)::int from {sequence})")
}

/// The last number that a sequence has given which may be gone, named by a literal.
fn last_given(sequence: String) -> String {
    format!("pg_sequence_last_value(to_regclass({sequence}))")
}

/// The sequence that a column's default called before, as a literal.
fn shared_before(change: &Change<'_>) -> Option<String> {
    called(change.there?.fact("default")?)
}

/// The sequence that a default calls, as a literal.
fn called(default: &str) -> Option<String> {
    let inside = default.strip_prefix("nextval(")?.strip_suffix("::regclass)")?;
    (inside.len() > 2 && inside.starts_with('\'') && inside.ends_with('\'')).then(|| inside.to_owned())
}

fn said<'i>(column: &'i Item, word: &str) -> Option<&'i str> {
    let options = column.fact("sequence").map(parts).unwrap_or_default();
    options.into_iter().find_map(|option| option.strip_prefix(word))
}

fn first(column: &Item) -> &str {
    said(column, "start with ").or(said(column, "minvalue ")).unwrap_or("1")
}

/// The name that the server gives to a sequence that a column owns, where it is not cut.
pub(in crate::postgres::inventory) fn usual_sequence(column: &Item, inventory: &Inventory) -> Option<String> {
    let (table, column) = (column.part_of.as_deref()?, column.name.as_deref()?);
    let name = format!("{table}_{column}_seq");
    (name.len() < 64).then(|| full(&name, inventory))
}

/// The sequence that numbers a column's rows.
pub(super) fn own_sequence(column: &Item, inventory: &Inventory) -> Option<String> {
    said(column, "named ").map(str::to_owned).or_else(|| usual_sequence(column, inventory))
}

/// Whether a sequence is that of a column whose rows should be numbered: it is used or replaced by what mends that.
pub(super) fn is_expected(sequence: &str, inventory: &Inventory) -> bool {
    let is_its = |column: &Item| {
        let is_named = said(column, "named ").is_some_and(|named| named == sequence || named == quote(sequence));
        is_named || usual_sequence(column, inventory).is_some_and(|usual| usual == full(sequence, inventory))
    };
    inventory.items.iter().filter(|item| is_numbered(item)).any(is_its)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_that_a_default_calls_is_known() {
        assert_eq!(called("nextval('s'::regclass)").as_deref(), Some("'s'"));
        assert_eq!(called("nextval('\"It''s\"'::regclass)").as_deref(), Some("'\"It''s\"'"));
        assert_eq!(called("nextval('s'::regclass) + 1"), None);
    }
}
