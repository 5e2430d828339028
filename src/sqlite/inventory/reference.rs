//! Foreign keys: what refers to what, and what happens to those who refer.

use crate::schema::inventory::{Item, Kind as ItemKind, Use};
use crate::sqlite::text::constraint::Constraint;
use crate::sqlite::text::create_table::Column;

use super::table::Table;
use super::words;

/// A foreign key as it is written, its names as facts tell them.
#[derive(Debug)]
pub(super) struct Reference {
    pub(super) name: Option<String>,
    pub(super) columns: Vec<String>,
    pub(super) parent: String,
    /// Empty for the primary key of the parent.
    pub(super) parent_columns: Vec<String>,
    on_delete: Option<String>,
    on_update: Option<String>,
    matches: Option<String>,
    pub(super) deferred: bool,
}

impl Reference {
    /// Reads a constraint of a column, or of the table.
    pub(super) fn read(sql: &str, home: Option<&Column>, constraint: &Constraint) -> Option<Self> {
        let all = words::of(&sql[constraint.body.clone()], &words::always)?;
        let at = all.iter().position(|word| word == "references")?;
        let parent = as_name(all.get(at + 1)?);
        let mut rest = &all[at + 2..];
        let mut parent_columns = Vec::new();
        if rest.first().is_some_and(|word| word == "(") {
            let close = rest.iter().position(|word| word == ")")?;
            parent_columns = names(&rest[1..close]);
            rest = &rest[close + 1..];
        }
        let columns = match home {
            Some(column) => vec![words::name(&column.name)],
            None => names(all.get(3..at - 1)?),
        };
        Some(Self {
            name: constraint.name.clone(),
            columns,
            parent,
            parent_columns,
            on_delete: action(rest, "delete"),
            on_update: action(rest, "update"),
            matches: after(rest, &["match"]).filter(|how| how != "simple"),
            deferred: defers(rest).unwrap_or(false),
        })
    }

    pub(super) fn item(&self, table: &Table<'_>, tables: &[Table<'_>]) -> Item {
        let columns = match tables.iter().find(|other| words::name(other.name) == self.parent) {
            Some(parent) if self.parent_columns.is_empty() => parent.key_columns(),
            _ => self.parent_columns.clone(),
        };
        let refers = match columns.as_slice() {
            [] => self.parent.clone(),
            some => format!("{} ({})", self.parent, some.join(", ")),
        };
        let mut item = Item::new(ItemKind::ForeignKey, Some(table.name), self.name.as_deref())
            .with("columns", Some(self.columns.join(", ")))
            .with("refers to", Some(refers))
            .with("on delete", self.on_delete.as_deref())
            .with("on update", self.on_update.as_deref())
            .with("match", self.matches.as_deref())
            .with("deferrable", self.deferred.then_some("initially deferred"));
        item.uses.push(Use { of: self.parent.clone(), part: None });
        item
    }
}

/// What a DEFERRABLE clause comes to; none where there is no clause. Only one spelling of it defers.
///
/// Source: SQLite, "SQLite Foreign Key Support", 4.2.
pub(super) fn defers(words: &[String]) -> Option<bool> {
    let at = words.iter().position(|word| word == "deferrable")?;
    let negated = at.checked_sub(1).is_some_and(|before| words[before] == "not");
    Some(!negated && words[at..].starts_with(&["deferrable", "initially", "deferred"].map(str::to_owned)))
}

/// An action, unless it is the one that is taken anyway. Where one is said twice the last counts.
fn action(words: &[String], event: &str) -> Option<String> {
    let at = words.windows(2).rposition(|two| two == ["on", event])?;
    let action = match words.get(at + 2..)? {
        [verb, what, ..] if verb == "set" || verb == "no" => format!("{verb} {what}"),
        [verb, ..] => verb.clone(),
        [] => return None,
    };
    Some(action).filter(|action| action != "no action")
}

fn after(words: &[String], before: &[&str]) -> Option<String> {
    let at = words.windows(before.len()).position(|some| some == before)?;
    words.get(at + before.len()).cloned()
}

fn names(words: &[String]) -> Vec<String> {
    words.iter().filter(|word| *word != ",").map(|word| as_name(word)).collect()
}

/// Where a name must stand, a text is one.
fn as_name(word: &str) -> String {
    if word.starts_with('\'') { words::written_name(word) } else { word.to_owned() }
}
