//! The runner: revisions on disk, what a database remembers of them, and the way from one to the other.
//!
//! A [`Migrator`] holds a folder of revisions and its graph. Each command opens a database, takes its lock, compares what
//! the database remembers with the folder (`standing.rs`), plans steps (`graph`), makes a program of each script
//! (`prepare.rs`, `program.rs`) and takes them (`apply.rs`; `outside.rs` without a transaction), every script and its
//! records in one transaction (`state`, and the tables of other tools in `bookkeeping`). `offline.rs` has the same written
//! down instead.
//!
//! An application that carries its revisions with it needs three lines, and a Tokio runtime of either kind
//! (`examples/notes` is the whole program):
//!
//! ```standalone_crate
//! # // No other crate may answer to this name here: what the macro makes of the folder names `include_dir`.
//! # extern crate strait as include_dir;
//! # async fn start(url: &str) -> Result<usize, Box<dyn std::error::Error>> {
//! use strait::include_dir::{self, include_dir};
//! let migrator = strait::migrate::Migrator::embedded(&include_dir!("$CARGO_MANIFEST_DIR/examples/notes/migrations"))?;
//! let outcome = migrator.up(url).await?;
//! # Ok(outcome.steps.len())
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! #     let folder = tempfile::tempdir()?;
//! #     let url = format!("sqlite:{}", folder.path().join("notes.db").display());
//! #     assert_eq!((start(&url).await?, start(&url).await?), (3, 0));
//! #     Ok(())
//! # }
//! ```
//!
//! The first line takes both of this name, the macro and the module, because what the macro makes of the folder names the
//! module; a dependency of one's own is not needed. cargo sees when an embedded file changes, but not when one is added:
//! a `build.rs` beside `Cargo.toml` tells it to look.
//!
//! ```no_run
//! println!("cargo::rerun-if-changed=migrations");
//! ```

pub mod adopt;
mod aftermath;
mod apply;
pub mod autogenerate;
mod beside;
pub mod bookkeeping;
mod declared;
mod dialect;
mod error;
mod evidence;
pub mod folder;
pub mod graph;
mod guard;
mod look;
mod losing;
mod matching;
pub(crate) mod mending;
mod native;
mod offline;
mod optional;
pub mod outcome;
mod outside;
mod patience;
mod place;
mod prepare;
mod program;
mod reach;
mod record;
pub mod repair;
pub mod replay;
mod resume;
mod session;
pub mod squash;
pub mod standing;
pub mod state;
mod steps;
pub mod trial;
mod whereabouts;

use std::path::Path;
use std::time::Duration;

pub use self::bookkeeping::Bookkeeping;
pub use self::declared::Declared;
pub use self::error::MigrateError;
use self::folder::Folder;
use self::graph::{Graph, Node, Target, Way};
pub use self::optional::OptionalBranch;
use self::outcome::{MigrateOutcome, PlanOutcome, Status};
pub use self::place::Place;
pub use self::prepare::Dialect;
use self::session::Session;
use crate::database::{Access, Database, DatabaseError, Location};
use crate::event::{Observer, Silent};

/// How revisions are run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether steps may destroy values.
    pub allow_destructive: bool,
    /// Whether a squash may leave ways down behind that somebody wrote.
    pub lose_down: bool,
    /// Whether everything is taken back again at the end.
    pub dry_run: bool,
    /// How long to wait for another runner.
    pub wait: Duration,
    /// How long a statement may wait for a lock before its revision is tried again.
    pub lock_timeout: Duration,
    /// Other tools' tables that are kept true.
    pub bookkeeping: Vec<Bookkeeping>,
    /// What scripts without an engine in their name are written in; decided by the folder itself when absent.
    pub dialect: Option<Dialect>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            allow_destructive: false,
            lose_down: false,
            dry_run: false,
            wait: Duration::from_secs(60),
            lock_timeout: Duration::from_secs(3),
            bookkeeping: Vec::new(),
            dialect: None,
        }
    }
}

/// A folder of revisions, ready to be run.
#[derive(Clone, Debug)]
pub struct Migrator {
    /// The folder.
    pub folder: Folder,
    /// How its revisions hang together.
    pub graph: Graph,
    /// How they are run.
    pub options: Options,
}

impl Migrator {
    /// Reads a folder and the folders in it.
    ///
    /// Fails when a file is no revision, with every such file and what to do ([`MigrateError::Folder`]), or when the
    /// revisions do not hang together ([`MigrateError::Graph`]).
    ///
    /// ```
    /// # use strait::migrate::Migrator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let place = tempfile::tempdir()?;
    /// # std::fs::write(place.path().join("V1_notes.sql"), "create table notes (id bigint primary key);")?;
    /// let refused = Migrator::from_folder(place.path()).unwrap_err().to_string();
    /// assert!(refused.contains("V1_notes.sql is no revision") && refused.contains("rename it to"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_folder(path: &Path) -> Result<Self, MigrateError> {
        Self::new(folder::read(path)?)
    }

    /// Reads a folder, or starts with none where it is missing.
    pub fn from_folder_or_new(path: &Path) -> Result<Self, MigrateError> {
        match path.exists() {
            true => Self::from_folder(path),
            false => Self::new(Folder { path: path.to_owned(), ..Folder::default() }),
        }
    }

    /// Takes revisions that were compiled into the program: see the three lines [above](self).
    ///
    /// They are read as strictly as those of a folder. Scripts without any sign of this tool, one of them not portable, are
    /// taken as the engine's own SQL, with a notice; [`Options::dialect`] decides it. [`squash`](Self::squash) and
    /// [`autogenerate`](Self::autogenerate) refuse, because there is no folder to write to.
    pub fn embedded(files: &include_dir::Dir<'_>) -> Result<Self, MigrateError> {
        Self::new(folder::from_compiled(files)?)
    }

    /// Takes revisions that were read already.
    ///
    /// Fails when a revision names a parent that is not there, or when they go in a circle ([`MigrateError::Graph`]).
    pub fn new(folder: Folder) -> Result<Self, MigrateError> {
        let node = |revision: &folder::Revision| Node {
            id: revision.id.clone(),
            down: revision.down_revisions.clone(),
            depends_on: revision.depends_on.clone(),
            branches: revision.branches.clone(),
            optional: revision.optional,
        };
        // A script that refinery calls unversioned runs whenever it comes; it has no place in the line.
        let in_line = |revision: &&folder::Revision| {
            revision.kind == folder::Kind::Versioned || folder.revisions.iter().any(|other| other.follows(&revision.id))
        };
        let graph = Graph::new(folder.revisions.iter().filter(in_line).map(node).collect())?;
        Ok(Self { folder, graph, options: Options::default() })
    }

    /// Sets how revisions are run.
    ///
    /// ```
    /// # use strait::{include_dir::{self, include_dir}, migrate::Migrator};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let place = tempfile::tempdir()?;
    /// # let location = strait::database::Location::Sqlite(place.path().join("app.db"));
    /// # let migrator = Migrator::embedded(&include_dir!("$CARGO_MANIFEST_DIR/examples/notes/migrations"))?;
    /// use strait::migrate::Options;
    /// let migrator = migrator.with(Options { dry_run: true, ..Options::default() });
    /// let outcome = migrator.up(&location.to_string()).await?;
    /// assert!(outcome.dry_run && outcome.steps.len() == 3);
    /// assert!(!migrator.status(&location).await?.exists, "it was a rehearsal");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Applies everything that is pending, but no optional branch that was not taken: what an application does when it starts.
    ///
    /// The URL is as people write it: a path, `sqlite:PATH`, `postgres://USER@HOST/DATABASE`. A SQLite file is made when it
    /// is not there. Of several that start at once one applies; the others wait for it ([`Options::wait`]) and find nothing
    /// to do. Fails as [`run`](Self::run) does.
    pub async fn up(&self, url: &str) -> Result<MigrateOutcome, MigrateError> {
        self.run(&Location::parse(url)?, Way::Up, &Target::due(), &Silent).await
    }

    /// Goes up or down to a target, step by step; the outcome lists the steps that ran.
    ///
    /// Every script and its record are one transaction: when one fails, those before it stay, and nothing of it does. The
    /// error points into the script, `FILE:LINE:COLUMN` ([`MigrateError::Language`] before anything runs,
    /// [`MigrateError::Statement`] from the engine). [`MigrateError::Destructive`] counts what a step would destroy,
    /// [`MigrateError::Disagree`] says how database and folder differ, [`MigrateError::Plan`] that there is no such way.
    ///
    /// ```
    /// # use strait::{include_dir::{self, include_dir}, migrate::Migrator};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let place = tempfile::tempdir()?;
    /// # let location = strait::database::Location::Sqlite(place.path().join("app.db"));
    /// # let migrator = Migrator::embedded(&include_dir!("$CARGO_MANIFEST_DIR/examples/notes/migrations"))?;
    /// use strait::event::Silent;
    /// use strait::migrate::graph::{Target, Way};
    /// let outcome = migrator.run(&location, Way::Up, &"+1".parse()?, &Silent).await?;
    /// assert_eq!(outcome.after, ["V0001__create_notes"]);
    /// migrator.run(&location, Way::Up, &Target::heads(), &Silent).await?;
    /// let outcome = migrator.run(&location, Way::Down, &"base".parse()?, &Silent).await?;
    /// assert_eq!((outcome.steps.len(), outcome.after.len()), (3, 0));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn run(
        &self,
        location: &Location,
        way: Way,
        target: &Target,
        observer: &dyn Observer,
    ) -> Result<MigrateOutcome, MigrateError> {
        let mut session = Session::open(self, location, way.purpose(), observer).await?;
        let mut steps = session.plan(way, target)?;
        if session.database.is_none() && !steps.is_empty() {
            // Another may have been quicker, so everything is looked at anew under the lock.
            session = Session::create_told(self, location, way.purpose(), observer).await?;
            session.refuse_disagreement()?;
            steps = session.plan(way, target)?;
        }
        let outcome = session.take(steps, observer).await;
        session.close().await;
        outcome.map(|outcome| self.with_left_out(target, outcome))
    }

    /// Reverts the last revision and applies it again; fails as [`run`](Self::run) does.
    ///
    /// ```
    /// # use strait::{include_dir::{self, include_dir}, migrate::Migrator};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let place = tempfile::tempdir()?;
    /// # let location = strait::database::Location::Sqlite(place.path().join("app.db"));
    /// # let migrator = Migrator::embedded(&include_dir!("$CARGO_MANIFEST_DIR/examples/notes/migrations"))?;
    /// # use strait::event::Silent;
    /// # migrator.up(&location.to_string()).await?;
    /// let outcome = migrator.redo(&location, &Silent).await?;
    /// let steps: Vec<&str> = outcome.steps.iter().map(|step| step.revision.as_str()).collect();
    /// assert_eq!(steps, ["V0003__find_by_time", "V0003__find_by_time"]);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn redo(&self, location: &Location, observer: &dyn Observer) -> Result<MigrateOutcome, MigrateError> {
        let mut session = Session::open(self, location, "migrate redo", observer).await?;
        let steps = session.plan_redo()?;
        let outcome = session.take(steps, observer).await;
        session.close().await;
        outcome
    }

    /// Says what a way to a target would be; changes nothing, and takes no lock.
    ///
    /// A step that could not be taken is in the plan, with its obstacle.
    ///
    /// ```
    /// # use strait::{include_dir::{self, include_dir}, migrate::Migrator};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let place = tempfile::tempdir()?;
    /// # let location = strait::database::Location::Sqlite(place.path().join("app.db"));
    /// # let migrator = Migrator::embedded(&include_dir!("$CARGO_MANIFEST_DIR/examples/notes/migrations"))?;
    /// # use strait::migrate::graph::{Target, Way};
    /// let plan = migrator.plan(&location, Way::Up, &Target::heads()).await?;
    /// assert_eq!((plan.steps.len(), plan.after), (3, vec!["V0003__find_by_time".to_owned()]));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn plan(&self, location: &Location, way: Way, target: &Target) -> Result<PlanOutcome, MigrateError> {
        let session = Session::look(self, location).await?;
        session.plan_outcome(way, target)
    }

    /// Says how a database stands to the folder; changes nothing, and takes no lock.
    ///
    /// Every revision has a state; what keeps [`up`](Self::up) from running is among the problems, not an error.
    ///
    /// ```
    /// # use strait::{include_dir::{self, include_dir}, migrate::Migrator};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let place = tempfile::tempdir()?;
    /// # let location = strait::database::Location::Sqlite(place.path().join("app.db"));
    /// # let migrator = Migrator::embedded(&include_dir!("$CARGO_MANIFEST_DIR/examples/notes/migrations"))?;
    /// assert!(!migrator.status(&location).await?.exists);
    /// migrator.up(&location.to_string()).await?;
    /// assert!(migrator.status(&location).await?.up_to_date());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn status(&self, location: &Location) -> Result<Status, MigrateError> {
        Ok(Session::look(self, location).await?.status())
    }

    /// Says what has run on a database, oldest first; changes nothing. Of a database never seen it is empty.
    ///
    /// ```
    /// # use strait::{include_dir::{self, include_dir}, migrate::Migrator};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let place = tempfile::tempdir()?;
    /// # let location = strait::database::Location::Sqlite(place.path().join("app.db"));
    /// # let migrator = Migrator::embedded(&include_dir!("$CARGO_MANIFEST_DIR/examples/notes/migrations"))?;
    /// # migrator.up(&location.to_string()).await?;
    /// let records = Migrator::history(&location).await?;
    /// assert_eq!(records[0].revision, "V0001__create_notes");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn history(location: &Location) -> Result<Vec<state::Record>, MigrateError> {
        let mut database = match Database::open(location, Access::Read).await {
            Err(DatabaseError::Absent { .. }) => return Ok(Vec::new()),
            database => database?,
        };
        match state::exists(&mut database).await? {
            true => Ok(state::read_history(&mut database).await?),
            false => Ok(Vec::new()),
        }
    }
}

impl Migrator {
    /// A revision of the folder.
    pub(crate) fn revision(&self, id: &str) -> Result<&folder::Revision, MigrateError> {
        self.folder.revision(id).ok_or_else(|| MigrateError::Usage(format!("there is no revision {id}")))
    }

    /// Refuses to write into a folder that is a part of the program.
    fn refuse_embedded(&self) -> Result<(), MigrateError> {
        match self.folder.path.as_os_str().is_empty() {
            true => {
                Err(MigrateError::Usage("embedded revisions cannot be changed; read them from their folder".into()))
            }
            false => Ok(()),
        }
    }

    /// The revision into which another was squashed.
    fn replaced_by(&self, id: &str) -> Option<&str> {
        let replaces =
            |revision: &&folder::Revision| revision.id != id && revision.replaces.iter().any(|one| one.id == id);
        self.folder.revisions.iter().find(replaces).map(|revision| revision.id.as_str())
    }
}
