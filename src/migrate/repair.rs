//! Sets the records right: shows what is wrong and the evidence, and writes only what the evidence allows.

use std::collections::BTreeSet;

use serde::Serialize;

use super::graph::Way;
use super::outcome::State;
use super::place::Place;
use super::program::{Statement, Work};
use super::session::Session;
use super::standing::Interrupted;
use super::state::{self, Outcome, Record, Recorded};
use super::{MigrateError, Migrator};
use crate::database::{Begin, Location};
use crate::event::Observer;
use crate::schema::language::words::first_words;

/// What became of a statement of which only the beginning is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InDoubt {
    /// It took effect.
    Done,
    /// It did not.
    Again,
}

/// How records are set right.
#[derive(Clone, Copy, Debug, Default)]
pub struct Repair {
    /// Whether anything is written.
    pub write: bool,
    /// Whether a person vouches for what no comparison of structures can show.
    pub accept_unseen: bool,
    /// What a person says about a statement in doubt.
    pub in_doubt: Option<InDoubt>,
}

/// What was found and done.
#[derive(Clone, Debug, Serialize)]
pub struct RepairOutcome {
    /// The database, without its password.
    pub database: String,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// Whether the structure is what the files make of an empty database; none when that could not be seen.
    pub same_structure: Option<bool>,
    /// The differences, or why they could not be seen.
    pub evidence: Vec<String>,
    /// The revisions whose records were written.
    pub written: Vec<String>,
}

impl RepairOutcome {
    /// Whether nothing is left to do.
    pub fn clean(&self) -> bool {
        self.findings.iter().all(|finding| self.written.contains(&finding.revision))
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// The revision.
    pub revision: String,
    /// Its state.
    pub state: State,
    /// What would be written, or what a person has to do.
    pub remedy: String,
    /// Whether the records can be set right from here.
    pub mendable: bool,
    /// The statements whose effect no comparison of structures shows: each with its place and first word.
    pub unseen: Vec<String>,
}

impl Migrator {
    /// Shows what is wrong between files, records and tables, and sets the records right.
    ///
    /// An edited or late revision is accepted only when the structure is just what the files make of an empty database,
    /// and, where its script does what no structure shows, only when [`Repair::accept_unseen`] vouches for that.
    /// Nothing is written unless [`Repair::write`] says so; what is found is in the outcome, not an error.
    ///
    /// ```
    /// # use strait::{include_dir::{self, include_dir}, migrate::Migrator};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let place = tempfile::tempdir()?;
    /// # let location = strait::database::Location::Sqlite(place.path().join("app.db"));
    /// # let migrator = Migrator::embedded(&include_dir!("$CARGO_MANIFEST_DIR/examples/notes/migrations"))?;
    /// # use strait::migrate::repair::Repair;
    /// use strait::event::Silent;
    /// # migrator.up(&location.to_string()).await?;
    /// let outcome = migrator.repair(&location, Repair::default(), &Silent).await?;
    /// assert!(outcome.clean() && outcome.findings.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn repair(
        &self,
        location: &Location,
        repair: Repair,
        observer: &dyn Observer,
    ) -> Result<RepairOutcome, MigrateError> {
        let mut session = Session::open_existing(self, location, "migrate repair", observer).await?;
        let outcome = session.repair(repair).await;
        session.close().await;
        outcome
    }
}

impl Session<'_> {
    async fn repair(&mut self, repair: Repair) -> Result<RepairOutcome, MigrateError> {
        let findings: Vec<Finding> = self.standing.revisions.iter().filter_map(|one| self.finding(one)).collect();
        let mut outcome = RepairOutcome {
            database: self.location.clone(),
            same_structure: None,
            evidence: Vec::new(),
            written: Vec::new(),
            findings,
        };
        if outcome.findings.iter().any(|one| matches!(one.state, State::Edited | State::Late)) {
            self.gather_evidence(&mut outcome).await?;
        }
        if repair.write {
            self.mend(&mut outcome, repair).await?;
        }
        Ok(outcome)
    }

    fn finding(&self, status: &super::outcome::RevisionStatus) -> Option<Finding> {
        let (remedy, mendable) = match status.state {
            State::Applied | State::Pending | State::LeftOut => return None,
            State::Edited => ("record the file as it is now".to_owned(), true),
            State::Late => ("record it as applied".to_owned(), true),
            State::Unknown => (
                "name the folder or system that the database belongs to, or bring its file back; only when nothing of it is \
                 wanted any more, say where the database is with `strait migrate stamp REV --purge`"
                    .to_owned(),
                false,
            ),
            State::Interrupted => {
                let in_doubt = self.standing.interrupted.get(&status.revision).is_some_and(|broken| broken.in_doubt);
                match in_doubt {
                    _ if status.file.is_none() && !in_doubt => (
                        "bring its file back and go on with it, or undo by hand what has run and say so with \
                         --accept-unseen"
                            .to_owned(),
                        true,
                    ),
                    true => ("say with --in-doubt whether its last statement took effect".to_owned(), true),
                    false => ("run the interrupted command again; it goes on where it stopped".to_owned(), false),
                }
            }
        };
        let accepts = matches!(status.state, State::Edited | State::Late);
        let unseen = if accepts { self.unseen(&status.revision) } else { Vec::new() };
        Some(Finding { revision: status.revision.clone(), state: status.state, remedy, mendable, unseen })
    }

    /// The statements of a way up that may do more than change the structure.
    fn unseen(&self, revision: &str) -> Vec<String> {
        let program = self.migrator.revision(revision).and_then(|one| self.reader().read(one, Way::Up));
        let Ok(program) = program else { return vec![format!("{revision}: its script cannot be read")] };
        let is_opaque = |one: &&Statement| matches!(one.work, Work::Sql) && !makes_structure_alone(&one.text);
        let opaque = program.statements.iter().filter(is_opaque);
        let line = |statement: &Statement| {
            let word = statement.text.split_whitespace().next().unwrap_or_default().to_lowercase();
            format!("{}: `{word}`", Place::of(&program, statement, None))
        };
        opaque.map(line).collect()
    }

    /// Compares the structure with what the files make.
    async fn gather_evidence(&mut self, outcome: &mut RepairOutcome) -> Result<(), MigrateError> {
        let states = [State::Applied, State::Edited, State::Late];
        let migrator = self.migrator;
        let applied: Vec<String> = self
            .standing
            .revisions
            .iter()
            .filter(|one| states.contains(&one.state))
            .map(|one| one.revision.clone())
            .collect();
        let applied: BTreeSet<&str> =
            applied.iter().map(String::as_str).filter(|id| migrator.folder.revision(id).is_some()).collect();
        match self.evidence(&applied).await? {
            Ok(differences) => {
                outcome.evidence = differences;
                outcome.same_structure = Some(outcome.evidence.is_empty());
            }
            Err(why) => outcome.evidence = vec![format!("the structures could not be compared: {why}")],
        }
        Ok(())
    }

    async fn mend(&mut self, outcome: &mut RepairOutcome, repair: Repair) -> Result<(), MigrateError> {
        let mut records = Vec::new();
        for finding in &outcome.findings {
            let revision = &finding.revision;
            match finding.state {
                State::Edited | State::Late if outcome.same_structure == Some(true) => {
                    if !(finding.unseen.is_empty() || repair.accept_unseen) {
                        continue;
                    }
                    let checksum = self.migrator.revision(revision)?.checksum(self.engine);
                    let record = Record::new(revision, Recorded::Repair, Outcome::Done).with_checksum(checksum);
                    records.push(record);
                }
                State::Interrupted if self.migrator.folder.revision(revision).is_none() && repair.accept_unseen => {
                    records.push(Record::new(revision, Recorded::Unstamp, Outcome::Done));
                }
                State::Interrupted => {
                    let (Some(said), Some(broken)) = (repair.in_doubt, self.standing.interrupted.get(revision)) else {
                        continue;
                    };
                    if broken.in_doubt {
                        records.push(doubt_resolved(revision, broken, said));
                    }
                }
                _ => {}
            }
        }
        let Some(database) = self.database.as_mut().filter(|_| !records.is_empty()) else { return Ok(()) };
        database.begin(Begin::default()).await?;
        for record in &records {
            if let Err(error) = state::append_history(database, record).await {
                database.rollback().await.ok();
                return Err(error.into());
            }
        }
        database.commit().await?;
        outcome.written = records.into_iter().map(|record| record.revision).collect();
        Ok(())
    }
}

/// Whether a statement in an engine's own SQL makes or drops something that a comparison of structures shows, and does
/// nothing else: a table that is made of a question has rows, too.
fn makes_structure_alone(text: &str) -> bool {
    let words = first_words(text, usize::MAX);
    let mut words = words.iter().map(String::as_str).filter(|word| !matches!(*word, "or" | "replace" | "unique"));
    let (verb, kind) = (words.next(), words.next());
    let rest: Vec<&str> = words.collect();
    let has_rows =
        rest.windows(2).any(|two| two[0] == "as" && matches!(two[1], "select" | "with" | "values" | "table"));
    match (verb, kind) {
        (Some("create"), Some("table")) => !has_rows,
        (Some("create" | "drop"), Some(kind)) => {
            matches!(kind, "index" | "view" | "trigger" | "type" | "domain" | "sequence" | "function")
        }
        _ => false,
    }
}

/// The record that says how far an interrupted script has come.
fn doubt_resolved(revision: &str, broken: &Interrupted, said: InDoubt) -> Record {
    let way = if broken.way == Way::Up { Recorded::Up } else { Recorded::Down };
    let done = match said {
        InDoubt::Done => broken.done + 1,
        InDoubt::Again => broken.done,
    };
    let record = Record::new(revision, way, Outcome::Statement).at_statement(Some(done));
    match broken.hashes.get(&done) {
        Some(hash) => record.with_text_hash(hash),
        None => record,
    }
}
