//! How outcomes look: text for people, JSON for programs, progress while the work runs.
//!
//! Sees events and outcomes, never an engine.

pub mod assess;
pub mod drift;
pub mod dump;
mod error;
pub mod migrate;
pub mod progress;
pub mod rejects;
pub mod rules;
pub mod systems;
pub mod text;
pub mod trial;

use std::io::{self, Write};

use serde::Serialize;

pub use self::error::{error, failure};

/// The form in which an outcome is shown on standard output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A table and sentences.
    #[default]
    Text,
    /// One JSON document.
    Json,
}

/// Writes an outcome as one JSON document.
pub fn json<T: Serialize>(outcome: &T, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, outcome)?;
    writeln!(out)
}

/// Makes text harmless on a terminal: control characters of users' names are written as escapes.
pub(crate) fn safe(text: &str) -> String {
    if !text.chars().any(char::is_control) {
        return text.to_owned();
    }
    text.chars().map(|c| if c.is_control() { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

/// Writes a number with thin groups of three digits.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_command_the_terminal() {
        assert_eq!(safe("users\u{1b}[2J"), "users\\u{1b}[2J");
        assert_eq!(safe("Été"), "Été");
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
