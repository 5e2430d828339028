//! What can go wrong with a private server, and what to do then.

use std::io;
use std::path::PathBuf;

/// Why a private PostgreSQL server could not be had, or not be ended.
#[derive(Debug, thiserror::Error)]
pub enum PrivateServerError {
    /// No folder on this machine holds PostgreSQL's server programs.
    #[error(
        "no PostgreSQL server programs (initdb, postgres) found in {}; install them with `apt-get install postgresql` or \
         `brew install postgresql@17`, or name their folder in PG_BIN", looked.join(", ")
    )]
    NotFound {
        /// The places looked at, in order.
        looked: Vec<String>,
    },

    /// `PG_BIN` is set, but not to a folder of server programs.
    #[error(
        "PG_BIN names {}, which holds no {missing}; set it to the folder that holds initdb and postgres, or unset it to have \
         the usual places searched", folder.display()
    )]
    WrongPgBin {
        /// What `PG_BIN` says.
        folder: PathBuf,
        /// The program that is not there.
        missing: &'static str,
    },

    /// A program was found but does not run.
    #[error("{} does not run; reinstall PostgreSQL or name another folder in PG_BIN", program.display())]
    Program {
        /// The program.
        program: PathBuf,
        /// Why.
        source: io::Error,
    },

    /// PostgreSQL refuses to run as root, and there is nobody to run it as.
    #[error(
        "PostgreSQL does not run as root, and /etc/passwd knows neither `postgres` nor `nobody`; add a user `postgres` or run \
         this as an ordinary user"
    )]
    NoAccount,

    /// No folder could be made for the server.
    #[error("no folder for the server can be made in {}; set TMPDIR to a folder that can be written", path.display())]
    Folder {
        /// Where it was tried last.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },

    /// The shell that watches over the server could not be started.
    #[error(
        "/bin/sh cannot be started to watch over the server; see that it exists and that processes are not limited"
    )]
    Supervisor {
        /// Why.
        source: io::Error,
    },

    /// The server ended before it was ready.
    #[error("the private PostgreSQL server did not start; its log may say what to mend, and it ends:\n{log}")]
    NotStarted {
        /// The last lines of its log.
        log: String,
    },

    /// The server took too long.
    #[error(
        "the private PostgreSQL server was not ready after {seconds} s; try again on a quieter machine; its log ends:\n{log}"
    )]
    NotReady {
        /// How long it was waited for.
        seconds: u64,
        /// The last lines of its log.
        log: String,
    },

    /// The server's supervisor ended without having cleaned up.
    #[error(
        "the private PostgreSQL server was not stopped in order; look whether a process still runs from {} and end it",
        folder.display()
    )]
    NotStopped {
        /// The server's folder.
        folder: PathBuf,
    },
}
