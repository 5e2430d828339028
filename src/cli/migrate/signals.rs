//! A run that a person stops: its work is dropped, which rolls back and lets go of the database, and that is told.

use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::cli::run::CliError;
use crate::copy::stop_requested;

/// The exit status of a program that Ctrl-C has ended, as shells give it: 128 and the signal's number.
const INTERRUPTED: u8 = 130;

/// What is told when a run on a user's database is stopped.
pub(super) const RUN_STOPPED: &str = "stopped: what was not committed is rolled back, and the lock is given back; what was committed stays, \
                       and so may what a statement outside a transaction has done. The same command goes on from what is \
                       recorded; `strait migrate status` shows where that is";

/// What is told when a test is stopped.
pub(super) const TEST_STOPPED: &str = "stopped: the private databases are removed; no database of yours was touched";

/// Does some work, unless the program is asked to stop first.
pub(super) async fn unless_stopped(
    work: impl Future<Output = Result<ExitCode, CliError>>,
    told: &str,
) -> Result<ExitCode, CliError> {
    let done = {
        let mut work = std::pin::pin!(work);
        tokio::select! {
            biased;
            done = &mut work => Some(done),
            () = stop_requested() => None,
        }
    };
    match done {
        Some(done) => done,
        // Only now has the work been dropped, and with it the session or the private databases.
        None => {
            writeln!(io::stderr().lock(), "{told}").ok();
            Ok(ExitCode::from(INTERRUPTED))
        }
    }
}
