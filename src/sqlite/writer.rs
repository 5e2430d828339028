//! A connection that writes: it lives on a thread of its own, so that nobody who awaits it is blocked.
//!
//! Whoever drops the writer, at whatever moment, ends its thread first: a statement under way is interrupted, an open
//! transaction is rolled back, and every lock is gone when the drop returns.

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::fallible_iterator::FallibleIterator as _;
use rusqlite::types::ValueRef;
use rusqlite::{Batch, Connection, InterruptHandle, OpenFlags};
use tokio::sync::oneshot;

use super::alter::{self, AlterError, Edit};
use super::says::SqliteSays;
use super::{SqliteError, classify};
use crate::schema::Schema;
use crate::schema::inventory::Inventory;

/// How long a statement waits for a lock that another program holds, unless told otherwise.
pub const BUSY_TIMEOUT: Duration = super::BUSY_TIMEOUT;
/// How often a writer that is dropped looks whether its thread has ended.
const PAUSE: Duration = Duration::from_millis(2);
/// The stack of the thread: an expression may be as deep as SQLite allows, a thousand levels.
const STACK_BYTES: usize = 16 << 20;

type Job = Box<dyn FnOnce(&Connection) + Send>;

/// A row of texts, one for each column.
pub type Row = Vec<Option<String>>;

/// Where a writer's database is.
#[derive(Clone, Debug)]
pub enum Place {
    /// In memory alone; it ends with the writer.
    Memory,
    /// A file that must be there and is only read.
    Read(PathBuf),
    /// A file that is made when it is missing.
    Write(PathBuf),
}

/// A connection on its own thread.
pub struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    interrupt: InterruptHandle,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Opens a database.
    pub async fn open(place: Place) -> Result<Self, SqliteError> {
        let (answer, opened) = oneshot::channel();
        let (jobs, queue) = mpsc::channel::<Job>();
        let path = match &place {
            Place::Memory => PathBuf::from(":memory:"),
            Place::Read(path) | Place::Write(path) => path.clone(),
        };
        let cannot_start = |why: String| SqliteError::Unwritable { path: path.clone(), why };
        let thread = std::thread::Builder::new()
            .name("sqlite writer".into())
            .stack_size(STACK_BYTES)
            .spawn(move || {
                let connection = match connect(&place) {
                    Ok(connection) => connection,
                    Err(error) => return drop(answer.send(Err(error))),
                };
                if answer.send(Ok(connection.get_interrupt_handle())).is_ok() {
                    queue.iter().for_each(|job| job(&connection));
                }
            })
            .map_err(|error| cannot_start(format!("no thread can be started for it ({error})")))?;
        let interrupt = opened.await.map_err(|_| cannot_start("its thread has ended".into()))??;
        Ok(Self { jobs: Some(jobs), interrupt, thread: Some(thread) })
    }

    /// Does some work with the connection, on its thread; the work goes on to its end when nobody awaits it any more.
    pub async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> T + Send + 'static,
    ) -> Result<T, SqliteSays> {
        let (answer, result) = oneshot::channel();
        let job: Job = Box::new(move |connection| drop(answer.send(work(connection))));
        let jobs = self.jobs.as_ref().ok_or_else(SqliteSays::gone)?;
        jobs.send(job).map_err(|_| SqliteSays::gone())?;
        result.await.map_err(|_| SqliteSays::gone())
    }

    /// Runs statements; gives how many rows they changed.
    pub async fn run(&self, sql: &str) -> Result<u64, SqliteSays> {
        let sql = sql.to_owned();
        self.call(move |connection| run(connection, &sql)).await?
    }

    /// Runs one statement with parameters `$1`, `$2`, …; gives its rows as texts, and how many it changed.
    pub async fn query(&self, sql: &str, parameters: Vec<Option<String>>) -> Result<(Vec<Row>, u64), SqliteSays> {
        let sql = sql.to_owned();
        self.call(move |connection| query(connection, &sql, &parameters)).await?
    }

    /// Reads the structure of all tables.
    pub async fn structure(&self) -> Result<Schema, SqliteSays> {
        let read = |connection: &Connection| {
            super::introspect::structure(connection).map_err(|(what, source)| SqliteSays::new(&source, &what))
        };
        self.call(move |connection| read(connection).map(|structure| structure.schema)).await?
    }

    /// Reads everything that there is, as facts.
    pub async fn inventory(&self) -> Result<Inventory, SqliteSays> {
        self.call(|connection| {
            super::inventory::read(connection).map_err(|(what, source)| SqliteSays::new(&source, &what))
        })
        .await?
    }

    /// Makes edits of a table inside the open transaction; gives every statement that changed something.
    pub async fn alter(&self, table: &str, edits: &[Edit]) -> Result<Result<Vec<String>, AlterError>, SqliteSays> {
        let (table, edits) = (table.to_owned(), edits.to_vec());
        self.call(move |connection| alter::alter(connection, &table, &edits)).await
    }

    /// Tells how edits of a table would be made.
    pub async fn plan(&self, table: &str, edits: &[Edit]) -> Result<Result<alter::Plan, AlterError>, SqliteSays> {
        let (table, edits) = (table.to_owned(), edits.to_vec());
        self.call(move |connection| alter::plan(connection, &table, &edits)).await
    }

    /// Tells whether no transaction is open.
    pub async fn is_idle(&self) -> Result<bool, SqliteSays> {
        self.call(Connection::is_autocommit).await
    }

    /// Sets how long statements wait for a lock that another program holds.
    pub async fn wait_for_locks(&self, timeout: Duration) -> Result<(), SqliteSays> {
        self.call(move |connection| connection.busy_timeout(timeout))
            .await?
            .map_err(|error| SqliteSays::new(&error, ""))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.jobs.take());
        let Some(thread) = self.thread.take() else { return };
        // Again and again: an interrupt reaches only the statement that runs at that moment, and a job may have several.
        while !thread.is_finished() {
            self.interrupt.interrupt();
            std::thread::sleep(PAUSE);
        }
        // A job that panicked has been told already.
        thread.join().ok();
    }
}

fn connect(place: &Place) -> Result<Connection, SqliteError> {
    match place {
        Place::Memory => Connection::open_in_memory()
            .and_then(prepare)
            .map_err(|source| classify(Path::new(":memory:"), "an empty database", source)),
        Place::Read(path) => {
            super::check_present(path)?;
            let connection = super::connect(path)?;
            look(&connection).map_err(|source| classify(path, "the list of tables", source))?;
            Ok(connection)
        }
        Place::Write(path) => connect_to_write(path),
    }
}

/// Opens a file as its application does: what its triggers, views and quoted words mean is not ours to change. A table that
/// needs a collation of the application's own is refused by SQLite itself: a stand-in would put its indexes in disorder.
fn connect_to_write(path: &Path) -> Result<Connection, SqliteError> {
    let unwritable = |why: String| SqliteError::Unwritable { path: path.to_owned(), why };
    if path.exists() {
        super::check_present(path)?;
    } else if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        return Err(unwritable(format!("there is no folder {}; create it first", folder.display())));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection =
        Connection::open_with_flags(path, flags).and_then(prepare).map_err(|source| {
            match SqliteSays::new(&source, "").is_read_only() {
                true => unwritable("SQLite cannot open it; see whether the file and its folder can be written".into()),
                false => classify(path, "the header", source),
            }
        })?;
    // SQLite opens what it may not write for reading, and says so only at the first write.
    match connection.is_readonly("main") {
        Ok(false) => Ok(connection),
        Ok(true) => Err(unwritable("the file is read-only; give this user the right to write it (chmod u+w)".into())),
        Err(source) => Err(classify(path, "the header", source)),
    }
}

fn prepare(mut connection: Connection) -> rusqlite::Result<Connection> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    super::confine::confine(&mut connection)?;
    look(&connection)?;
    Ok(connection)
}

/// The first look into a file: what is no database is told now.
fn look(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("select count(*) from sqlite_schema", [], |_| Ok(()))
}

/// Runs statements one after the other; gives how many rows they changed.
pub fn run(connection: &Connection, sql: &str) -> Result<u64, SqliteSays> {
    let says = |error: rusqlite::Error| SqliteSays::new(&error, sql);
    let mut changed = 0;
    let mut batch = Batch::new(connection, sql);
    while let Some(mut statement) = batch.next().map_err(says)? {
        let before = connection.total_changes();
        let mut rows = statement.raw_query();
        while rows.next().map_err(says)?.is_some() {}
        changed += changes_since(connection, before);
    }
    Ok(changed)
}

fn query(connection: &Connection, sql: &str, parameters: &[Option<String>]) -> Result<(Vec<Row>, u64), SqliteSays> {
    let says = |error: rusqlite::Error| SqliteSays::new(&error, sql);
    let mut statement = connection.prepare(sql).map_err(says)?;
    for (position, parameter) in (1..).zip(parameters) {
        let index = statement.parameter_index(&format!("${position}")).map_err(says)?;
        let index = index.ok_or_else(|| SqliteSays::refused(&format!("the statement has no parameter ${position}")))?;
        statement.raw_bind_parameter(index, parameter).map_err(says)?;
    }
    let before = connection.total_changes();
    let columns = statement.column_count();
    let mut answer = Vec::new();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(says)? {
        let texts = (0..columns).map(|index| row.get_ref(index).map(text)).collect::<Result<Row, _>>();
        answer.push(texts.map_err(says)?);
    }
    Ok((answer, changes_since(connection, before)))
}

/// The count of the last change stays when a statement changes nothing, and the total counts what triggers do, too.
fn changes_since(connection: &Connection, total_before: u64) -> u64 {
    if connection.total_changes() == total_before { 0 } else { connection.changes() }
}

fn text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(format!("{number:?}")),
        ValueRef::Text(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        // As PostgreSQL writes bytes.
        ValueRef::Blob(bytes) => Some("\\x".chars().chain(bytes.iter().flat_map(|byte| hex(*byte))).collect()),
    }
}

fn hex(byte: u8) -> [char; 2] {
    [byte >> 4, byte & 15].map(|digit| char::from_digit(u32::from(digit), 16).unwrap_or('?'))
}
