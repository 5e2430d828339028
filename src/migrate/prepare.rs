//! Makes a program of a revision for one engine, before anything runs.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::Migrator;
use super::error::MigrateError;
use super::folder::{Language, Revision, Script};
use super::graph::{Follow, Way};
use super::losing;
use super::program::{Program, Work};
use crate::schema::language::{self, Kind};
use crate::schema::reverse::with_numbers;
use crate::schema::{Change, Engine, Schema};

/// What scripts without an engine in their name are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Portable SQL, for both engines.
    Portable,
    /// The connected engine's own SQL.
    Native,
}

/// Reads scripts for one engine.
pub(super) struct Reader<'f> {
    migrator: &'f Migrator,
    engine: Engine,
    dialect: Dialect,
    /// The structure after each revision that was read, as far as portable scripts tell.
    after: RefCell<BTreeMap<String, Schema>>,
}

impl<'f> Reader<'f> {
    pub(super) fn new(migrator: &'f Migrator, engine: Engine, dialect: Dialect) -> Self {
        Self { migrator, engine, dialect, after: RefCell::default() }
    }

    /// Reads a step's script.
    pub(super) fn read(&self, revision: &'f Revision, way: Way) -> Result<Program, MigrateError> {
        match way {
            Way::Up => self.up(revision),
            Way::Down => self.down(revision),
        }
    }

    fn up(&self, revision: &Revision) -> Result<Program, MigrateError> {
        match revision.up_for(self.engine)? {
            Some((script, language)) => self.script(script, language, || self.before(revision)),
            None => Ok(Program::default()),
        }
    }

    fn down(&self, revision: &'f Revision) -> Result<Program, MigrateError> {
        if let Some(why) = &revision.irreversible {
            return Err(MigrateError::NoWayDown {
                revision: revision.id.clone(),
                why: format!(
                    "its file says `-- irreversible: {why}`; if there is a way after all, remove that line and write \
                     {}.down.sql",
                    revision.stem()
                ),
            });
        }
        match revision.down_for(self.engine) {
            Some((script, language)) => self.script(script, language, || self.with(revision)),
            None => self.derived(revision),
        }
    }

    fn script(
        &self,
        script: &Script,
        language: Language,
        before: impl FnOnce() -> Schema,
    ) -> Result<Program, MigrateError> {
        let file = script.path.display().to_string();
        let mut program = if language == Language::Portable && self.dialect == Dialect::Portable {
            Program::portable(&file, &script.text, self.engine, script.transaction, &before())?
        } else {
            Program::native(&file, &script.text, self.engine, script.transaction)?
        };
        program.lock_timeout = script.lock_timeout;
        Ok(program)
    }

    /// Derives the way down from the way up, when nothing is lost by it but what the revision brought.
    fn derived(&self, revision: &Revision) -> Result<Program, MigrateError> {
        let changes = self.derived_changes(revision)?;
        Program::derived(self.engine, changes, self.with(revision))
    }

    /// The changes that take a revision back.
    pub(super) fn derived_changes(&self, revision: &Revision) -> Result<Vec<Change>, MigrateError> {
        let up = self.up(revision)?;
        taken_back(self.engine, &up, self.before(revision)).map_err(|Stuck { at, why }| {
            let line = up.statements[at].at.line;
            self.no_way_down(revision, format!("{NO_FILE}; line {line} {why}"))
        })
    }

    /// The structure before a revision, as far as portable scripts tell.
    pub(super) fn before(&self, revision: &Revision) -> Schema {
        match (revision.down_revisions.as_slice(), revision.depends_on.as_slice()) {
            ([], []) => Schema::default(),
            // The usual case, without walking the whole line again.
            ([parent], []) => self.migrator.revision(parent).map_or_else(|_| Schema::default(), |one| self.with(one)),
            _ => {
                let below = self.migrator.graph.ancestors([revision.id.as_str()], Follow::Everything);
                self.of(&below.into_iter().filter(|id| *id != revision.id).collect())
            }
        }
    }

    /// The structure with a revision, as far as portable scripts tell.
    pub(super) fn with(&self, revision: &Revision) -> Schema {
        if let Some(known) = self.after.borrow().get(&revision.id) {
            return known.clone();
        }
        let mut schema = self.before(revision);
        self.apply(revision, &mut schema);
        self.after.borrow_mut().insert(revision.id.clone(), schema.clone());
        schema
    }

    /// The structure that some revisions make together, as far as portable scripts tell.
    pub(super) fn of(&self, ids: &BTreeSet<&str>) -> Schema {
        let mut schema = Schema::default();
        let ordered = self.migrator.graph.pending(&[]).unwrap_or_default();
        for id in ordered.into_iter().filter(|id| ids.contains(id)) {
            if let Ok(revision) = self.migrator.revision(id) {
                self.apply(revision, &mut schema);
            }
        }
        schema
    }

    /// Follows a revision as far as its script is portable; what is wrong with it is told when it is its turn.
    fn apply(&self, revision: &Revision, schema: &mut Schema) {
        let Ok(Some((script, Language::Portable))) = revision.up_for(self.engine) else { return };
        let Ok(script) = language::parse_after(&script.text, schema) else { return };
        for statement in script.statements {
            if let Kind::Changes(changes) = statement.kind {
                for change in &changes {
                    schema.apply(change).ok();
                }
            }
        }
    }

    fn no_way_down(&self, revision: &Revision, why: String) -> MigrateError {
        MigrateError::NoWayDown {
            revision: revision.id.clone(),
            why: format!("{why}; write {}.down.sql", revision.stem()),
        }
    }
}

/// The statement of a way up for which no way back can be derived.
pub(super) struct Stuck {
    /// Its place among the statements.
    pub(super) at: usize,
    /// What is the matter with it.
    pub(super) why: &'static str,
}

/// The changes that take a program back which was run on a structure.
pub(super) fn taken_back(engine: Engine, up: &Program, before: Schema) -> Result<Vec<Change>, Stuck> {
    let mut schema = before;
    let mut created = BTreeSet::new();
    let mut back = Vec::new();
    let writes_to = |text: &str, created: &BTreeSet<String>| {
        losing::written_table(engine, text).is_some_and(|table| created.contains(&table))
    };
    for (at, statement) in up.statements.iter().enumerate() {
        let change = match &statement.work {
            Work::Change(change, _) => change,
            // Rows of a table that the revision itself made go with the table.
            Work::Sql if writes_to(&statement.text, &created) => continue,
            Work::Sql => return Err(Stuck { at, why: "is no change of structure" }),
        };
        let reverse = change.reverse(&schema).ok_or(Stuck { at, why: "has no reverse" })?;
        if let Change::CreateTable(table) = change.as_ref() {
            created.insert(losing::told_apart(engine, &table.name));
        }
        // What an engine's own script did before is not known here; then the reverse above said so.
        schema.apply(change).ok();
        back.push(reverse.changes);
    }
    back.reverse();
    Ok(with_numbers(back.into_iter().flatten().collect(), &schema))
}

const NO_FILE: &str = "it has no down file, and none can be derived from the way up";
