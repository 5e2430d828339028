//! A schema file as an engine runs it: what it declares, without the rows that it begins with.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use super::MigrateError;
use super::program::Program;
use super::replay::Scripts;
use crate::schema::language::{self, Kind, Position, SchemaFile, read_schema};
use crate::schema::{Change, Engine, Schema, diff};

/// A schema file that was read.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The file, as it is shown.
    pub file: String,
    /// Whether it is a file on disk, and no part of the program.
    pub is_on_disk: bool,
    /// Its text.
    pub text: String,
    /// What it says.
    pub schema: SchemaFile,
}

impl Declared {
    /// Reads a schema file; fails with file, line and column where it is none.
    pub fn read(path: &Path) -> Result<Self, MigrateError> {
        let file = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|error| {
            MigrateError::Usage(format!("cannot read the schema file {file} ({error}); name it with --schema FILE"))
        })?;
        Ok(Self { is_on_disk: true, ..Self::from_text(&file, text)? })
    }

    /// Takes a schema file that is a part of the program.
    pub fn from_text(file: &str, text: String) -> Result<Self, MigrateError> {
        let schema = read_schema(&text).map_err(|error| MigrateError::language(file, &text, error))?;
        Ok(Self { file: file.to_owned(), is_on_disk: false, text, schema })
    }

    /// The file on disk, as it was named; none for one that is a part of the program.
    pub(crate) fn on_disk(&self) -> Option<String> {
        self.is_on_disk.then(|| self.file.clone())
    }

    /// The lines on which the file makes things, from 1, by their names.
    pub(crate) fn lines(&self) -> HashMap<String, usize> {
        let mut lines = HashMap::new();
        for statement in language::parse(&self.text).map_or_else(|_| Vec::new(), |script| script.statements) {
            if let Kind::Changes(changes) = &statement.kind {
                for change in changes {
                    lines.entry(made_by(change)).or_insert(statement.at.line);
                }
            }
        }
        lines
    }

    /// What one engine runs to make what the file declares.
    ///
    /// Tables come in an order in which references find what they refer to, whatever the file's; what the engine alone has
    /// comes before them where the file has it there, else after them.
    pub(crate) fn scripts(&self, engine: Engine) -> Result<Scripts, MigrateError> {
        let script =
            language::parse(&self.text).map_err(|error| MigrateError::language(&self.file, &self.text, error))?;
        let mut places: HashMap<String, Position> = HashMap::new();
        let (mut first, mut last) = (Vec::new(), Vec::new());
        for statement in &script.statements {
            match &statement.kind {
                Kind::Changes(changes) => {
                    for change in changes {
                        places.entry(made_by(change)).or_insert(statement.at);
                    }
                }
                Kind::Opaque(only) if *only == engine && places.is_empty() => first.push(statement),
                Kind::Opaque(only) if *only == engine => last.push(statement),
                Kind::Opaque(_) | Kind::Dml => {}
            }
        }
        let mut program = Program::of_file(&self.file, &self.text);
        first.into_iter().try_for_each(|one| program.take_native(engine, one.at, &one.text))?;
        let mut schema = Schema::default();
        for change in diff::diff(&Schema::default(), &self.schema.schema) {
            let at = places.get(&made_by(&change)).copied().unwrap_or(Position::START);
            program.take_change(engine, at, "", change, &mut schema)?;
        }
        last.into_iter().try_for_each(|one| program.take_native(engine, one.at, &one.text))?;
        Ok(Scripts::of(engine, &self.file, program))
    }
}

/// What a change makes or belongs to.
fn made_by(change: &Change) -> String {
    match change {
        Change::CreateTable(table) => table.name.clone(),
        Change::CreateIndex { index, .. } => index.name.clone(),
        Change::CreateEnum { name, .. } => name.clone(),
        Change::AddConstraint { table, .. } => table.clone(),
        _ => String::new(),
    }
}
