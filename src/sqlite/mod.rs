//! The SQLite engine: a source opened read-only, one snapshot for all its readers.
//!
//! This is the only room that names the SQLite driver. The story of a row: [`introspect`] tells what tables there are,
//! [`profile`] what is really stored in them, [`read`] walks a key range, and [`cast`] turns each stored value into a
//! cell or a reason to set its row aside.

pub mod alter;
pub mod cast;
pub mod check;
pub mod children;
mod confine;
pub mod create_text;
pub mod ddl;
mod failure;
pub mod faults;
pub mod introspect;
pub mod inventory;
mod listed;
pub mod lock;
pub mod profile;
pub mod read;
pub mod sample;
pub mod says;
mod stand_in;
mod text;
pub mod unreadable;
pub mod writer;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

pub use crate::schema::names::quoted as quote;
use failure::classify;

/// How long to wait for a lock that another program holds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How often to try to pin all readers to one state of a database that is being written.
const PIN_ATTEMPTS: u32 = 100;
/// The header's byte that tells the journal mode. Source: SQLite, "Database File Format", 1.3.3.
const READ_VERSION_OFFSET: usize = 19;

/// Why a SQLite database could not be used.
#[derive(Debug, thiserror::Error)]
pub enum SqliteError {
    /// There is nothing at the path, or it is not a file.
    #[error("cannot read {path}: {why}")]
    Unreadable {
        /// The path as given.
        path: PathBuf,
        /// What is wrong, and what to do.
        why: String,
    },
    /// A program that wrote to it was killed.
    #[error(
        "cannot read {path}: a program that wrote to it ended in the middle, and reading alone cannot mend that; open it \
         once with the application or with the sqlite3 shell, or copy it with its -journal or -wal file and open the copy"
    )]
    Unfinished {
        /// The path as given.
        path: PathBuf,
    },
    /// It cannot be written.
    #[error("cannot write to {path}: {why}")]
    Unwritable {
        /// The path as given.
        path: PathBuf,
        /// What is in the way, and what to do.
        why: String,
    },
    /// The file is something else.
    #[error(
        "{path} is not a SQLite database; check the path (an encrypted database must be decrypted, a dump loaded first)"
    )]
    NotADatabase {
        /// The path as given.
        path: PathBuf,
    },
    /// Another program holds a lock.
    #[error(
        "{path} is locked by another program for more than {} seconds; stop that program, or copy the database with \
         `sqlite3 {path} \".backup copy.db\"` and use the copy",
        BUSY_TIMEOUT.as_secs()
    )]
    Locked {
        /// The path as given.
        path: PathBuf,
    },
    /// The database changes faster than all readers can be pinned to one state of it.
    #[error("{path} is written to without a pause: no two readers could see the same state; pause the application")]
    NeverStill {
        /// The path as given.
        path: PathBuf,
    },
    /// The file is damaged.
    #[error(
        "{path} is damaged: {what} cannot be read whole; nothing was left out in silence: recover it first with \
         `sqlite3 {path} .recover | sqlite3 recovered.db`"
    )]
    Corrupt {
        /// The path as given.
        path: PathBuf,
        /// The table or the part of the file.
        what: String,
    },
    /// A text of a UTF-16 database is not UTF-16.
    #[error(
        "column {column} of table {table} of {path} holds text that is not valid UTF-16, and SQLite would give another text \
         for it in silence; correct it, keep it as bytes with `update … set … = cast(… as blob)`, or leave the table \
         out (--exclude {table})"
    )]
    BrokenText {
        /// The path as given.
        path: PathBuf,
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// A query failed.
    #[error("cannot read {what} of {path}")]
    Query {
        /// The path as given.
        path: PathBuf,
        /// The table or the part of the file.
        what: String,
        /// What SQLite says.
        source: rusqlite::Error,
    },
}

/// A SQLite database in one state, seen by several readers at once.
pub struct Snapshot {
    path: PathBuf,
    missing_wal: Option<String>,
    idle: Mutex<Vec<Connection>>,
}

impl Snapshot {
    /// Opens a database read-only with so many readers, all pinned to the same state.
    pub fn open(path: &Path, readers: usize) -> Result<Self, SqliteError> {
        check_file(path)?;
        // Before the first connection, which makes an empty -wal where there is none.
        let missing_wal = missing_wal(path);
        let monitor = connect(path)?;
        let connections = (0..readers.max(1)).map(|_| connect(path)).collect::<Result<Vec<_>, _>>()?;
        pin(path, &monitor, &connections)?;
        Ok(Self { path: path.to_owned(), missing_wal, idle: Mutex::new(connections) })
    }

    /// The path as given.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Lends a reader; it comes back by itself.
    ///
    /// # Panics
    /// When more readers are lent at once than the snapshot was opened with.
    pub fn lend(&self) -> Reader<'_> {
        let connection = self.readers().pop().expect("one worker has one reader");
        Reader { snapshot: self, connection: Some(connection) }
    }

    /// A warning when the file says that recent changes live beside it, and nothing was beside it before it was opened.
    pub fn missing_wal(&self) -> Option<String> {
        self.missing_wal.clone()
    }

    fn readers(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Names what was being read when SQLite failed.
    pub(crate) fn error(&self, what: &str, source: rusqlite::Error) -> SqliteError {
        classify(&self.path, what, source)
    }
}

/// A reader on loan from its snapshot.
pub struct Reader<'s> {
    snapshot: &'s Snapshot,
    connection: Option<Connection>,
}

impl Reader<'_> {
    pub(crate) fn connection(&self) -> &Connection {
        self.connection.as_ref().expect("a reader has its connection until it is dropped")
    }

    pub(crate) fn error(&self, what: &str, source: rusqlite::Error) -> SqliteError {
        self.snapshot.error(what, source)
    }

    pub(crate) fn damaged(&self, what: &str) -> SqliteError {
        SqliteError::Corrupt { path: self.snapshot.path.clone(), what: what.to_owned() }
    }

    pub(crate) fn broken_text(&self, table: &str, column: &str) -> SqliteError {
        let (path, table, column) = (self.snapshot.path.clone(), table.to_owned(), column.to_owned());
        SqliteError::BrokenText { path, table, column }
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.snapshot.readers().push(connection);
        }
    }
}

/// Refuses what cannot be a database that somebody wants to read from.
fn check_file(path: &Path) -> Result<(), SqliteError> {
    if check_present(path)? == 0 {
        return Err(SqliteError::Unreadable { path: path.to_owned(), why: "the file is empty; check the path".into() });
    }
    Ok(())
}

/// Refuses what is no file, and a file that was cut off; gives its length. An empty one is a database without tables.
fn check_present(path: &Path) -> Result<u64, SqliteError> {
    let unreadable = |why: &str| SqliteError::Unreadable { path: path.to_owned(), why: why.to_owned() };
    let file = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => unreadable("there is no such file; check the path"),
        _ => unreadable(&error.to_string()),
    })?;
    if !file.is_file() {
        return Err(unreadable("it is not a file; name the database file itself"));
    }
    std::fs::File::open(path).map_err(|error| unreadable(&error.to_string()))?;
    if ends_within_a_page(path, file.len()) {
        return Err(SqliteError::Corrupt { path: path.to_owned(), what: "its last page".into() });
    }
    Ok(file.len())
}

/// SQLite itself reads the missing end of a last page as zeros. While there is a -wal the file may be growing, and with a
/// -journal SQLite brings back the pages that a program which was killed has half written.
fn ends_within_a_page(path: &Path, bytes: u64) -> bool {
    let Some(header) = read_header(path).filter(|header| header.starts_with(b"SQLite format 3\0")) else {
        return false;
    };
    // Source: SQLite, "Database File Format", 1.3.2: one stands for 65536.
    let page = match u64::from(u16::from_be_bytes([header[16], header[17]])) {
        1 => 65536,
        bytes => bytes,
    };
    page >= 512
        && !bytes.is_multiple_of(page)
        && [wal_of(path), beside(path, "-journal")].iter().all(|file| lies_empty(file))
}

/// The file beside a database that holds its latest changes.
pub fn wal_of(path: &Path) -> PathBuf {
    beside(path, "-wal")
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn lies_empty(path: &Path) -> bool {
    std::fs::metadata(path).map_or(true, |file| file.len() == 0)
}

/// Tells whether the file says of itself that its latest changes may lie beside it.
pub fn is_in_wal_mode(path: &Path) -> bool {
    read_header(path).is_some_and(|header| header.get(READ_VERSION_OFFSET) == Some(&2))
}

fn missing_wal(path: &Path) -> Option<String> {
    let in_wal_mode = is_in_wal_mode(path);
    let wal = wal_of(path);
    // An empty one holds nothing either: a reader before us, perhaps of this program, has left it.
    (in_wal_mode && lies_empty(&wal)).then(|| {
        format!(
            "{} is in WAL mode and no changes lie beside it in {}; if the file was copied from a running \
             application, its latest changes are missing: copy the -wal file too, or stop the application first",
            path.display(),
            wal.file_name().map_or_else(|| "-wal file".into(), |name| name.to_string_lossy())
        )
    })
}

fn read_header(path: &Path) -> Option<[u8; 100]> {
    let mut header = [0; 100];
    std::io::Read::read_exact(&mut std::fs::File::open(path).ok()?, &mut header).ok()?;
    Some(header)
}

/// Opens one connection that cannot write and does not trust what it reads.
///
/// SQLite's defensive mode is not asked for: it keeps from writing, which this connection cannot, and takes a file for damaged
/// in which somebody has put an index or a trigger on a module's own table.
///
/// A collation that an application brought along is stood in for, so that its tables can be read; nothing here relies on
/// the order that it gives.
///
/// Source: SQLite, "Defense Against The Dark Arts".
fn connect(path: &Path) -> Result<Connection, SqliteError> {
    let open = || -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        connection.collation_needed(|connection, name| connection.create_collation(name, str::cmp))?;
        connection.execute_batch("pragma query_only = on; pragma cell_size_check = on; pragma mmap_size = 0")?;
        Ok(connection)
    };
    open().map_err(|source| classify(path, "the header", source))
}

/// Starts a read transaction on every connection, and again until the monitor saw no commit meanwhile.
fn pin(path: &Path, monitor: &Connection, connections: &[Connection]) -> Result<(), SqliteError> {
    let version = || monitor.query_row("pragma data_version", [], |row| row.get::<_, i64>(0));
    // `begin` alone pins nothing: the first read does.
    let pinned = std::cell::Cell::new(0);
    let pin_all = || -> rusqlite::Result<bool> {
        pinned.set(0);
        let before = version()?;
        for connection in connections {
            connection.execute_batch("begin; select count(*) from sqlite_schema")?;
            pinned.set(pinned.get() + 1);
        }
        Ok(before == version()?)
    };
    for _ in 0..PIN_ATTEMPTS {
        match pin_all() {
            Ok(true) => return Ok(()),
            // A writer waits for the readers that are pinned, and lets no other in: let go and come again. Where not even
            // one could be pinned, nothing of ours is in its way.
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && pinned.get() > 0 => {}
            Ok(false) => {}
            Err(source) => return Err(classify(path, "the list of tables", source)),
        }
        for connection in connections.iter().filter(|connection| !connection.is_autocommit()) {
            connection.execute_batch("rollback").map_err(|source| classify(path, "the snapshot", source))?;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    Err(SqliteError::NeverStill { path: path.to_owned() })
}
