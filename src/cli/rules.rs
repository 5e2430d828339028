//! The flags of `rules`, and what it does.

use std::process::ExitCode;

use clap::Args;

use super::migrate::run::show;
use super::run::CliError;
use crate::report::{self, Format};
use crate::value::rule::Rule;

/// The flags of `rules`.
#[derive(Clone, Copy, Debug, Args)]
pub struct RulesArgs {
    /// The form of the report on standard output
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub format: Format,
}

/// Lists every cast rule, from the table that the casts themselves name theirs from.
pub(super) fn run(arguments: RulesArgs) -> Result<ExitCode, CliError> {
    let facts: Vec<_> = Rule::ALL.into_iter().map(Rule::facts).collect();
    show(arguments.format, &facts, |facts, out| report::rules::list(facts, out))
}
