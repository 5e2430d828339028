//! Writes a revision from the difference between a schema file and what the folder's revisions make.

mod back;
mod own;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use self::back::Back;
use super::folder::{self, CreateOptions};
use super::prepare::{Dialect, Reader};
use super::{Declared, MigrateError, Migrator};
use crate::schema::language::write::write_changes;
use crate::schema::{Change, Engine, Schema, diff};

/// What was written.
#[derive(Clone, Debug, Serialize)]
pub struct AutogenerateOutcome {
    /// The new files; none when there is no difference.
    pub made: Vec<PathBuf>,
    /// The way up.
    pub text: String,
    /// The way down, where none can be derived from the way up and both structures tell it.
    pub down: Option<String>,
    /// What it would destroy when tables hold values.
    pub destroys: Vec<String>,
    /// What a person should know.
    pub notices: Vec<String>,
    /// Whether no file was written, because only a rehearsal was asked for.
    pub dry_run: bool,
}

impl Migrator {
    /// Writes the revision that takes the folder's last structure to that of a schema file.
    ///
    /// Renames cannot be told from a drop and an addition: what would be destroyed is named, for a person to look at. The first
    /// revision of a folder holds what one engine alone has, and the first rows, too; in a later one they are named where no
    /// revision has them. Where the way down cannot be derived from the way up, it is written too, or its lack is named. Without a difference no file is made. Fails when the schema file or a revision is not portable SQL, with file, line and
    /// column ([`MigrateError::Language`]).
    ///
    /// ```
    /// # use strait::migrate::Migrator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let place = tempfile::tempdir()?;
    /// let schema = place.path().join("app.sql");
    /// std::fs::write(&schema, "-- strait schema 1\ncreate table notes (id bigint primary key);")?;
    /// let outcome = Migrator::from_folder_or_new(&place.path().join("migrations"))?.autogenerate("first", &schema)?;
    /// assert!(outcome.made[0].ends_with("V0001__first.sql") && outcome.text.contains("create table notes"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn autogenerate(&self, title: &str, schema_file: &Path) -> Result<AutogenerateOutcome, MigrateError> {
        self.refuse_embedded()?;
        let declared = Declared::read(schema_file)?;
        let now = self.structure_at_heads()?;
        let (changes, refused) = diff::difference(&now, &declared.schema.schema);
        if let Some(error) = refused.first() {
            return Err(MigrateError::Usage(format!(
                "no changes of the language lead from the revisions to {}: {error}; write this revision by hand",
                declared.file
            )));
        }
        let portable = write_changes(&changes);
        let (text, missing) = match self.folder.revisions.is_empty() {
            true => (own::whole(&declared.text, &portable), Vec::new()),
            false => (portable, own::missing(&declared.schema.others, &self.folder)),
        };
        let (down, no_way) = match back::back(&text, &now, &declared.schema.schema, text == write_changes(&changes))? {
            Back::Derived => (None, Vec::new()),
            Back::Written(down) => (Some(down), Vec::new()),
            Back::Missing(why) => (None, why),
        };
        let mut outcome = AutogenerateOutcome {
            made: Vec::new(),
            text,
            down,
            destroys: losses(&now, &changes),
            notices: [declared.schema.remarks, self.unseen(), missing, no_way].concat(),
            dry_run: self.options.dry_run,
        };
        if !outcome.text.is_empty() && !self.options.dry_run {
            outcome.made = self.write(title, &outcome.text, outcome.down.as_deref())?;
        }
        Ok(outcome)
    }

    /// What the portable scripts of the folder make; fails at the first that cannot be read.
    fn structure_at_heads(&self) -> Result<Schema, MigrateError> {
        let reader = Reader::new(self, Engine::Postgres, Dialect::Portable);
        let all = self.graph.pending(&[])?;
        for id in &all {
            let revision = self.revision(id)?;
            if revision.up.portable.is_some() && revision.up.postgres.is_none() {
                reader.read(revision, super::graph::Way::Up)?;
            }
        }
        Ok(reader.of(&all.into_iter().collect::<BTreeSet<_>>()))
    }

    /// Scripts in an engine's own SQL, of which it is not known what they change.
    fn unseen(&self) -> Vec<String> {
        let native = |one: &&folder::Revision| one.up.sqlite.is_some() || one.up.postgres.is_some();
        let sentence = |one: &folder::Revision| {
            format!(
                "{} is in an engine's own SQL; what it changes is not known here, and may be in this revision again",
                one.id
            )
        };
        self.folder.revisions.iter().filter(native).map(sentence).collect()
    }

    fn write(&self, title: &str, text: &str, down: Option<&str>) -> Result<Vec<PathBuf>, MigrateError> {
        let files = folder::create(&self.folder.path, title, &CreateOptions::default())?;
        let write = |file: &Path, text: String| {
            let written = fs::write(file, text);
            written.map_err(|error| MigrateError::Usage(format!("cannot write {}: {error}", file.display())))
        };
        if let Some(up) = files.first() {
            let headers = fs::read_to_string(up).unwrap_or_default();
            let headers: String =
                headers.lines().take_while(|line| is_header(line)).map(|line| format!("{line}\n")).collect();
            write(up, headers + text)?;
        }
        if let (Some(file), Some(down)) = (files.get(1), down) {
            write(file, down.to_owned())?;
        }
        Ok(files)
    }
}

fn is_header(line: &str) -> bool {
    ["-- revision:", "-- down_revision:"].iter().any(|key| line.starts_with(key))
}

fn losses(before: &Schema, changes: &[Change]) -> Vec<String> {
    let mut schema = before.clone();
    let mut losses = Vec::new();
    for change in changes {
        let why = made_anew(change, changes).unwrap_or_default();
        losses.extend(change.destroys(&schema).map(|loss| format!("{loss}{why}")));
        schema.apply(change).ok();
    }
    losses
}

/// Why what goes is made anew, where it is.
fn made_anew(change: &Change, all: &[Change]) -> Option<&'static str> {
    let comes = |new: &&Change| match (change, new) {
        (Change::DropTable { table }, Change::CreateTable(new)) => new.name == *table,
        (Change::DropColumn { table, column }, Change::AddColumn { table: other, column: new }) => {
            table == other && new.name == *column
        }
        _ => false,
    };
    all.iter().find(comes).map(|new| match new {
        Change::CreateTable(_) => ", which is made anew because none of its columns can become what the file says",
        Change::AddColumn { column, .. } if column.generated.is_some() => {
            ", which is made anew because it is computed from now on"
        }
        _ => ", which is made anew because they have no form in its new type",
    })
}
