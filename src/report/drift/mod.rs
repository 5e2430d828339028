//! What a comparison found: for a person, for a program, for GitHub, for whatever reads SARIF.

pub mod github;
pub mod sarif;
mod text;

use std::io::{self, Write};

use crate::drift::outcome::DriftReport;
use crate::report::Format;

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
    /// The form in which an error is told; an annotation or a run that was not made tells of none.
    pub(crate) fn of_errors(self) -> Format {
        match self {
            Self::Json => Format::Json,
            Self::Text | Self::Github | Self::Sarif => Format::Text,
        }
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
