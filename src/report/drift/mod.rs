//! What a comparison found: for a person, for a program, for GitHub, for whatever reads SARIF.

pub mod github;
pub mod sarif;
mod text;

use std::error::Error;
use std::io::{self, Write};

use crate::drift::outcome::DriftReport;
use crate::report::Format;

/// The exit status of a comparison that could not be made.
const FAILED: u8 = 2;

/// The form in which a comparison is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum DriftFormat {
    /// Sentences, table by table
    #[default]
    Text,
    /// One JSON document
    Json,
    /// Annotations of a GitHub workflow, a line each
    Github,
    /// SARIF 2.1.0, as code scanning reads it
    Sarif,
}

impl DriftFormat {
    /// The form in which an error is told on standard error.
    pub(crate) fn of_errors(self) -> Format {
        match self {
            Self::Json => Format::Json,
            Self::Text | Self::Github | Self::Sarif => Format::Text,
        }
    }
}

/// Shows that nothing could be compared, in the forms that another program reads from standard output.
pub fn show_failure(format: DriftFormat, error: &dyn Error, out: &mut dyn Write) -> io::Result<()> {
    let message = super::error::error(error, Format::Text);
    let message = message.trim_start_matches("error: ");
    match format {
        DriftFormat::Text | DriftFormat::Json => Ok(()),
        DriftFormat::Github => github::failure(message, out),
        DriftFormat::Sarif => super::json(&sarif::failure(message, FAILED), out),
    }
}

/// Shows a report in its form.
pub fn show(format: DriftFormat, report: &DriftReport, out: &mut dyn Write) -> io::Result<()> {
    match format {
        DriftFormat::Text => text::write(report, out),
        DriftFormat::Json => super::json(report, out),
        DriftFormat::Github => github::write(report, out),
        DriftFormat::Sarif => super::json(&sarif::document(report), out),
    }
}
