//! The form of the report that a command was asked for, whichever command it is.

use super::migrate::MigrateCommand;
use super::{Cli, Command};
use crate::report::Format;

impl Cli {
    /// The form of the report, in which an error is told as well.
    pub fn format(&self) -> Format {
        match &self.command {
            Command::Assess(arguments) => arguments.ways.scope.format,
            Command::Copy(arguments) => arguments.ways.scope.format,
            Command::Verify(arguments) => arguments.scope.format,
            Command::Rehearse(arguments) => arguments.format,
            Command::Rejects(command) => command.format(),
            Command::Rules(arguments) => arguments.format,
            Command::Systems(arguments) => arguments.format(),
            Command::Drift(arguments) => arguments.format.of_errors(),
            Command::Migrate(command) => command.format(),
        }
    }
}

impl MigrateCommand {
    fn format(&self) -> Format {
        let folder = match self {
            Self::New(arguments) => &arguments.folder,
            Self::Up(arguments) => &arguments.run.place.folder,
            Self::Down(arguments) => &arguments.run.place.folder,
            Self::Redo(arguments) => &arguments.place.folder,
            Self::Plan(arguments) => &arguments.place.folder,
            Self::Status(arguments) => &arguments.place.folder,
            Self::History(arguments) => &arguments.folder,
            Self::Current(arguments) => &arguments.place.folder,
            Self::Heads(arguments) => &arguments.folder,
            Self::Branches(arguments) => arguments,
            Self::Merge(arguments) => &arguments.folder,
            Self::Stamp(arguments) => &arguments.record.place.folder,
            Self::Adopt(arguments) => &arguments.record.place.folder,
            Self::Repair(arguments) => &arguments.place.folder,
            Self::Autogenerate(arguments) => &arguments.folder,
            Self::Test(arguments) => &arguments.folder,
            Self::Squash(arguments) => &arguments.folder,
            Self::Dump(arguments) => return arguments.format,
        };
        folder.format
    }
}
