//! The tests' PostgreSQL: one private server for a whole run, and in it a database of its own for every test.
//!
//! `cargo test` is one process: the server is tied to it. cargo-nextest starts a process per test: the first to come starts
//! the server, leaves word of it in a file, and hands its life line to a small shell that holds it as long as the runner lives.
#![allow(dead_code, reason = "not every helper is needed at all times")]

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::process::{CommandExt, parent_id};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use strait::postgres::private::{PrivateServer, Settings};

/// Waits for the process that it is given to end, then removes the file that tells of the server. Its standard output is the
/// server's life line.
const HOLD_WHILE_ALIVE: &str = r#"while kill -0 "$1" 2>/dev/null; do sleep 0.3; done; rm -f -- "$2""#;
const MAINTENANCE: &str = "postgres";

/// The server that all tests of a run share.
#[derive(Debug)]
pub(crate) struct Server {
    socket_dir: PathBuf,
    bin_dir: PathBuf,
    version: String,
    url: String,
    lifeline: Option<ChildStdin>,
}

/// A database of one test; it is dropped with this value.
#[derive(Debug)]
pub(crate) struct Database {
    server: &'static Server,
    name: String,
    url: String,
}

/// The server; it is started when it is first asked for.
pub(crate) fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| match std::env::var("NEXTEST_RUN_ID") {
        Ok(run) => shared_by(&run),
        Err(_) => Server::start(),
    })
}

/// An empty database, unlike any other of the run.
pub(crate) fn fresh_database() -> Database {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("test_{}_{count}", std::process::id());
    let server = server();
    server.psql(MAINTENANCE, &format!("create database {name} template template0 encoding 'UTF8'"));
    let url = server.url(&name);
    Database { server, name, url }
}

impl Database {
    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Its URL, as the program takes it.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Its server.
    pub(crate) fn server(&self) -> &'static Server {
        self.server
    }

    /// A `psql` that is connected to the database and waits for input.
    pub(crate) fn spawn_psql(&self) -> Child {
        self.server.spawn_psql(&self.name)
    }

    /// What `pg_dump` writes of it, as SQL.
    pub(crate) fn dump(&self) -> String {
        let beside_server = self.server.bin_dir.join("pg_dump");
        let mut command = Command::new(if beside_server.exists() { beside_server } else { "pg_dump".into() });
        let output = command.args(["--format=plain", "--dbname", &self.url]).output().expect("pg_dump starts");
        assert!(output.status.success(), "pg_dump: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// What `psql` prints for some SQL: a line for each row, `|` between columns.
    pub(crate) fn psql(&self, sql: &str) -> String {
        self.server.psql(&self.name, sql)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let force = if self.server.major_version() >= 13 { "with (force)" } else { "" };
        let sql = format!("drop database {} {force}", self.name);
        // What stays goes with the server; and a test that panics must not panic twice.
        let _ = self.server.run_psql(MAINTENANCE, &sql);
    }
}

impl Server {
    fn start() -> Self {
        let extra = vec![("max_connections".to_owned(), "200".to_owned())];
        let settings = Settings { place: roomy_memory(), extra, ..Settings::default() };
        let server = PrivateServer::start(&settings).unwrap_or_else(|error| panic!("{error}"));
        Self {
            socket_dir: server.socket_dir().to_owned(),
            bin_dir: server.bin_dir().to_owned(),
            version: server.version().to_owned(),
            url: server.url(MAINTENANCE),
            lifeline: server.entrust(),
        }
    }

    /// The folder of its socket.
    pub(crate) fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    /// The first number of its version.
    pub(crate) fn major_version(&self) -> u32 {
        let digits = self.version.split(|c: char| !c.is_ascii_digit()).next();
        digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
    }

    /// The URL of one of its databases; the name needs no quoting.
    pub(crate) fn url(&self, database: &str) -> String {
        self.url.replacen(&format!("/{MAINTENANCE}?"), &format!("/{database}?"), 1)
    }

    /// What `psql` prints for some SQL in one of its databases; panics with what `psql` says when it fails.
    pub(crate) fn psql(&self, database: &str, sql: &str) -> String {
        self.run_psql(database, sql).unwrap_or_else(|said| panic!("psql: {said}\n{sql}"))
    }

    fn run_psql(&self, database: &str, sql: &str) -> Result<String, String> {
        let mut psql = self.spawn_psql(database);
        let mut input = psql.stdin.take().expect("a pipe");
        let output = std::thread::scope(|scope| {
            // It may end early because of an error, which it then tells itself.
            scope.spawn(move || input.write_all(sql.as_bytes()));
            psql.wait_with_output().expect("psql can be awaited")
        });
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8").trim_end_matches('\n').to_owned();
        if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
    }

    fn spawn_psql(&self, database: &str) -> Child {
        let beside_server = self.bin_dir.join("psql");
        let mut command = Command::new(if beside_server.exists() { beside_server } else { "psql".into() });
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"PG")) {
            command.env_remove(name);
        }
        command
            .env("PGCLIENTENCODING", "UTF8")
            .args(["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-d", &self.url(database)])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("psql starts")
    }

    fn to_record(&self) -> String {
        let folders = [&self.socket_dir, &self.bin_dir].map(|folder| folder.display().to_string());
        [&folders[0], &folders[1], &self.version, &self.url, "end"].map(|line| format!("{line}\n")).concat()
    }

    fn from_record(record: &str) -> Option<Self> {
        let lines: Vec<_> = record.lines().collect();
        let &[socket_dir, bin_dir, version, url, "end"] = lines.as_slice() else { return None };
        let [version, url] = [version, url].map(str::to_owned);
        Some(Self { socket_dir: socket_dir.into(), bin_dir: bin_dir.into(), version, url, lifeline: None })
    }
}

/// The file system in memory, where there is a large one: every new database is 300 new files, which disks take their time for.
fn roomy_memory() -> Option<PathBuf> {
    const ENOUGH_KB: u64 = 4 << 20;
    let output = Command::new("df").args(["-P", "-k", "/dev/shm"]).output().ok()?;
    let table = String::from_utf8(output.stdout).ok()?;
    let available_kb: u64 = table.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    (available_kb >= ENOUGH_KB).then(|| PathBuf::from("/dev/shm"))
}

/// The server of a nextest run: found in the run's file, or started and written there. The lock makes the others wait meanwhile.
fn shared_by(run: &str) -> Server {
    let runner = parent_id();
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("postgres-{run}-{runner}"));
    fs::create_dir_all(env!("CARGO_TARGET_TMPDIR")).expect("the target folder can be written");
    let mut file =
        File::options().read(true).append(true).create(true).open(&path).expect("the run's file can be opened");
    file.lock().expect("the run's file can be locked");
    let mut record = String::new();
    file.read_to_string(&mut record).expect("the run's file can be read");
    if let Some(server) = Server::from_record(&record) {
        return server;
    }
    let mut server = Server::start();
    hold_while_alive(runner, &path, server.lifeline.take().expect("a life line"));
    file.set_len(0).expect("the run's file can be written");
    file.write_all(server.to_record().as_bytes()).expect("the run's file can be written");
    server
}

/// Leaves the life line to a shell in a process group of its own, so that it outlives this test, and even its being killed.
fn hold_while_alive(runner: u32, record: &Path, lifeline: ChildStdin) {
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-c", HOLD_WHILE_ALIVE, "hold", &runner.to_string()])
        .arg(record)
        .stdin(Stdio::null())
        .stdout(lifeline)
        .stderr(Stdio::null())
        .process_group(0);
    // It is not awaited: it ends after us.
    drop(shell.spawn().expect("/bin/sh starts"));
}
