//! Choices as `strait.toml` keeps them: one `[[column]]` for each pattern.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{Choice, Choices, What, parse_columns, parse_type};

/// The file that is read when none is named and it is there.
pub const USUAL: &str = "strait.toml";

/// Why a file of choices cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ChoiceFileError {
    /// It cannot be read.
    #[error("cannot read the choices in {}; check the path", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is no TOML, or says what is not known here.
    #[error("{}: line {line}: {why}", path.display())]
    Grammar {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// Why.
        why: String,
    },
    /// A choice in it makes no sense.
    #[error("{}: [[column]] {number} ({columns}): {why}", path.display())]
    Choice {
        /// The file.
        path: PathBuf,
        /// Which one, from 1.
        number: usize,
        /// Its pattern.
        columns: String,
        /// Why.
        why: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    column: Vec<Entry>,
}

/// One `[[column]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(rename = "match")]
    columns: String,
    #[serde(rename = "type")]
    logical: Option<String>,
    unit: Option<String>,
    zone: Option<String>,
    orphans: Option<String>,
    #[serde(default)]
    allow: Vec<String>,
}

impl Choices {
    /// Reads the file that is named, or the usual one where it is there.
    pub fn read_file(named: Option<&Path>) -> Result<Self, ChoiceFileError> {
        let path = named.unwrap_or(Path::new(USUAL));
        match std::fs::read_to_string(path) {
            Ok(text) => Self::from_toml(&text, path),
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(ChoiceFileError::Unreadable { path: path.to_owned(), source }),
        }
    }

    fn from_toml(text: &str, path: &Path) -> Result<Self, ChoiceFileError> {
        let document: Document = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            ChoiceFileError::Grammar { path: path.to_owned(), line, why: error.message().trim().to_owned() }
        })?;
        let mut choices = Vec::new();
        for (at, entry) in document.column.into_iter().enumerate() {
            let given = format!("{}, [[column]] '{}'", path.display(), entry.columns);
            let columns = entry.columns.clone();
            entry.choices(&given, &mut choices).map_err(|why| {
                let path = path.to_owned();
                ChoiceFileError::Choice { path, number: at + 1, columns, why }
            })?;
        }
        Ok(Self(choices))
    }
}

impl Entry {
    fn choices(self, given: &str, choices: &mut Vec<Choice>) -> Result<(), String> {
        let columns = parse_columns(&self.columns)?;
        let mut what = Vec::new();
        what.extend(self.logical.map(|text| parse_type(&text)).transpose()?.map(What::Type));
        what.extend(self.unit.map(|text| text.parse()).transpose()?.map(What::Unit));
        what.extend(self.zone.map(|text| text.parse()).transpose()?.map(What::Zone));
        what.extend(self.orphans.map(|text| text.parse()).transpose()?.map(What::Orphans));
        for text in &self.allow {
            what.push(What::Allow(text.parse()?));
        }
        if what.is_empty() {
            return Err("it chooses nothing; write type, unit, zone, orphans or allow".into());
        }
        let choice = |what| Choice { given: given.to_owned(), columns: columns.clone(), what };
        choices.extend(what.into_iter().map(choice));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Choices, String> {
        Choices::from_toml(text, Path::new("strait.toml")).map_err(|error| error.to_string())
    }

    #[test]
    fn an_entry_is_as_many_choices_as_it_says() {
        let text = "[[column]]\nmatch = \"log.*\"\ntype = \"timestamptz\"\nunit = \"ns\"\nzone = \"Europe/Berlin\"\n\
                    allow = [\"nul=strip\", \"ns=round\"]\n";
        let choices = read(text).expect("the file is right");
        assert_eq!(choices.0.len(), 5);
        assert!(choices.0.iter().all(|choice| choice.given == "strait.toml, [[column]] 'log.*'"));
        assert_eq!(read(""), Ok(Choices::default()));
    }

    #[test]
    fn a_mistake_is_told_with_its_place() {
        let wrong = |text: &str| read(text).expect_err("it is wrong");
        assert!(wrong("[[column]]\nmatch = \"a.b\"\nunits = \"s\"").starts_with("strait.toml: line 3: unknown field"));
        assert!(wrong("[[column]]\nmatch = ").contains("line 2"));
        assert!(wrong("[[columns]]\nmatch = \"a.b\"").contains("columns"));
        let said = wrong("[[column]]\nmatch = \"a.b\"\nunit = \"s\"\n[[column]]\nmatch = \"c.d\"\nunit = \"min\"");
        assert!(said.contains("[[column]] 2 (c.d)") && said.contains("julian"), "{said}");
        assert!(wrong("[[column]]\nmatch = \"a.b\"").contains("chooses nothing"));
    }
}
