//! The program: parse, run, print the error, exit.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use clap::error::{ContextKind, ContextValue};
use strait::cli::Cli;
use strait::cli::run::{CliError, run};
use strait::database::may_hold_password;
use strait::report;

/// The stack of a thread: a condition of a table may be as deep as SQLite allows, a thousand levels.
const STACK_BYTES: usize = 16 << 20;

/// The exit status of a program that could not do its work.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::try_parse().unwrap_or_else(|error| without_password(error).exit());
    let format = cli.format();
    // A fault of the program is told in its own words: the payload of a panic may hold a user's value.
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map_or_else(String::new, |place| format!(" at {}:{}", place.file(), place.line()));
        let fault = format!("a fault of this program{place}; please report it with the command that led to it");
        tell(&report::failure(&fault, format));
    }));
    let runtime = match tokio::runtime::Builder::new_multi_thread().thread_stack_size(STACK_BYTES).enable_all().build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            tell(&report::failure(&format!("the program cannot start its threads: {error}"), format));
            return ExitCode::from(FAILED);
        }
    };
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| runtime.block_on(run(cli))));
    match outcome {
        Ok(Ok(status)) => status,
        // Whoever reads the report has seen enough of it.
        Ok(Err(CliError::Output(error))) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Ok(Err(error)) => {
            tell(&report::error(&error, format));
            ExitCode::from(FAILED)
        }
        Err(_) => ExitCode::from(FAILED),
    }
}

/// A complaint about the command line repeats what was typed: a URL in the wrong place, too.
fn without_password(mut error: clap::Error) -> clap::Error {
    for kind in [ContextKind::InvalidArg, ContextKind::InvalidValue, ContextKind::InvalidSubcommand] {
        let secret = matches!(error.get(kind), Some(ContextValue::String(typed)) if may_hold_password(typed));
        if secret {
            error.insert(kind, ContextValue::String("(an address, not shown)".into()));
            // Advice repeats it once more.
            error.insert(ContextKind::Suggested, ContextValue::None);
        }
    }
    error
}

fn tell(text: &str) {
    // Nothing can be done about a standard error that is closed.
    writeln!(std::io::stderr().lock(), "{text}").ok();
}
