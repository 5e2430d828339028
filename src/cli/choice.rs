//! What is chosen for single columns: flags, and a file that they win over.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::migrate::values::parse_folder;
use super::run::CliError;
use crate::copy::choice::{Choice, Choices};
use crate::value::relax::{Allowance, Mend};

/// Over the flags in the help: how columns are named.
const HEADING: &str = "Choices for columns (GLOB is over table.column: 'log*.at', '*.title'; the last holds)";

/// What is chosen for columns, named by patterns over table.column.
#[derive(Debug, Args)]
pub struct ChoiceArgs {
    /// The type of columns, of the schema language: 'message*.created_at=epoch_ns'. Columns that are created get it; for
    /// others it says what is stored
    #[arg(long, help_heading = HEADING, value_name = "GLOB=TYPE", value_parser = Choice::of_type)]
    pub column: Vec<Choice>,
    /// What numbers mean where a date or time is expected: s, ms, us or ns since 1970, or julian
    #[arg(long, help_heading = HEADING, value_name = "GLOB=UNIT", value_parser = Choice::of_unit)]
    pub unit: Vec<Choice>,
    /// The zone of text times that say none [default: UTC]: 'log.*=Europe/Berlin', 'log.*=+02:00'
    #[arg(long, help_heading = HEADING, value_name = "GLOB=ZONE", value_parser = Choice::of_zone)]
    pub zone: Vec<Choice>,
    /// What may be done with values that have no exact form: '*.title:nul=strip'; `strait rules` lists what there is
    #[arg(long, help_heading = HEADING, value_name = "GLOB:NAME=HOW", value_parser = Choice::of_allowance)]
    pub allow: Vec<Choice>,
    /// What becomes everywhere of \u0000 and of halves of surrogate pairs in JSON
    #[arg(long, help_heading = HEADING, value_enum, value_name = "HOW")]
    pub json_escapes: Option<MendArg>,
    /// Cut off everywhere digits of a time that its column does not keep, towards the past
    #[arg(long, help_heading = HEADING, value_enum, value_name = "HOW")]
    pub ns: Option<RoundArg>,
    /// Take everywhere an integer other than 0 and 1 in a boolean as true
    #[arg(long, help_heading = HEADING)]
    pub nonzero: bool,
    /// What becomes of rows that refer to rows which are not there [default: keep, and the constraint is NOT VALID]: reject sets
    /// them aside, set-null empties the reference, stop copies nothing; 'order.customer=set-null' says it of some
    #[arg(long, help_heading = HEADING, value_name = "[GLOB=]WHAT", value_parser = Choice::of_orphans)]
    pub orphans: Vec<Choice>,
    /// The file of choices [default: strait.toml where it is there]
    #[arg(long, help_heading = HEADING, value_name = "FILE", value_parser = parse_folder)]
    pub config: Option<PathBuf>,
}

/// `--json-escapes`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum MendArg {
    /// They are left out
    Strip,
    /// U+FFFD takes their place
    Replace,
}

/// `--ns`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RoundArg {
    /// Towards the past
    Round,
}

impl ChoiceArgs {
    /// Every choice in the order in which they hold: the file's, those for every column, those for some.
    pub(super) fn read(self) -> Result<Choices, CliError> {
        let mut choices = Choices::read_file(self.config.as_deref())?;
        let escapes = self.json_escapes.map(|how| match how {
            MendArg::Strip => ("--json-escapes strip", Mend::Strip),
            MendArg::Replace => ("--json-escapes replace", Mend::Replace(char::REPLACEMENT_CHARACTER)),
        });
        let escapes = escapes.map(|(given, mend)| (given, Allowance::JsonEscapes(Some(mend))));
        let ns = self.ns.map(|RoundArg::Round| ("--ns round", Allowance::Ns(true)));
        let nonzero = self.nonzero.then_some(("--nonzero", Allowance::Nonzero(true)));
        let everywhere = [escapes, ns, nonzero].into_iter().flatten();
        choices.0.extend(everywhere.map(|(given, allowance)| Choice::everywhere(given, allowance)));
        choices.0.extend([self.column, self.unit, self.zone, self.allow, self.orphans].into_iter().flatten());
        Ok(choices)
    }
}
