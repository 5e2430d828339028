//! An empty database of our own: made to try something on, gone with all that is in it however we end.

use std::io::{self, BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Access, Database, DatabaseError, Location};
use crate::postgres::private::{PrivateServer, Settings};
use crate::schema::Engine;

/// The database of a private server that is there from its beginning.
const FIRST: &str = "postgres";
/// Makes a folder, and removes it when the pipe to us closes, whatever we die of. Ctrl-C is for us alone.
const KEEPER: &str = r#"trap '' HUP INT QUIT TERM PIPE
umask 077
mkdir -- "$0" || exit 3
echo made
cat >/dev/null
rm -rf -- "$0""#;

/// An empty database of one engine; it is gone when this value is dropped or the process ends.
pub struct PrivateDatabase {
    location: Location,
    keeper: Keeper,
    /// How many there were before this one in the same place.
    number: u32,
}

enum Keeper {
    Folder(Folder),
    Server(PrivateServer),
}

impl PrivateDatabase {
    /// Makes one: a file in a folder of its own, or a server of its own.
    pub async fn start(engine: Engine) -> Result<Self, DatabaseError> {
        let start = move || match engine {
            Engine::Sqlite => Self::file(),
            Engine::Postgres => Self::server(),
        };
        tokio::task::spawn_blocking(start).await.map_err(ended)?
    }

    fn file() -> Result<Self, DatabaseError> {
        let folder = Folder::make()?;
        Ok(Self { location: folder.file(0), keeper: Keeper::Folder(folder), number: 0 })
    }

    fn server() -> Result<Self, DatabaseError> {
        let server = PrivateServer::start(&Settings::default())?;
        Ok(Self { location: on(&server, FIRST)?, keeper: Keeper::Server(server), number: 0 })
    }

    /// Makes another empty one in the same place, and leaves the old one alone.
    pub async fn anew(&mut self) -> Result<(), DatabaseError> {
        self.number += 1;
        self.location = match &self.keeper {
            Keeper::Folder(folder) => folder.file(self.number),
            Keeper::Server(server) => {
                let name = format!("private_{}", self.number);
                let mut first = Database::open(&on(server, FIRST)?, Access::Write).await?;
                first.run_script("make another private database", &format!("create database {name}")).await?;
                first.close().await;
                on(server, &name)?
            }
        };
        Ok(())
    }

    /// Where it is.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Removes it, and waits until it is gone.
    pub async fn end(self) -> Result<(), DatabaseError> {
        let end = move || match self.keeper {
            Keeper::Folder(mut folder) => folder.remove(),
            Keeper::Server(server) => Ok(server.stop()?),
        };
        tokio::task::spawn_blocking(end).await.map_err(ended)?
    }
}

fn on(server: &PrivateServer, database: &str) -> Result<Location, DatabaseError> {
    let senseless = |_| DatabaseError::OutOfOrder { what: "a private server's own address makes no sense" };
    Location::parse(&server.url(database)).map_err(senseless)
}

fn ended(_: tokio::task::JoinError) -> DatabaseError {
    DatabaseError::OutOfOrder { what: "the work on a private database has ended before its end" }
}

/// A folder that a small shell keeps for us.
struct Folder {
    path: PathBuf,
    keeper: Child,
    lifeline: Option<ChildStdin>,
}

impl Folder {
    fn make() -> Result<Self, DatabaseError> {
        let path = fresh_path();
        Self::kept(path.clone())
            .map_err(|source| DatabaseError::PrivateFolder { path: path.display().to_string(), source })
    }

    fn kept(path: PathBuf) -> io::Result<Self> {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", KEEPER]).arg(&path).current_dir("/").process_group(0);
        let mut keeper = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let (lifeline, told) = (keeper.stdin.take(), keeper.stdout.take());
        let mut line = String::new();
        if let Some(told) = told {
            BufReader::new(told).read_line(&mut line)?;
        }
        let folder = Self { path, keeper, lifeline };
        if line.is_empty() { Err(io::ErrorKind::PermissionDenied.into()) } else { Ok(folder) }
    }

    fn file(&self, number: u32) -> Location {
        Location::Sqlite(self.path.join(format!("{number}.db")))
    }

    fn remove(&mut self) -> Result<(), DatabaseError> {
        if self.lifeline.take().is_none() {
            return Ok(());
        }
        let failed = |source| DatabaseError::PrivateFolder { path: self.path.display().to_string(), source };
        self.keeper.wait().map_err(failed)?;
        match self.path.exists() {
            true => std::fs::remove_dir_all(&self.path).map_err(failed),
            false => Ok(()),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = self.remove() {
            tracing::warn!(%error, "private SQLite database");
        }
    }
}

/// A path among the temporary files that nobody else makes.
fn fresh_path() -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let moment = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_nanos());
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("strait-test-{}-{number}-{moment:x}", std::process::id()))
}
