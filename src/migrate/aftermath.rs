//! What a step that failed leaves behind, and what to do.

use super::apply::{Ready, left_behind};
use crate::database::{DatabaseError, StatementError};

/// What is left behind by a failure, and what to do.
pub(super) fn kept(ready: &Ready<'_>, index: usize, error: &StatementError, attempts: u32) -> String {
    let (id, left) = (&ready.step.id, left_behind(ready, index));
    if error.lost {
        return match ready.program.transaction {
            true => format!(
                "the connection was lost; the server takes back what was not committed: run the command again, it goes \
                 on with {id}"
            ),
            false => format!("the connection was lost; {left}: run the command again, it goes on there"),
        };
    }
    if error.retry {
        return format!(
            "{left}; it was tried {attempts} times, and each time another program held a lock: wait for that program or \
             end it, or allow more time with --lock-timeout"
        );
    }
    if error.lies_outside() {
        return format!("{left}; when that is mended, run the command again");
    }
    let there_already = match error.message.contains("already exists") {
        true => "; if this database has had it from the beginning, say where it stands with `strait migrate stamp REV`",
        false => "",
    };
    if ready.program.file.is_none() {
        return format!(
            "{left}; the way down was derived from the way up and does not fit what is in the database: write \
             {}.down.sql, which then takes its place, and run the command again",
            ready.revision.stem()
        );
    }
    let goes_on = if ready.program.transaction { "" } else { ", which goes on with this statement" };
    format!("{left}; correct the script and run the command again{goes_on}{there_already}")
}

/// What is left behind when not a statement failed but what is around it.
pub(super) fn stopped(ready: &Ready<'_>, error: &DatabaseError, attempts: u32) -> String {
    let id = &ready.step.id;
    let tried = if attempts > 1 { format!(" after {attempts} attempts") } else { String::new() };
    match error {
        DatabaseError::Lost { .. } | DatabaseError::Uncertain { .. } => format!("{id} was interrupted"),
        _ if ready.program.transaction => format!("nothing of {id} was kept{tried}"),
        _ => format!("{id} stopped{tried}; what has run of it is recorded, and the next run goes on there"),
    }
}
