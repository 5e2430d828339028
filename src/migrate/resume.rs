//! Whether a script that was interrupted may be gone on with: only when what has run of it is still what it says.

use super::apply::Ready;
use super::error::MigrateError;
use super::folder::sha256;
use super::graph::Way;
use super::place::Place;
use super::program::Program;
use super::session::Session;
use super::standing::Interrupted;

impl Session<'_> {
    /// Refuses to go on with a script whose beginning is no longer what has run.
    pub(super) fn refuse_changed(&self, ready: &[Ready<'_>]) -> Result<(), MigrateError> {
        for one in ready {
            if let Some(broken) =
                self.standing.interrupted.get(&one.step.id).filter(|broken| broken.way == one.step.way)
                && let Some(what) = changed(&one.program, broken)
            {
                return Err(refusal(one, broken, &what));
            }
        }
        Ok(())
    }
}

/// The SHA-256 of a program's first statements.
pub(super) fn text_hash(program: &Program, statements: usize) -> String {
    sha256(program.statements.iter().take(statements).map(|statement| ("statement", statement.text.as_str())))
}

/// Says in what the beginning of a program is not what has run of it.
fn changed(program: &Program, broken: &Interrupted) -> Option<String> {
    let file = program.file.as_deref().unwrap_or("the way down");
    let begun = broken.done + usize::from(broken.in_doubt);
    if program.statements.len() < begun {
        let has = program.statements.len();
        return Some(format!("{file} now has only {has} statements, and {begun} were begun"));
    }
    if program.transaction && begun > 0 {
        return Some(format!("{file} now asks for a transaction, and would run from its first statement"));
    }
    let (number, _) = broken.hashes.iter().find(|(number, hash)| text_hash(program, **number) != **hash)?;
    let place = match number.checked_sub(1).and_then(|index| program.statements.get(index)) {
        Some(statement) => Place::of(program, statement, None).to_string(),
        None => file.to_owned(),
    };
    let what = if *number > broken.done { "was begun" } else { "has run" };
    Some(format!("{place}: statement {number} is not the text that {what}"))
}

fn refusal(ready: &Ready<'_>, broken: &Interrupted, what: &str) -> MigrateError {
    let id = &ready.step.id;
    let in_doubt = match broken.in_doubt {
        true => "; what became of the statement that was begun is said with `strait migrate repair --yes --in-doubt …`",
        false => "",
    };
    let finish = match ready.step.way {
        Way::Up => format!("do the rest of it by hand and say so with `strait migrate stamp {id}`"),
        Way::Down => {
            "do the rest of it by hand and say so with `strait migrate stamp` of the revision below".to_owned()
        }
    };
    MigrateError::Interrupted {
        revision: id.clone(),
        way: if ready.step.way == Way::Up { "up" } else { "down" },
        done: broken.done,
        hint: format!(
            "{what}: put the old beginning back and correct only what has not run yet, or {finish}\
             {in_doubt}"
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::schema::Engine;

    fn program(text: &str) -> Program {
        let program = Program::native("a.sql", text, Engine::Sqlite, true).expect("is read");
        Program { transaction: false, ..program }
    }

    fn broken_after(text: &str, done: usize) -> Interrupted {
        let old = program(text);
        let hashes: BTreeMap<usize, String> = (1..=done).map(|number| (number, text_hash(&old, number))).collect();
        Interrupted { way: Way::Up, done, in_doubt: false, hashes }
    }

    #[test]
    fn what_has_not_run_yet_may_be_corrected() {
        let broken = broken_after("select 1; select 2; select x;", 2);
        assert_eq!(changed(&program("select 1;\n\nselect 2; select 3; select 4;"), &broken), None);
    }

    #[test]
    fn the_first_statement_that_changed_is_named() {
        let broken = broken_after("select 1; select 2; select 3;", 2);
        let told = |text: &str| changed(&program(text), &broken).unwrap_or_default();
        assert!(told("select 1;\nselect 22; select 3;").starts_with("a.sql:2:1: statement 2"));
        assert!(told("select 0; select 1; select 2; select 3;").starts_with("a.sql:1:1: statement 1"));
        assert!(told("select 1;").contains("only 1 statements, and 2 were begun"));
        let whole = Program { transaction: true, ..program("select 1; select 2; select 3;") };
        assert!(changed(&whole, &broken).is_some_and(|told| told.contains("asks for a transaction")));
    }
}
