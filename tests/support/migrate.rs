//! A folder of revisions, the runner run on it as a user runs it, and what is in a database afterwards.

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command};
use std::time::Duration;

use rusqlite::types::ValueRef;
use serde_json::Value;
use tempfile::TempDir;

use super::picture::picture_without_notes;
use super::place::Place;
use super::process::Running;
use super::{Finished, server, strait_command};

/// How long a run may take that is not meant to hang.
const LIMIT: Duration = Duration::from_secs(60);

/// A folder of revisions.
pub(crate) struct Revisions {
    folder: TempDir,
}

impl Revisions {
    /// Makes a folder of files, each with its name and text; scripts are the engine's own SQL.
    pub(crate) fn of<N: AsRef<str>, T: AsRef<str>>(files: impl IntoIterator<Item = (N, T)>) -> Self {
        let revisions = Self { folder: TempDir::new().expect("a folder can be made") };
        files.into_iter().for_each(|(name, text)| revisions.write(name.as_ref(), text.as_ref()));
        revisions
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).expect("a file can be written");
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// A command of the runner, of which the verb and its flags are given.
    pub(crate) fn command(&self, url: &str, verb: &[&str]) -> Command {
        let folder = self.path();
        let mut arguments = vec!["migrate"];
        arguments.extend(verb);
        arguments.extend(["--dir", folder.to_str().expect("the path is UTF-8"), "--database-url", url]);
        if matches!(verb[0], "up" | "down" | "redo" | "plan" | "repair") {
            arguments.extend(["--dialect", "native"]);
        }
        strait_command(&arguments)
    }

    /// Starts a run.
    pub(crate) fn start(&self, place: &Place, verb: &[&str]) -> Running {
        Running::start(&mut self.command(&place.url(), verb))
    }

    /// Runs a verb to its end.
    pub(crate) fn migrate(&self, place: &Place, verb: &[&str]) -> Finished {
        self.start(place, verb).end_within(LIMIT)
    }

    /// Runs a verb that must succeed; gives what it wrote.
    pub(crate) fn done(&self, place: &Place, verb: &[&str]) -> String {
        let run = self.migrate(place, verb);
        assert_eq!(run.status, 0, "{verb:?}: {}{}", run.stdout, run.stderr);
        run.stdout
    }

    /// Runs a verb that must fail; gives what it says.
    pub(crate) fn refused(&self, place: &Place, verb: &[&str]) -> String {
        let run = self.migrate(place, verb);
        assert_eq!(run.status, 2, "{verb:?}: {}{}", run.stdout, run.stderr);
        error_in(&run)
    }

    /// The status, as its JSON form tells it.
    pub(crate) fn status(&self, place: &Place) -> Value {
        let told = self.done(place, &["status", "--format", "json"]);
        serde_json::from_str(&told).unwrap_or_else(|error| panic!("{error}: {told}"))
    }

    /// The states of the revisions in their order, by their first letters: `aap` is two applied and one pending.
    pub(crate) fn states(&self, place: &Place) -> String {
        let status = self.status(place);
        let revisions = status["revisions"].as_array().expect("the status lists revisions");
        revisions.iter().map(|one| &one["state"].as_str().expect("a state is text")[..1]).collect()
    }

    /// The history without what differs from run to run: `V0001__a up done`, `V0002__b up statement 3`.
    pub(crate) fn history(&self, place: &Place) -> Vec<String> {
        let told = self.done(place, &["history", "--format", "json"]);
        let records: Vec<Value> = serde_json::from_str(&told).unwrap_or_else(|error| panic!("{error}: {told}"));
        let line = |record: &Value| {
            let word = |field: &str| record[field].as_str().unwrap_or("-").to_owned();
            let statement = record["statement"].as_u64().map_or_else(String::new, |number| format!(" {number}"));
            format!("{} {} {}{statement}", word("revision"), word("way"), word("outcome"))
        };
        records.iter().map(line).collect()
    }
}

/// What a run says when it fails, from the word `error` on, or in its JSON form.
pub(crate) fn error_in(run: &Finished) -> String {
    if let Some(line) = run.stderr.lines().find(|line| line.starts_with("{\"error\":")) {
        return line.to_owned();
    }
    let start = run.stderr.find("error: ").unwrap_or_else(|| panic!("no error: {}{}", run.stdout, run.stderr));
    run.stderr[start..].to_owned()
}

/// The steps that a run reports in its JSON form.
pub(crate) fn steps(run: &Finished) -> Vec<String> {
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stderr));
    let steps = report["steps"].as_array().expect("the report lists steps");
    steps.iter().map(|step| step["revision"].as_str().expect("a revision is text").to_owned()).collect()
}

/// What a question gives on either engine, a line for each row.
pub(crate) fn asked(place: &Place, sql: &str) -> Vec<String> {
    if place.is_postgres() {
        return place.server().psql(sql).lines().map(str::to_owned).collect();
    }
    let connection = rusqlite::Connection::open(place.path()).expect("the database can be opened");
    asked_of(&connection, sql)
}

/// Changes something on either engine.
pub(crate) fn change(place: &Place, sql: &str) {
    match place.is_postgres() {
        true => drop(place.server().psql(sql)),
        false => {
            let connection = rusqlite::Connection::open(place.path()).expect("the database can be opened");
            connection.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
    }
}

fn asked_of(connection: &rusqlite::Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    let columns = statement.column_count();
    let line = |row: &rusqlite::Row<'_>| {
        let cells = (0..columns).map(|index| row.get_ref(index).map(shown));
        cells.collect::<Result<Vec<_>, _>>().map(|cells| cells.join("|"))
    };
    let rows = statement.query_map([], line).unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.collect::<Result<_, _>>().unwrap_or_else(|error| panic!("{sql}: {error}"))
}

fn shown(cell: ValueRef<'_>) -> String {
    match cell {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(bytes) => format!("{bytes:02x?}"),
    }
}

/// Everything in a database but the times of its history; on SQLite it is held to be whole, too.
pub(crate) fn picture(place: &Place) -> String {
    if place.is_postgres() {
        let versions = match asked(place, "select to_regclass('strait.version') is not null")[0].as_str() {
            "t" => asked(place, "select revision from strait.version order by 1"),
            _ => Vec::new(),
        };
        return format!("{}\nat {versions:?}", picture_without_notes(place.server()));
    }
    let connection = rusqlite::Connection::open(place.path()).expect("the database can be opened");
    assert_eq!(asked_of(&connection, "select integrity_check = 'ok' from pragma_integrity_check"), ["1"]);
    let mut lines = asked_of(&connection, "select type, name, tbl_name, sql from sqlite_schema order by 1, 2");
    let tables: Vec<String> = connection
        .prepare("select name from sqlite_schema where type = 'table' and name not in ('strait_history', 'strait_refinery_history')")
        .and_then(|mut tables| tables.query_map([], |row| row.get(0))?.collect())
        .expect("the tables are listed");
    for table in tables {
        let rows = asked_of(&connection, &format!("select '{table}', * from \"{table}\" order by 1, 2"));
        lines.extend(rows);
    }
    lines.join("\n")
}

impl Place {
    /// Whether it is a PostgreSQL database.
    pub(crate) fn is_postgres(&self) -> bool {
        self.url().starts_with("postgres")
    }

    /// Its engine's name.
    pub(crate) fn engine(&self) -> &'static str {
        if self.is_postgres() { "PostgreSQL" } else { "SQLite" }
    }
}

/// A session of `psql` that stays open and answers one question after the other.
pub(crate) struct Talk {
    psql: Child,
    input: Option<ChildStdin>,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Talk {
    /// The last line of every answer.
    const END: &'static str = "end of answer";

    pub(crate) fn with(database: &server::Database) -> Self {
        let mut psql = database.spawn_psql();
        let input = psql.stdin.take();
        let lines = BufReader::new(psql.stdout.take().expect("psql speaks")).lines();
        Self { psql, input, lines }
    }

    /// Asks something, and waits for the answer.
    pub(crate) fn ask(&mut self, sql: &str) -> Vec<String> {
        let input = self.input.as_mut().expect("psql listens");
        writeln!(input, "{sql}; select '{}';", Self::END).expect("psql listens");
        let mut answer = Vec::new();
        loop {
            match self.lines.next() {
                Some(Ok(line)) if line == Self::END => return answer,
                Some(Ok(line)) => answer.push(line),
                _ => panic!("psql ended at: {sql}"),
            }
        }
    }

    /// How many sessions of a runner wait for a lock.
    pub(crate) fn waiting(&mut self) -> String {
        self.ask(
            "select count(*) from pg_stat_activity where datname = current_database() and application_name ~ '^strait' \
             and wait_event_type = 'Lock'",
        )
        .concat()
    }

    /// How many sessions of a runner there are.
    pub(crate) fn sessions(&mut self) -> String {
        self.ask(
            "select count(*) from pg_stat_activity where datname = current_database() and application_name ~ '^strait'",
        )
        .concat()
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        self.psql.kill().ok();
        self.psql.wait().ok();
    }
}
