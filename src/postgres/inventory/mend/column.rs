//! Facts of columns.

use super::{Change, grants, number, options};
use crate::postgres::ddl;
use crate::postgres::inventory::keys::parts;
use crate::postgres::inventory::names::alter_whole;
use crate::postgres::names::{literal, quote};
use crate::schema::inventory::Kind;

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
        "type" if loses_nothing(found?, expected?) => {
            let using = strict(&name, found?, expected?).map_or(String::new(), |using| format!(" using {using}"));
            vec![format!("type {}{}{using}", expected?, collation(change))]
        }
        "collation" => vec![format!("type {}{}", item.fact("type")?, collation(change))],
        "not null" if expected == Some("yes") && found.is_none() => vec!["set not null".into()],
        "not null" if expected.is_none() => vec!["drop not null".into()],
        // The numbering of rows is no default of its own; an identity takes the place of one.
        "default" if number::is_numbered(item) => return None,
        "default" => {
            let set = expected.map_or_else(|| "drop default".into(), |text| format!("set default {text}"));
            let goes_on = expected.and_then(|text| number::goes_on_by_default(change, text));
            return Some(format!("{alter} alter column {name} {set}{}", goes_on.unwrap_or_default()));
        }
        "generated" if expected.is_none() => vec!["drop expression".into()],
        "identity" => match (expected, found) {
            (None, _) => vec!["drop identity".into()],
            (Some(kind), None) => return number::identity(change, kind),
            (Some(kind), Some(_)) => vec![format!("set generated {kind}")],
        },
        // What numbers no rows has no sequence any more.
        "sequence" | "sequence comment" | "sequence grants" if !number::is_numbered(item) => return None,
        "sequence" => return sequence(change),
        "sequence comment" => {
            let text = expected.map_or_else(|| "null".into(), literal);
            return Some(format!("comment on sequence {} is {text}", number::own_sequence(item, inventory)?));
        }
        "sequence grants" => return grants::on_sequence(change, &number::own_sequence(item, inventory)?),
        "numbers rows" if expected.is_some() => return number::numbered_again(change),
        "numbers rows" if item.fact("identity").is_none() => return number::no_longer(change),
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

/// Alters the sequence that numbers a column's rows; options that should be the usual ones are said as such.
fn sequence(change: &Change<'_>) -> Option<String> {
    let name = |options: &[&str]| options.iter().find_map(|option| option.strip_prefix("named ").map(str::to_owned));
    // One that is made anew is as usual.
    let is_new = change.there.is_some_and(|there| number::is_new(change.item, there));
    let there = change.found.filter(|_| !is_new).map(parts).unwrap_or_default();
    let wanted = change.expected.map(parts).unwrap_or_default();
    let usual = number::usual_sequence(change.item, change.inventory)?;
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

/// Whether every value of one type becomes the same value of another, or the statement fails and changes nothing.
pub(super) fn loses_nothing(from: &str, to: &str) -> bool {
    const WHOLE_NUMBERS: [&str; 3] = ["smallint", "integer", "bigint"];
    let text = |name: &str| text_length(name).is_some();
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

/// What keeps a text that is too long for its new type from being cut; none where that type takes every text of the old one.
fn strict(column: &str, from: &str, to: &str) -> Option<String> {
    let (from, to) = (text_length(from)?, text_length(to)??);
    from.is_none_or(|from| from > to).then(|| ddl::strict_length(column, to))
}

/// How long a text of a type may be, where it is one of texts.
fn text_length(name: &str) -> Option<Option<u32>> {
    match name.strip_prefix("character varying") {
        Some("") => Some(None),
        Some(length) => Some(Some(length.strip_prefix('(')?.strip_suffix(')')?.parse().ok()?)),
        None => (name == "text").then_some(None),
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
        assert!(!loses_nothing("character varying(4)[]", "character varying(2)[]"), "blanks would be cut");
        assert!(!loses_nothing("timestamp with time zone", "timestamp without time zone"));
    }

    #[test]
    fn a_text_that_is_too_long_is_refused_even_where_only_blanks_are() {
        let using = strict("\"c\"", "text", "character varying(2)");
        assert_eq!(using.as_deref(), Some("case when length(\"c\") > 2 then \"c\" || '.' else \"c\" end"));
        assert_eq!(strict("c", "character varying(2)", "character varying(3)"), None);
        assert_eq!(strict("c", "character varying(2)", "text"), None);
    }

    #[test]
    fn an_option_that_should_not_be_there_is_set_to_the_usual() {
        let options = sequence_options(&["increment by 5"], &["increment by 2", "start with 10", "cycle"]);
        assert_eq!(options.expect("all are known"), ["start with 1", "no cycle", "increment by 5"]);
    }
}
