//! Checks of SQLite's that stand for a type of PostgreSQL's: what a column takes is said there by its type.

use std::collections::{BTreeMap, HashSet};

use super::condition::{Condition, listed};
use super::labels::{Enums, is_of_a_type};
use super::names::{without_quoted, words};
use super::relation::Relation;
use crate::schema::Engine;
use crate::schema::inventory::Item;

/// Words with which SQLite asks what a value looks like, where PostgreSQL has a type for it.
const LOOKS: [&str; 10] =
    ["length", "json_valid", "json_type", "glob", "like", "date", "datetime", "time", "strftime", "between"];
/// Types that say how a value looks, by how their names begin.
const LOOKED_AT: [&str; 9] = ["uuid", "json", "boolean", "date", "time", "interval", "character", "inet", "bit"];

/// Tells whether a check of SQLite's says what a type of PostgreSQL's says.
pub(super) fn stands_for_type(
    check: &Item,
    sqlite: &Relation<'_>,
    others: &BTreeMap<String, &Item>,
    enums: &Enums,
) -> bool {
    if is_of_a_type(check, sqlite, others, enums) {
        return true;
    }
    let text = check.fact("expression").unwrap_or_default();
    others.iter().any(|(name, column)| column.fact("type").is_some_and(|kind| is_said_by(kind, name, text)))
}

/// Tells whether a check of SQLite's says of a column what a type of PostgreSQL's says.
pub(super) fn is_said_by(kind: &str, column: &str, text: &str) -> bool {
    if kind == "boolean" && is_zero_or_one(text, column) {
        return true;
    }
    let Some(text) = without_null(text, column) else { return false };
    let is_typeof = |classes: &[&str]| {
        classes.iter().any(|class| text == format!("typeof({column})='{class}'"))
            || text.strip_prefix(&format!("typeof({column})in(")).and_then(|list| list.strip_suffix(')')).is_some_and(
                |list| list.split(',').all(|one| one == "'null'" || classes.contains(&one.trim_matches('\''))),
            )
    };
    match kind {
        "json" | "jsonb" => [format!("json_valid({column})"), format!("json_valid({column})=1")].contains(&text),
        "boolean" | "integer" | "bigint" | "smallint" => is_typeof(&["integer"]),
        "real" | "double precision" => is_typeof(&["real", "integer"]),
        "bytea" => is_typeof(&["blob"]),
        _ if kind.starts_with("numeric") => is_typeof(&["real", "integer"]),
        "text" => is_typeof(&["text"]),
        _ => match kind.strip_prefix("character varying(").and_then(|rest| rest.strip_suffix(')')) {
            Some(most) => text == format!("length({column})<={most}") || is_typeof(&["text"]),
            None => false,
        },
    }
}

/// What a check says of a column without spaces and quotes, and without allowing NULL, which every check does.
fn without_null(text: &str, column: &str) -> Option<String> {
    let said = words(text);
    let alternatives = said.split(|word| word.eq_ignore_ascii_case("or")).map(|part| part.concat().replace('"', ""));
    let is_null = [format!("{column}isnull"), format!("({column}isnull)")];
    let mut rest = alternatives.filter(|part| !is_null.contains(part));
    let only = rest.next().filter(|_| rest.next().is_none())?;
    Some(only.replace(", ", ","))
}

fn is_zero_or_one(text: &str, column: &str) -> bool {
    let condition = Condition::read(Engine::Sqlite, text, &HashSet::new());
    let listed = listed(&condition).map(|(of, list)| (of, list.iter().map(ToString::to_string).collect::<Vec<_>>()));
    listed.is_some_and(|(of, list)| of == column && list == ["0", "1"])
}

/// The type that may say what a check of SQLite's says, where nobody can tell.
pub(super) fn perhaps_said_by<'i>(
    condition: &Condition,
    columns: &[String],
    others: &BTreeMap<String, &'i Item>,
) -> Option<&'i str> {
    let [column] = columns else { return None };
    let kind = others.get(column)?.fact("type")?;
    let bare = without_quoted(&condition.text).to_lowercase();
    let has = |word: &str| {
        bare.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .any(|known| known == word && known != column)
    };
    let is_looked_at = LOOKED_AT.iter().any(|name| kind.starts_with(name)) || kind.ends_with("[]");
    let is_asked = has("typeof") || is_looked_at && LOOKS.iter().any(|word| has(word));
    is_asked.then_some(kind)
}
