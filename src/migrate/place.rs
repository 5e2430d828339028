//! A place in a script, and the line around it.

use std::fmt;

use super::program::{DERIVED, Program, Statement};
use crate::schema::language::secret::shown_line;

/// A place in a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file; or what stands for it.
    pub file: String,
    /// Line and column in characters, from 1, where there is a file.
    pub at: Option<(usize, usize)>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some((line, column)) => write!(f, "{}:{line}:{column}", self.file),
            None => f.write_str(&self.file),
        }
    }
}

impl Place {
    /// Where a statement begins, or the byte of it to which the engine points.
    pub(super) fn of(program: &Program, statement: &Statement, offset: Option<usize>) -> Self {
        let Some(file) = &program.file else { return Self { file: DERIVED.into(), at: None } };
        let offset = statement.text.floor_char_boundary(offset.unwrap_or(0));
        let before = &statement.text[..offset];
        let last = before.rsplit('\n').next().unwrap_or_default();
        let at = match before.matches('\n').count() {
            0 => (statement.at.line, statement.at.column + last.chars().count()),
            lines => (statement.at.line + lines, last.chars().count() + 1),
        };
        Self { file: file.clone(), at: Some(at) }
    }

    /// The line of a script, with a mark under the place.
    pub(super) fn excerpt(&self, text: &str) -> String {
        let Some((line, column)) = self.at else { return String::new() };
        let Some((source, before)) = shown_line(text, line, column) else { return String::new() };
        let number = line.to_string();
        // A tab stays a tab, so that the mark stands where the eye expects it.
        let indent = before.chars().map(|c| if c == '\t' { '\t' } else { ' ' }).collect::<String>();
        let margin = " ".repeat(number.len());
        format!("  {number} | {source}\n  {margin} | {indent}^")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Engine;

    #[test]
    fn an_engine_s_offset_becomes_a_line_and_a_column_of_the_file() {
        let text = "select 1;\nupdate t\n\tset é = x;";
        let program = Program::native("a.sql", text, Engine::Postgres, true).expect("is read");
        let statement = &program.statements[1];
        let offset = statement.text.find('x');
        let place = Place::of(&program, statement, offset);
        assert_eq!(place.to_string(), "a.sql:3:10");
        assert_eq!(place.excerpt(text), "  3 | \tset é = x;\n    | \t        ^");
        assert_eq!(Place::of(&program, statement, None).to_string(), "a.sql:2:1");
    }
}
