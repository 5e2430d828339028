//! What a comparison found, as annotations of a GitHub workflow.
//!
//! Source: GitHub documentation, "Workflow commands for GitHub Actions", and the escapes of `actions/toolkit`.

use std::io::{self, Write};

use crate::drift::outcome::DriftReport;
use crate::schema::inventory::Grade;

/// Writes a line for each difference, pending revision and problem, and one that sums up.
pub(super) fn write(report: &DriftReport, out: &mut dyn Write) -> io::Result<()> {
    for comparison in &report.comparisons {
        let file = comparison.file.as_deref();
        let found = format!("{} ({})", comparison.found, comparison.engine.name());
        for told in &comparison.differences {
            let mend =
                told.mend_to_run(comparison.engine).map_or_else(String::new, |mend| format!("\nTo mend it: {mend}"));
            let message = format!("{found}: {}{mend}", told.sentence);
            let place = Place { file, line: told.line };
            line(level(told.grade), place, &format!("{} drift: {}", told.grade.name(), told.subject), &message, out)?;
        }
        for revision in &comparison.pending {
            line(
                "error",
                Place { file, line: None },
                "pending revision",
                &format!("{found}: {revision} is not applied"),
                out,
            )?;
        }
    }
    for problem in &report.problems {
        line("error", Place::default(), "drift", problem, out)?;
    }
    for notice in &report.notices {
        line("notice", Place::default(), "drift", notice, out)?;
    }
    match report.equal {
        true => line("notice", Place::default(), "drift", "no drift", out),
        false => Ok(()),
    }
}

/// Writes that nothing could be compared, and why.
pub(super) fn failure(message: &str, out: &mut dyn Write) -> io::Result<()> {
    line("error", Place::default(), "drift could not be looked for", message, out)
}

fn level(grade: Grade) -> &'static str {
    match grade {
        Grade::Cosmetic => "notice",
        Grade::Compatible => "warning",
        Grade::Breaking => "error",
    }
}

/// What an annotation points at.
#[derive(Clone, Copy, Default)]
struct Place<'p> {
    file: Option<&'p str>,
    line: Option<usize>,
}

/// Writes one annotation.
fn line(level: &str, place: Place<'_>, title: &str, message: &str, out: &mut dyn Write) -> io::Result<()> {
    let file = place.file.map_or_else(String::new, |file| format!("file={},", property(file)));
    let number = place.line.map_or_else(String::new, |line| format!("line={line},"));
    writeln!(out, "::{level} {file}{number}title={}::{}", property(title), data(message))
}

/// A message; a line's end would end the command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property; a colon would end the properties, and a comma this one.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_or_a_property_is_escaped() {
        let mut out = Vec::new();
        let place = Place { file: Some("a,b.sql"), line: Some(3) };
        line("error", place, "100%: x", "one\r\ntwo: 5%, three", &mut out).expect("it is written");
        let text = String::from_utf8(out).expect("UTF-8");
        assert_eq!(text, "::error file=a%2Cb.sql,line=3,title=100%25%3A x::one%0D%0Atwo: 5%25, three\n");
    }
}
