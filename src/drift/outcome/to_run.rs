//! What mends a difference, as a person runs it: all of it, or none.

use std::borrow::Cow;

use super::Told;
use crate::schema::Engine;
use crate::schema::inventory::Kind;

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
            Engine::Sqlite => self.guard(statements).unwrap_or_default(),
        };
        Some(format!("{said}begin;\n{statements};\n{guard}commit").into())
    }

    /// Statements that take everything back unless all that is made is there. A shell that is fed a script runs on after a
    /// failure, and what stands before `commit` has to see to it.
    ///
    /// Source: SQLite, "The ON CONFLICT Clause", ROLLBACK.
    fn guard(&self, mend: &str) -> Option<String> {
        let literal = |text: &str| format!("'{}'", text.replace('\'', "''"));
        let name = literal(self.name.as_deref()?);
        let made = mend.split(";\n").filter(|statement| is_create(statement)).count();
        let it = match self.kind {
            Kind::Index => format!("type = 'index' and name = {name} collate nocase"),
            Kind::Trigger => format!("type = 'trigger' and name = {name} collate nocase"),
            // Whatever stands on a table or a view is made with it.
            Kind::Table | Kind::View => format!("tbl_name = {name} collate nocase and sql <> ''"),
            _ => return None,
        };
        Some(format!(
            "create temp table strait_mend (is_whole constraint nothing_is_changed check (is_whole));\n\
             insert or rollback into strait_mend select count(*) = {made} from main.sqlite_schema where {it};\n\
             drop table if exists temp.strait_mend;\n"
        ))
    }
}

fn is_create(statement: &str) -> bool {
    statement.trim_start().get(..7).is_some_and(|word| word.eq_ignore_ascii_case("create "))
}
