//! What the tests stand on: throw-away databases of both engines, and the program run as a user runs it.

pub(crate) mod alter;
pub(crate) mod migrate;
pub(crate) mod open_webui;
pub(crate) mod picture;
pub(crate) mod place;
pub(crate) mod process;
pub(crate) mod reading;
pub(crate) mod server;
pub(crate) mod wire;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) use server::{Database, fresh_database};

/// How a run of the program ended.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A command that runs the program in an environment that says nothing of the machine's own databases.
pub(crate) fn strait_command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_strait"));
    command.args(arguments).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("PG") && name != "PG_BIN" || matches!(name.as_str(), "DATABASE_URL" | "RUST_LOG") {
            command.env_remove(name);
        }
    }
    command
}

/// Runs the program to its end.
pub(crate) fn strait(arguments: &[&str]) -> Finished {
    let output = strait_command(arguments).output().expect("the program can be started");
    Finished {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).expect("the report is UTF-8"),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The report of a copy, as its JSON form tells it, and the exit status.
#[derive(Debug)]
pub(crate) struct Copied {
    pub(crate) status: i32,
    pub(crate) report: Value,
}

impl Copied {
    /// The account of one table.
    pub(crate) fn table(&self, name: &str) -> &Value {
        let tables = self.report["tables"].as_array().expect("the report lists tables");
        tables
            .iter()
            .find(|table| table["name"] == name)
            .unwrap_or_else(|| panic!("no table {name} in {:#}", self.report))
    }

    /// Holds the copy to be whole: every row is there and everything was built.
    pub(crate) fn whole(&self) -> &Self {
        assert_eq!((self.status, &self.report["complete"]), (0, &Value::Bool(true)), "{:#}", self.report);
        self
    }

    /// One of the report's lists of objects, `left_out` or `unbuilt`, a line for each: `kind name: reason`.
    pub(crate) fn objects(&self, list: &str) -> Vec<String> {
        let objects = self.report[list].as_array().expect("the report has the list");
        let word = |object: &Value, field: &str| object[field].as_str().expect("the field is text").to_owned();
        let line = |object| format!("{} {}: {}", word(object, "kind"), word(object, "name"), word(object, "reason"));
        objects.iter().map(line).collect()
    }
}

/// Runs a copy that must stop before it changes anything; gives what it says.
pub(crate) fn stopped(source: &Path, target: &Database, flags: &[&str]) -> String {
    let mut arguments = vec!["copy", source.to_str().expect("the path is UTF-8"), target.url(), "--quiet"];
    arguments.extend(flags);
    let run = strait(&arguments);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    assert!(run.stderr.contains("nothing was changed"), "{}", run.stderr);
    run.stderr
}

/// Copies a source into a target with more flags, and checks that every table's account adds up.
pub(crate) fn copy(source: &Path, target: &Database, flags: &[&str]) -> Copied {
    let source = source.to_str().expect("the path is UTF-8");
    let mut arguments = vec!["copy", source, target.url(), "--format", "json", "--quiet"];
    arguments.extend(flags);
    let run = strait(&arguments);
    Copied { status: run.status, report: account(&run) }
}

/// The report of a copy or a rehearsal in its JSON form; every table's account must add up.
///
/// Every report that a test looks into comes through here.
pub(crate) fn account(run: &Finished) -> Value {
    let report: Value =
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("no report ({error}): {}", run.stderr));
    for table in report["tables"].as_array().expect("the report lists tables") {
        let count = |name: &str| table[name].as_u64().unwrap_or_else(|| panic!("{name} is missing in {table:#}"));
        let (rejected, skipped) = (count("rejected"), count("skipped"));
        assert_eq!(count("read"), count("exact") + count("normalised_rows") + rejected + skipped, "{table:#}");
        assert_eq!(count("copied"), count("exact") + count("normalised_rows"), "{table:#}");
        let reasons = table["reasons"].as_array().expect("reasons are listed");
        let named: u64 = reasons.iter().map(|reason| reason["rows"].as_u64().expect("rows are counted")).sum();
        assert_eq!(rejected, named, "{table:#}");
        let values = table["normalised"].as_object().expect("rules are listed").values();
        let changed: u64 = values.map(|count| count.as_u64().expect("values are counted")).sum();
        let rows = count("normalised_rows");
        assert!(rows <= changed && (rows == 0) == (changed == 0), "{table:#}");
    }
    report
}

/// Verifies a source against a target; gives the exit status and the report.
pub(crate) fn verify(source: &Path, target: &Database) -> (i32, Value) {
    verify_with(source, target, &[])
}

/// Verifies with more flags.
pub(crate) fn verify_with(source: &Path, target: &Database, flags: &[&str]) -> (i32, Value) {
    let source = source.to_str().expect("the path is UTF-8");
    let mut arguments = vec!["verify", source, target.url(), "--format", "json", "--quiet"];
    arguments.extend(flags);
    let run = strait(&arguments);
    let report =
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("no report ({error}): {}", run.stderr));
    (run.status, report)
}

/// A SQLite database in a folder of its own.
pub(crate) struct Source {
    folder: TempDir,
}

impl Source {
    /// Makes a database from SQL.
    pub(crate) fn from_sql(sql: &str) -> Self {
        let source = Self { folder: TempDir::new().expect("a folder can be made") };
        let connection = source.connect();
        // Each statement is a transaction of its own, and nobody needs it to outlive a loss of power.
        connection.execute_batch("pragma synchronous = off").expect("the pragma is known");
        connection.execute_batch(sql).expect("the SQL makes a database");
        source
    }

    /// Makes a copy of one of the fixtures.
    pub(crate) fn from_fixture(name: &str) -> Self {
        let source = Self { folder: TempDir::new().expect("a folder can be made") };
        std::fs::copy(fixture(name), source.path()).expect("the fixture can be copied");
        source
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("source.db")
    }

    /// Opens the database for writing; foreign keys are not enforced, as in SQLite's own default.
    pub(crate) fn connect(&self) -> rusqlite::Connection {
        let connection = rusqlite::Connection::open(self.path()).expect("the database can be opened");
        connection.execute_batch("pragma foreign_keys = off").expect("the pragma is known");
        connection
    }
}

/// The path of a fixture.
pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// The lowercase SHA-256 of a file.
pub(crate) fn file_hash(path: &Path) -> String {
    use sha2::Digest as _;
    let bytes = std::fs::read(path).expect("the file can be read");
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
