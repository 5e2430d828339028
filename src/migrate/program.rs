//! A script as one engine runs it: its statements, each with its place in the file and what it would destroy.

use std::time::Duration;

use super::MigrateError;
use super::losing;
use super::native;
use crate::database::{Manner, Worded, manner};
use crate::schema::language::{self, Kind, LanguageError, Lexing, Position};
use crate::schema::reverse::Loss;
use crate::schema::{Change, Engine, Schema};

/// What stands for the file of a way down that was derived from the way up.
pub(super) const DERIVED: &str = "the derived way down";

/// A script, read for one engine.
#[derive(Clone, Debug)]
pub(super) struct Program {
    /// The file, as it is shown; none where the way down was derived from the way up.
    pub(super) file: Option<String>,
    /// The file's text.
    pub(super) text: String,
    /// The statements in their order.
    pub(super) statements: Vec<Statement>,
    /// Whether SQLite's foreign keys must be off while it runs.
    pub(super) foreign_keys_off: bool,
    /// Whether it runs in one transaction.
    pub(super) transaction: bool,
    /// How long a statement may wait for a lock, where the script says so.
    pub(super) lock_timeout: Option<Duration>,
}

/// One statement of a program.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    /// Where it begins in the file.
    pub(super) at: Position,
    /// Its text in the file.
    pub(super) text: String,
    /// What is run.
    pub(super) work: Work,
    /// What it destroys when the tables hold values.
    pub(super) losses: Vec<Loss>,
    /// Whether the engine takes it only outside a transaction.
    pub(super) outside: bool,
}

/// What is run for a statement.
#[derive(Clone, Debug)]
pub(super) enum Work {
    /// A change of the structure, and the engine's words for it.
    Change(Box<Change>, Worded),
    /// The statement as it stands.
    Sql,
}

impl Default for Program {
    fn default() -> Self {
        Self {
            file: None,
            text: String::new(),
            statements: Vec::new(),
            foreign_keys_off: false,
            transaction: true,
            lock_timeout: None,
        }
    }
}

impl Program {
    /// Reads a portable script for one engine.
    pub(super) fn portable(
        file: &str,
        text: &str,
        engine: Engine,
        transaction: bool,
        before: &Schema,
    ) -> Result<Self, MigrateError> {
        let wrong = |error| MigrateError::language(file, text, error);
        let script = language::parse_after(text, before).map_err(wrong)?;
        let mut program = Self { file: Some(file.to_owned()), text: text.to_owned(), transaction, ..Self::default() };
        let mut schema = before.clone();
        for statement in script.statements {
            match statement.kind {
                Kind::Changes(changes) => {
                    for change in changes {
                        program.take_change(engine, statement.at, &statement.text, change, &mut schema)?;
                    }
                }
                Kind::Dml => program.take_sql(engine, statement.at, &statement.text),
                Kind::Opaque(only) if only == engine => program.take_native(engine, statement.at, &statement.text)?,
                Kind::Opaque(_) => {}
            }
        }
        program.unwrap_transaction()?;
        Ok(program)
    }

    /// Reads a script in an engine's own SQL.
    pub(super) fn native(file: &str, text: &str, engine: Engine, transaction: bool) -> Result<Self, MigrateError> {
        let lexing = match engine {
            Engine::Sqlite => Lexing::Sqlite,
            Engine::Postgres => Lexing::Postgres,
        };
        let pieces = language::split(text, lexing).map_err(|error| MigrateError::language(file, text, error))?;
        let mut program = Self { file: Some(file.to_owned()), text: text.to_owned(), transaction, ..Self::default() };
        for piece in pieces {
            program.take_native(engine, piece.at, piece.text)?;
        }
        program.unwrap_transaction()?;
        Ok(program)
    }

    /// Makes a program of changes that no file holds.
    pub(super) fn derived(engine: Engine, changes: Vec<Change>, before: Schema) -> Result<Self, MigrateError> {
        let (mut program, mut schema) = (Self::default(), before);
        for change in changes {
            program.take_change(engine, Position::START, "", change, &mut schema)?;
        }
        Ok(program)
    }

    /// A program of a file's text, without a statement yet.
    pub(super) fn of_file(file: &str, text: &str) -> Self {
        Self { file: Some(file.to_owned()), text: text.to_owned(), ..Self::default() }
    }

    /// Its last statement.
    pub(super) fn last(&self) -> Option<usize> {
        self.statements.len().checked_sub(1)
    }

    /// What the program destroys when the tables hold values.
    pub(super) fn losses(&self) -> impl Iterator<Item = &Loss> {
        self.statements.iter().flat_map(|statement| &statement.losses)
    }

    pub(super) fn take_change(
        &mut self,
        engine: Engine,
        at: Position,
        text: &str,
        change: Change,
        schema: &mut Schema,
    ) -> Result<(), MigrateError> {
        let worded = Worded::new(engine, &change, schema).map_err(|refusal| {
            let error =
                LanguageError { position: at, token: String::new(), message: refusal.message, help: refusal.help };
            MigrateError::language(self.file.as_deref().unwrap_or(DERIVED), &self.text, error)
        })?;
        // SQLite keeps documents as they are written.
        let is_met = |loss: &Loss| engine == Engine::Postgres || !matches!(loss, Loss::Repeated { .. });
        let losses = change.destroys(schema).into_iter().filter(is_met).collect();
        // What an engine's own script made before is not known here; the engine says what is wrong with such a change.
        schema.apply(&change).ok();
        let work = Work::Change(Box::new(change), worded);
        self.statements.push(Statement { at, text: text.to_owned(), losses, work, outside: false });
        Ok(())
    }

    fn take_sql(&mut self, engine: Engine, at: Position, text: &str) {
        let losses = losing::losses(engine, text);
        self.statements.push(Statement { at, text: text.to_owned(), losses, work: Work::Sql, outside: false });
    }

    pub(super) fn take_native(&mut self, engine: Engine, at: Position, text: &str) -> Result<(), MigrateError> {
        self.foreign_keys_off |= engine == Engine::Sqlite && native::drops_a_table(text);
        let commits = !self.transaction && native::may_commit(engine, text);
        match manner(engine, text) {
            // Inside a transaction it does nothing; it tells what the script needs.
            Manner::SwitchesForeignKeys => self.foreign_keys_off = true,
            Manner::Ends | Manner::Marks => return Err(self.steers(at, text)),
            manner => {
                self.take_sql(engine, at, text);
                if let Some(last) = self.statements.last_mut() {
                    last.outside = manner == Manner::Outside || commits;
                }
            }
        }
        Ok(())
    }

    /// Takes a `begin` at the start and a `commit` at the end away: a revision is a transaction of its own, with its record.
    fn unwrap_transaction(&mut self) -> Result<(), MigrateError> {
        let manner = |statement: &Statement| match statement.work {
            Work::Sql => manner(Engine::Postgres, &statement.text),
            Work::Change(..) => Manner::Inside,
        };
        let wrapped = self.statements.len() >= 2
            && self.statements.first().is_some_and(|first| manner(first) == Manner::Begins)
            && self.statements.last().is_some_and(|last| manner(last) == Manner::Commits);
        if wrapped {
            self.statements.pop();
            self.statements.remove(0);
        }
        match self.statements.iter().find(|one| matches!(manner(one), Manner::Begins | Manner::Commits)) {
            Some(steering) => Err(self.steers(steering.at, &steering.text)),
            None => Ok(()),
        }
    }

    fn steers(&self, at: Position, text: &str) -> MigrateError {
        let word = text.split_whitespace().next().unwrap_or_default().to_lowercase();
        let hint = match self.transaction {
            true => {
                "a revision is one, with its record: remove it; what must be committed by itself becomes a revision of its own"
            }
            false => {
                "this script has none: each statement is committed by itself, with its record: remove it; what belongs \
                      together becomes a revision of its own, without `-- transaction: none`"
            }
        };
        MigrateError::SteersTransaction { file: self.file.clone().unwrap_or_default(), line: at.line, word, hint }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(program: &Program) -> Vec<&str> {
        program.statements.iter().map(|statement| statement.text.as_str()).collect()
    }

    #[test]
    fn a_transaction_around_the_whole_script_is_the_revision_s_own() {
        let program = Program::native("a.sql", "begin;\nselect 1;\ncommit;", Engine::Postgres, true).expect("is read");
        assert_eq!(texts(&program), ["select 1"]);
    }

    #[test]
    fn a_transaction_inside_a_script_is_refused_with_its_line() {
        let error =
            Program::native("a.sql", "select 1;\ncommit;\nselect 2;", Engine::Sqlite, true).expect_err("is refused");
        assert!(error.to_string().starts_with("a.sql:2: "), "{error}");
    }

    #[test]
    fn a_call_runs_alone_where_the_script_has_no_transaction() {
        let outside = |engine, transaction| {
            let program = Program::native("a.sql", "call p(); do 'begin commit; end'", engine, transaction);
            program.expect("is read").statements.iter().map(|one| one.outside).collect::<Vec<_>>()
        };
        assert_eq!(outside(Engine::Postgres, false), [true, true]);
        assert_eq!(outside(Engine::Postgres, true), [false, false]);
        let error =
            Program::native("a.sql", "select 1; begin; select 2", Engine::Postgres, false).expect_err("refused");
        assert!(error.to_string().contains("this script has none"), "{error}");
    }

    #[test]
    fn a_script_that_turns_foreign_keys_off_gets_them_off() {
        let text = "pragma foreign_keys = off; update t set a = 1; pragma foreign_keys = on;";
        let program = Program::native("a.sql", text, Engine::Sqlite, true).expect("is read");
        assert!(program.foreign_keys_off);
        assert_eq!(texts(&program), ["update t set a = 1"]);
    }

    #[test]
    fn a_block_for_one_engine_is_nothing_to_the_other() {
        let text = "create table t (id int primary key);\n-- only: postgres\ncreate view v as select 1;\n-- end\n";
        let count = |engine| {
            Program::portable("a.sql", text, engine, true, &Schema::default()).expect("is read").statements.len()
        };
        assert_eq!((count(Engine::Postgres), count(Engine::Sqlite)), (2, 1));
    }
}
