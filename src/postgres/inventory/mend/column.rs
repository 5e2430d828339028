//! Facts of columns.

use super::{Change, grants, options};
use crate::postgres::inventory::keys::parts;
use crate::postgres::inventory::names::{alter_whole, full, whole};
use crate::postgres::names::{literal, quote};
use crate::schema::inventory::{Inventory, Item, Kind};

pub(super) fn mend(change: &Change<'_>) -> Option<String> {
    let Change { item, expected, found, inventory, .. } = *change;
    if item.kind != Kind::Column {
        return None;
    }
    let name = quote(item.name.as_deref()?);
    let alter = alter_whole(item, inventory)?;
    if inventory.item(Kind::Composite, item.part_of.as_deref()?).is_some() {
        let collation = item.fact("collation").map_or(String::new(), |collation| format!(" collate {collation}"));
        let to = matches!(change.what, "type" | "collation").then(|| item.fact("type"))??;
        return Some(format!("{alter} alter attribute {name} type {to}{collation}"));
    }
    let actions = match change.what {
        "type" if loses_nothing(found?, expected?) => vec![format!("type {}{}", expected?, collation(change))],
        "collation" => vec![format!("type {}{}", item.fact("type")?, collation(change))],
        "not null" if expected == Some("yes") && found.is_none() => vec!["set not null".into()],
        "not null" if expected.is_none() => vec!["drop not null".into()],
        // The numbering of rows is no default of its own; an identity takes the place of one.
        "default" if item.fact("numbers rows").or(item.fact("identity")).is_some() => return None,
        "default" => vec![expected.map_or_else(|| "drop default".into(), |text| format!("set default {text}"))],
        "generated" if expected.is_none() => vec!["drop expression".into()],
        "identity" => match (expected, found) {
            (None, _) => vec!["drop identity".into()],
            (Some(kind), None) => return identity(change, kind),
            (Some(kind), Some(_)) => vec![format!("set generated {kind}")],
        },
        "sequence" => return sequence(change),
        "sequence comment" => {
            let text = expected.map_or_else(|| "null".into(), literal);
            return Some(format!("comment on sequence {} is {text}", own_sequence(change)?));
        }
        "sequence grants" => return grants::on_sequence(change, &own_sequence(change)?),
        "numbers rows" if expected.is_some() => return numbered_again(change),
        "storage" => vec![format!("set storage {}", expected?)],
        "compression" => vec![format!("set compression {}", expected.unwrap_or("default"))],
        "statistics target" => vec![format!("set statistics {}", expected.unwrap_or("-1"))],
        "options" => options::clauses(expected, found),
        _ => return None,
    };
    let statements: Vec<String> =
        actions.iter().map(|action| format!("{alter} alter column {name} {action}")).collect();
    Some(statements.join(";\n"))
}

/// The collation that should be; the type's own has to be said where another is there.
fn collation(change: &Change<'_>) -> String {
    match (change.item.fact("collation"), change.what) {
        (Some(name), _) => format!(" collate {name}"),
        (None, "collation") => " collate \"default\"".into(),
        (None, _) => String::new(),
    }
}

/// Gives a column its identity back, in the place of what numbers its rows by a default, and lets it go on after the highest
/// number that is there.
fn identity(change: &Change<'_>, kind: &str) -> Option<String> {
    let Change { item, inventory, .. } = *change;
    let (column, table) = (quote(item.name.as_deref()?), whole(item, inventory)?);
    let options = item.fact("sequence").map(parts).unwrap_or_default();
    let said = |word: &str| options.iter().find_map(|option| option.strip_prefix(word));
    let usual = usual_sequence(item, inventory)?;
    let is_another_s = |other: &Item| {
        other.kind == Kind::Sequence && other.name.as_deref().is_some_and(|name| full(name, inventory) == usual)
    };
    // Which number is the next of one that counts down, a person says.
    if said("increment by -").is_some() || inventory.items.iter().any(is_another_s) {
        return None;
    }
    let first = said("start with ").or(said("minvalue ")).unwrap_or("1");
    let (alter, text) = (format!("alter table {table} alter column {column}"), literal(&usual));
    let (aside, aside_in_place) = aside(&usual, &table);
    let before = literal(&aside_in_place);
    // A number whose row is gone is not handed out once more.
    Some(format!(
        "{alter} drop default;\nalter sequence if exists {usual} rename to {aside};\n\
         {alter} add generated {kind} as identity (sequence name {usual});\n\
         select setval({text}::regclass, greatest(max({column}) + 1, pg_sequence_last_value(to_regclass({before})) + 1, \
         {first}), false) from {table};\ndrop sequence if exists {aside_in_place}"
    ))
}

/// The name that a sequence has until another stands in its place, and that with its schema.
fn aside(usual: &str, table: &str) -> (String, String) {
    const ASIDE: &str = "\"strait_numbers_before\"";
    let home = usual.rfind("\".\"").map(|end| &usual[..end + 2]).filter(|home| table.starts_with(home));
    (ASIDE.into(), home.map_or_else(|| ASIDE.into(), |home| format!("{home}{ASIDE}")))
}

/// Alters the sequence that numbers a column's rows; options that should be the usual ones are said as such.
fn sequence(change: &Change<'_>) -> Option<String> {
    let name = |options: &[&str]| options.iter().find_map(|option| option.strip_prefix("named ").map(str::to_owned));
    let (wanted, there) = (change.expected.map(parts).unwrap_or_default(), change.found.map(parts).unwrap_or_default());
    let usual = usual_sequence(change.item, change.inventory)?;
    let (new_name, old_name) = (name(&wanted), name(&there));
    let mut statements = Vec::new();
    if new_name != old_name {
        let [new, old] = [&new_name, &old_name].map(|name| name.clone().unwrap_or_else(|| usual.clone()));
        statements.push(format!("alter sequence {old} rename to {new}"));
    }
    let own = new_name.unwrap_or(usual);
    let options = sequence_options(&wanted, &there)?;
    if !options.is_empty() {
        statements.push(format!("alter sequence {own} {}", options.join(" ")));
    }
    let kept = |options: &[&str]| options.iter().copied().find(is_persistence).map(str::to_owned);
    match (kept(&wanted).as_deref(), kept(&there).as_deref()) {
        (wanted, there) if wanted == there => {}
        (Some(how), _) => statements.push(format!("alter sequence {own} set {how}")),
        (None, Some("unlogged")) => statements.push(format!("alter sequence {own} set logged")),
        (None, _) => statements.push(format!("alter sequence {own} set unlogged")),
    }
    (!statements.is_empty()).then(|| statements.join(";\n"))
}

fn sequence_options(wanted: &[&str], there: &[&str]) -> Option<Vec<String>> {
    let own = |option: &&&str| !option.starts_with("named ") && !is_persistence(option);
    let mut options = Vec::new();
    for option in there.iter().filter(own).filter(|option| !wanted.contains(option)) {
        let usual = match option.split(' ').next()? {
            "increment" => "increment by 1",
            "minvalue" => "no minvalue",
            "maxvalue" => "no maxvalue",
            "start" => "start with 1",
            "cache" => "cache 1",
            "cycle" => "no cycle",
            _ => return None,
        };
        let word = usual.trim_start_matches("no ").split(' ').next()?;
        if !wanted.iter().any(|other| other.starts_with(word)) {
            options.push(usual.to_owned());
        }
    }
    let new = wanted.iter().filter(own).filter(|option| !there.contains(option));
    options.extend(new.map(|option| (*option).to_owned()));
    Some(options)
}

/// Whether an option tells how the sequence is kept, where that is not as its table.
fn is_persistence(option: &&str) -> bool {
    matches!(*option, "logged" | "unlogged")
}

/// The name that the server gives to a sequence that a column owns, where it is not cut.
pub(in crate::postgres::inventory) fn usual_sequence(column: &Item, inventory: &Inventory) -> Option<String> {
    let (table, column) = (column.part_of.as_deref()?, column.name.as_deref()?);
    let name = format!("{table}_{column}_seq");
    (name.len() < 64).then(|| full(&name, inventory))
}

/// The sequence that numbers a column's rows as it should be.
fn own_sequence(change: &Change<'_>) -> Option<String> {
    let options = change.item.fact("sequence").map(parts).unwrap_or_default();
    let named = options.iter().find_map(|option| option.strip_prefix("named ").map(str::to_owned));
    named.or_else(|| usual_sequence(change.item, change.inventory))
}

/// Gives a column the sequence back that numbers its rows, and lets it go on after the highest number that is there. By its
/// usual name: that of its own, with its other options, is given to it by what mends them.
fn numbered_again(change: &Change<'_>) -> Option<String> {
    let Change { item, inventory, .. } = *change;
    let (column, table) = (quote(item.name.as_deref()?), whole(item, inventory)?);
    let options = item.fact("sequence").map(parts).unwrap_or_default();
    let said = |word: &str| options.iter().find_map(|option| option.strip_prefix(word));
    let usual = usual_sequence(item, inventory)?;
    // Which number is the next of one that counts down, a person says.
    if said("increment by -").is_some() {
        return None;
    }
    let aside = match said("named ") {
        Some(named) if named.contains('.') || usual.contains('.') => return None,
        Some(named) => format!("alter sequence if exists {named} rename to {usual};\n"),
        None => String::new(),
    };
    let kind = said("as ").map_or_else(|| item.fact("type"), Some)?;
    let first = said("start with ").or(said("minvalue ")).unwrap_or("1");
    let text = literal(&usual);
    Some(format!(
        "{aside}create sequence if not exists {usual} as {kind};\nalter sequence {usual} owned by {table}.{column};\n\
         alter table {table} alter column {column} set default nextval({text}::regclass);\n\
         select setval({text}::regclass, greatest(max({column}) + 1, pg_sequence_last_value({text}::regclass) + 1, {first}), false) \
         from {table}"
    ))
}

/// Whether a sequence is that of a column whose rows should be numbered: it is used or replaced by what mends that.
pub(super) fn is_expected(sequence: &str, inventory: &Inventory) -> bool {
    let is_numbered = |item: &&Item| item.fact("numbers rows").or(item.fact("identity")).is_some();
    let is_its = |column: &Item| {
        let options = column.fact("sequence").map(parts).unwrap_or_default();
        let named = options.iter().find_map(|option| option.strip_prefix("named "));
        let is_named = named.is_some_and(|named| named == sequence || named == quote(sequence));
        is_named || usual_sequence(column, inventory).is_some_and(|usual| usual == full(sequence, inventory))
    };
    inventory.items.iter().filter(is_numbered).any(is_its)
}

/// Whether every value of one type becomes the same value of another, or the statement fails and changes nothing.
pub(super) fn loses_nothing(from: &str, to: &str) -> bool {
    const WHOLE_NUMBERS: [&str; 3] = ["smallint", "integer", "bigint"];
    let text = |name: &str| name == "text" || name.starts_with("character varying");
    let number = |name: &str| WHOLE_NUMBERS.contains(&name);
    match (from, to) {
        _ if text(from) && text(to) || number(from) && number(to) => true,
        ("real", "double precision") => true,
        _ if number(from) => to == "numeric",
        _ => match (digits(from), digits(to)) {
            (Some(_), Some(None)) => true,
            (Some(Some((_, scale))), Some(Some((_, wider)))) => scale <= wider,
            _ => false,
        },
    }
}

/// The precision and scale of a `numeric`, where it has them.
fn digits(name: &str) -> Option<Option<(u32, i32)>> {
    if name == "numeric" {
        return Some(None);
    }
    let (precision, scale) = name.strip_prefix("numeric(")?.strip_suffix(')')?.split_once(',')?;
    Some(Some((precision.parse().ok()?, scale.parse().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_changed_only_where_no_value_is_bent() {
        assert!(loses_nothing("character varying(50)", "character varying(40)"), "too long a text is refused, not cut");
        assert!(loses_nothing("bigint", "integer"));
        assert!(loses_nothing("numeric(10,2)", "numeric(12,3)"));
        assert!(!loses_nothing("numeric(10,3)", "numeric(10,2)"), "it would be rounded");
        assert!(!loses_nothing("text", "integer"));
        assert!(!loses_nothing("timestamp with time zone", "timestamp without time zone"));
    }

    #[test]
    fn an_option_that_should_not_be_there_is_set_to_the_usual() {
        let options = sequence_options(&["increment by 5"], &["increment by 2", "start with 10", "cycle"]);
        assert_eq!(options.expect("all are known"), ["start with 1", "no cycle", "increment by 5"]);
    }
}
