//! A PostgreSQL server of our own: started from the machine's binaries, gone without trace when we are.
//!
//! The server lives in one private folder, listens on a unix socket in it and on nothing else. A small shell
//! (`supervise.sh`) starts it and holds the reading end of a pipe; we hold the writing end. However we end, the kernel closes
//! our end, and the shell stops the server and removes the folder.
//!
//! Calls block; asynchronous callers wrap them in `spawn_blocking`.

mod error;
mod folder;
mod locate;
mod supervise;

pub use error::PrivateServerError;

use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin};
use std::time::{Duration, Instant};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use locate::Binaries;

/// Every server has a folder, and so a socket, to itself: all can have the same port.
const PORT: u16 = 5432;
const USER: &str = "postgres";
const LOG_FILE: &str = "log";
const STOP_LIMIT: Duration = Duration::from_secs(30);
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// How a private server is to run.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Whether commits are forced to disk: off for what is thrown away, on to measure what a real server would do.
    pub durable: bool,
    /// Where to make the server's folder; where that will not do, and by default, among the temporary files.
    pub place: Option<PathBuf>,
    /// Names and values of server parameters as in `postgresql.conf`; they win over ours.
    pub extra: Vec<(String, String)>,
}

/// A running PostgreSQL server of our own; it stops, and its folder vanishes, when this value is dropped or the process ends.
#[derive(Debug)]
pub struct PrivateServer {
    folder: PathBuf,
    binaries: Binaries,
    supervisor: Child,
    lifeline: Option<ChildStdin>,
}

impl PrivateServer {
    /// Makes a fresh cluster and starts it; returns when it accepts connections, about a second later.
    pub fn start(settings: &Settings) -> Result<Self, PrivateServerError> {
        let began = Instant::now();
        let binaries = locate::find()?;
        let mut server = Self::supervised(binaries, settings)?;
        supervise::wait_until_ready(&server.folder, &mut server.supervisor)?;
        tracing::debug!(
            version = server.version(),
            folder = %server.folder.display(),
            milliseconds = began.elapsed().as_millis() as u64,
            "private PostgreSQL started"
        );
        Ok(server)
    }

    /// Starts the supervisor in the first place in which it can make its folder.
    fn supervised(binaries: Binaries, settings: &Settings) -> Result<Self, PrivateServerError> {
        let account = folder::account()?;
        let mut refused = (PathBuf::new(), std::io::ErrorKind::NotFound.into());
        for place in folder::places(settings.place.as_deref()) {
            let folder = match folder::propose(&place, account) {
                Ok(folder) => folder,
                Err(reason) => {
                    refused = (place, reason);
                    continue;
                }
            };
            let (mut supervisor, lifeline) = supervise::spawn(&folder, account, &binaries.folder, settings)?;
            if supervise::made_its_folder(&folder, &mut supervisor) {
                return Ok(Self { folder, binaries, supervisor, lifeline: Some(lifeline) });
            }
            refused = (place, std::io::ErrorKind::PermissionDenied.into());
        }
        let (path, source) = refused;
        Err(PrivateServerError::Folder { path, source })
    }

    /// The folder of the unix socket.
    pub fn socket_dir(&self) -> &Path {
        &self.folder
    }

    /// The port that names the socket in its folder; no TCP port is open.
    pub fn port(&self) -> u16 {
        PORT
    }

    /// The superuser's name; there is no password, for the folder lets nobody else in.
    pub fn user(&self) -> &str {
        USER
    }

    /// The server's version as it states it, for instance `17.2`.
    pub fn version(&self) -> &str {
        &self.binaries.version
    }

    /// The folder of the server's programs.
    pub fn bin_dir(&self) -> &Path {
        &self.binaries.folder
    }

    /// The server's log; it vanishes with the server.
    pub fn log_path(&self) -> PathBuf {
        self.folder.join(LOG_FILE)
    }

    /// The URL of a database, in the form that both libpq and sqlx read.
    pub fn url(&self, database: &str) -> String {
        url(&self.folder, database)
    }

    /// A command line that a person can paste to look into a database.
    pub fn psql_hint(&self, database: &str) -> String {
        psql_hint(&self.folder, database)
    }

    /// Gives the server's life away: it runs until the last holder of the returned pipe has closed it or ended.
    ///
    /// The pipe goes, as a standard stream, to the process that is to keep the server.
    pub fn entrust(mut self) -> Option<ChildStdin> {
        self.lifeline.take()
    }

    /// Stops the server and waits until its folder is gone.
    pub fn stop(mut self) -> Result<(), PrivateServerError> {
        self.end()
    }

    fn end(&mut self) -> Result<(), PrivateServerError> {
        if self.lifeline.take().is_none() {
            return Ok(());
        }
        supervise::wait_until_gone(&mut self.supervisor, STOP_LIMIT);
        if !self.folder.exists() {
            return Ok(());
        }
        // The supervisor was killed. A server whose lock file vanishes stops by itself within a minute.
        folder::remove(&self.folder);
        Err(PrivateServerError::NotStopped { folder: self.folder.clone() })
    }
}

impl Drop for PrivateServer {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            tracing::warn!(%error, "private PostgreSQL");
        }
    }
}

fn url(socket_dir: &Path, database: &str) -> String {
    let database = utf8_percent_encode(database, UNRESERVED);
    let folder = socket_dir.to_string_lossy();
    let folder = utf8_percent_encode(&folder, UNRESERVED);
    format!("postgres://{USER}@localhost:{PORT}/{database}?host={folder}")
}

fn psql_hint(socket_dir: &Path, database: &str) -> String {
    let host = conninfo_value(&socket_dir.to_string_lossy());
    let database = conninfo_value(database);
    let conninfo = format!("host={host} port={PORT} user={USER} dbname={database}");
    format!("psql \"{}\"", shell_double_quoted(&conninfo))
}

// Source: PostgreSQL manual, "Connection Strings", "Keyword/Value Connection Strings".
fn conninfo_value(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.".contains(c);
    if !value.is_empty() && value.chars().all(plain) {
        return value.to_owned();
    }
    format!("'{}'", with_backslashes(value, "\\'"))
}

fn shell_double_quoted(text: &str) -> String {
    with_backslashes(text, "\\\"$`")
}

fn with_backslashes(text: &str, special: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if special.contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_carries_the_socket_folder_percent_encoded() {
        assert_eq!(
            url(Path::new("/tmp/a b+c"), "open webui"),
            "postgres://postgres@localhost:5432/open%20webui?host=%2Ftmp%2Fa%20b%2Bc"
        );
    }

    #[test]
    fn a_plain_hint_needs_no_inner_quotes() {
        assert_eq!(
            psql_hint(Path::new("/tmp/strait-pg-1"), "copy"),
            "psql \"host=/tmp/strait-pg-1 port=5432 user=postgres dbname=copy\""
        );
    }

    #[test]
    fn a_hint_survives_the_shell_and_libpq() {
        let hint = psql_hint(Path::new("/tmp/a b'$c"), "copy");
        assert!(hint.contains(r"host='/tmp/a b\\'\$c' port"), "{hint}");
    }
}
