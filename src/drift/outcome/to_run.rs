//! What mends a difference, as a person runs it: all of it, or none.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::Told;
use crate::schema::Engine;
use crate::schema::names::literal;

impl Told {
    /// What mends it, as a person runs it: several statements as one transaction, so that none stays alone when the next one
    /// fails. Those of the differences before it are run first: one may need what another makes.
    pub fn mend_to_run(&self, engine: Engine) -> Option<Cow<'_, str>> {
        let mend = self.mend.as_deref()?;
        // What has no effect in a transaction or is refused there.
        let is_outside = mend.contains("concurrently") || mend.contains("pragma ");
        if !mend.contains(";\n") || is_outside {
            return Some(mend.into());
        }
        // What is said of it stays before it.
        let (said, statements) = match mend.split_once('\n') {
            Some((said, rest)) if said.starts_with("--") => (format!("{said}\n"), rest),
            _ => (String::new(), mend),
        };
        // PostgreSQL commits nothing of a transaction in which something failed; SQLite commits what did not fail.
        let guard = match engine {
            Engine::Postgres => String::new(),
            Engine::Sqlite => guard(statements),
        };
        Some(format!("{said}begin;\n{statements};\n{guard}commit").into())
    }
}

/// Statements that take everything back unless all that is made is there. A shell that is fed a script runs on after a failure,
/// and what stands before `commit` has to see to it.
///
/// Source: SQLite, "The ON CONFLICT Clause", ROLLBACK.
fn guard(mend: &str) -> String {
    let made: BTreeSet<String> = mend
        .split(";\n")
        .filter_map(created)
        .map(|(kind, name)| format!("({}, lower({}))", literal(&kind), literal(&name)))
        .collect();
    if made.is_empty() {
        return String::new();
    }
    format!(
        "create temp table strait_mend (is_whole constraint nothing_is_changed check (is_whole));\n\
         insert or rollback into strait_mend select count(*) = {} from main.sqlite_schema \
         where (type, lower(name)) in (values {});\ndrop table if exists temp.strait_mend;\n",
        made.len(),
        made.into_iter().collect::<Vec<_>>().join(", ")
    )
}

/// The kind and the name of what a statement makes; none where it makes nothing.
fn created(statement: &str) -> Option<(String, String)> {
    let mut rest = statement.trim_start();
    let mut words = std::iter::from_fn(|| {
        let (word, after) = rest.split_once(char::is_whitespace)?;
        rest = after.trim_start();
        Some(word.to_ascii_lowercase())
    });
    words.next().filter(|word| word == "create")?;
    let kind = words.take(3).find(|word| matches!(word.as_str(), "table" | "index" | "view" | "trigger"))?;
    if rest.get(..14).is_some_and(|words| words.eq_ignore_ascii_case("if not exists ")) {
        rest = rest[14..].trim_start();
    }
    let open = rest.chars().next()?;
    let close = match open {
        '"' | '`' | '\'' => open,
        '[' => ']',
        _ => {
            let end = rest.find(|letter: char| letter.is_whitespace() || letter == '(').unwrap_or(rest.len());
            return Some((kind, rest[..end].to_owned()));
        }
    };
    let inside = &rest[1..];
    let mut at = 0;
    loop {
        at += inside[at..].find(close)?;
        // Twice, it is a part of the name.
        if close == ']' || !inside[at + 1..].starts_with(close) {
            let twice = format!("{close}{close}");
            return Some((kind, inside[..at].replace(&twice, &close.to_string())));
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_statement_makes_is_known_however_its_name_is_written() {
        let made = |statement| created(statement).map(|(kind, name)| format!("{kind} {name}"));
        assert_eq!(made("CREATE UNIQUE INDEX i on t (a)").as_deref(), Some("index i"));
        assert_eq!(made("create table\n t(a)").as_deref(), Some("table t"));
        assert_eq!(made("create view if not exists \"a \"\" b\" as select 1").as_deref(), Some("view a \" b"));
        assert_eq!(made("CREATE VIRTUAL TABLE [a b] using fts5(x)").as_deref(), Some("table a b"));
        assert_eq!(made("create trigger 'g' after insert on t begin select 1").as_deref(), Some("trigger g"));
        assert_eq!(made("drop index i"), None);
    }
}
