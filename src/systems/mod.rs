//! The systems that are a part of the program: of each its schema file and its revisions.
//!
//! Whatever folder of `migrations` has a schema file of its name in `schemas` is taken along when the program is built.
//! `export.rs` writes one out as files again.

mod error;
mod export;

use include_dir::{Dir, include_dir};
use serde::Serialize;

pub use self::error::SystemError;
pub use self::export::Exported;
use crate::migrate::graph::nearest::nearest;
use crate::migrate::{Migrator, OptionalBranch};
use crate::schema::language::schema_file::FIRST_LINE;
use crate::schema::language::{SchemaFile, read_schema};

static REVISIONS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/migrations");
static SCHEMAS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/schemas");

/// A system that is a part of the program.
#[derive(Clone, Copy, Debug)]
pub struct System {
    /// Its name, as `--system` takes it.
    pub name: &'static str,
    /// The text of its schema file.
    pub schema: &'static str,
    /// Its revisions.
    pub revisions: &'static Dir<'static>,
}

/// What a system is, in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Its name.
    pub name: String,
    /// What it is: the first sentence of its schema file.
    pub title: String,
    /// How many tables its schema file has, with those of optional branches.
    pub tables: usize,
    /// How many revisions it has.
    pub revisions: usize,
    /// Its last revisions: several where it has branches.
    pub heads: Vec<String>,
    /// The branches that an installation takes or leaves.
    pub optional: Vec<OptionalBranch>,
}

/// All systems, by their names.
pub fn all() -> Vec<System> {
    let mut all: Vec<System> = REVISIONS.dirs().filter_map(system).collect();
    all.sort_by_key(|system| system.name);
    all
}

fn system(revisions: &'static Dir<'static>) -> Option<System> {
    let name = revisions.path().to_str()?;
    let schema = SCHEMAS.get_file(format!("{name}.sql"))?.contents_utf8()?;
    Some(System { name, schema, revisions })
}

/// Finds a system by its name; fails with those that there are, and the one that may be meant.
pub fn find(name: &str) -> Result<System, SystemError> {
    let all = all();
    if let Some(system) = all.iter().find(|system| system.name == name) {
        return Ok(*system);
    }
    let names: Vec<&str> = all.iter().map(|system| system.name).collect();
    let nearest = nearest(name, names.iter().copied());
    Err(SystemError::Unknown { name: name.to_owned(), known: names.join(", "), nearest })
}

impl System {
    /// Its revisions, ready to be run.
    pub fn migrator(&self) -> Result<Migrator, SystemError> {
        Ok(Migrator::embedded(self.revisions)?)
    }

    /// Its schema file, read.
    pub fn read_schema(&self) -> Result<SchemaFile, SystemError> {
        read_schema(self.schema).map_err(|error| SystemError::Schema { name: self.name, source: Box::new(error) })
    }

    /// What it is, in short.
    pub async fn summary(&self) -> Result<Summary, SystemError> {
        let migrator = self.migrator()?;
        Ok(Summary {
            name: self.name.to_owned(),
            title: title(self.schema),
            tables: self.read_schema()?.schema.tables.len(),
            revisions: migrator.folder.revisions.len(),
            heads: migrator.graph.heads().into_iter().map(str::to_owned).collect(),
            optional: migrator.optional_branches().await?,
        })
    }
}

/// The first sentence of the comments at the top of a schema file.
fn title(schema: &str) -> String {
    let comments =
        schema.lines().skip_while(|line| line.trim() == FIRST_LINE).map_while(|line| line.strip_prefix("--"));
    let paragraph = comments.map(str::trim).skip_while(|line| line.is_empty()).take_while(|line| !line.is_empty());
    let text = paragraph.collect::<Vec<_>>().join(" ");
    let sentence = text.split_once(". ").map_or(text.as_str(), |(first, _)| first);
    sentence.trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_the_first_sentence_whatever_its_lines() {
        let title = |rest: &str| title(&format!("{FIRST_LINE}\n{rest}"));
        assert_eq!(
            title("--\n-- Notes 0.5.1: what people\n-- write down. 2 tables.\n--\n-- More."),
            "Notes 0.5.1: what people write down"
        );
        assert_eq!(title("-- Notes.\ncreate table t (id int);"), "Notes");
        assert_eq!(title("create table t (id int);"), "");
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_known_ones() {
        let said = find("windflwo").unwrap_err().to_string();
        assert!(said.ends_with("is `windflow` meant?") && said.contains("chatbot-saas, emotionscare"), "{said}");
        let said = find("something else").unwrap_err().to_string();
        assert!(said.contains("windflow") && !said.contains("meant"), "{said}");
    }
}
