//! A rehearsal needs no server, shows what a copy would, and leaves nothing behind, however it ends.

use std::fs::Permissions;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::support::process::{Running, processes_naming, within};
use crate::support::{Source, account, fixture, strait_command};

const LIMIT: Duration = Duration::from_secs(30);
/// How soon everything is gone after the program is.
const AFTERWARDS: Duration = Duration::from_secs(10);

/// A folder for temporary files in which an unprivileged account, too, may make its own.
fn place() -> TempDir {
    let place = TempDir::new().expect("a folder can be made");
    std::fs::set_permissions(place.path(), Permissions::from_mode(0o777)).expect("its mode can be set");
    place
}

fn rehearsal(source: &Path, place: &TempDir, flags: &[&str]) -> Command {
    let mut command = strait_command(&["rehearse", source.to_str().expect("the path is UTF-8")]);
    command.args(flags).env("TMPDIR", place.path());
    command
}

fn entries(place: &TempDir) -> Vec<String> {
    let entries = std::fs::read_dir(place.path()).expect("the folder can be read");
    entries.map(|entry| entry.expect("the entry can be read").file_name().to_string_lossy().into_owned()).collect()
}

fn assert_nothing_left(place: &TempDir) {
    let gone = within(AFTERWARDS, || entries(place).is_empty() && processes_naming(place.path()).is_empty());
    assert!(gone, "left behind: {:?} {:?}", entries(place), processes_naming(place.path()));
}

#[test]
fn a_rehearsal_shows_the_whole_crossing_and_leaves_nothing() {
    let place = place();
    let mut command = rehearsal(&fixture("open-webui-0.12.4.db"), &place, &["--format", "json"]);
    let ended = Running::start(&mut command).end_within(LIMIT);
    assert_eq!(ended.status, 0, "{}", ended.stderr);
    let report = account(&ended);
    assert_eq!((&report["complete"], report["tables"].as_array().map(Vec::len)), (&true.into(), Some(48)));
    assert_nothing_left(&place);
}

#[test]
fn a_rehearsal_that_fails_leaves_nothing() {
    let (place, source) = (place(), Source::from_fixture("open-webui-0.5.11.db"));
    let file = std::fs::OpenOptions::new().write(true).open(source.path()).expect("the file can be opened");
    file.set_len(300 << 10).expect("the file can be cut");
    let ended = Running::start(&mut rehearsal(&source.path(), &place, &[])).end_within(LIMIT);
    assert_eq!(ended.status, 2, "{}{}", ended.stdout, ended.stderr);
    assert_nothing_left(&place);
}

#[test]
fn a_rehearsal_that_finds_rejects_says_so_and_leaves_nothing() {
    // A text that holds a NUL has no form in PostgreSQL.
    let sql = "create table t (id integer primary key, name text); insert into t values (1, cast(x'610062' as text))";
    let (place, source) = (place(), Source::from_sql(sql));
    let ended = Running::start(&mut rehearsal(&source.path(), &place, &[])).end_within(LIMIT);
    assert_eq!(ended.status, 1, "{}{}", ended.stdout, ended.stderr);
    assert!(ended.stdout.contains("a private server") && ended.stdout.contains("rejected t.name"), "{}", ended.stdout);
    assert_nothing_left(&place);
}

#[test]
fn a_rehearsal_that_is_ended_while_its_server_starts_leaves_nothing() {
    for signal in ["INT", "TERM", "KILL"] {
        let place = place();
        let running = Running::start(&mut rehearsal(&fixture("open-webui-0.5.11.db"), &place, &[]));
        assert!(within(LIMIT, || !entries(&place).is_empty()), "the server's folder never appeared");
        running.signal(signal);
        assert_ne!(running.end_within(LIMIT).status, 0);
        assert_nothing_left(&place);
    }
}

/// A rehearsal that keeps its server, and the line with which a person connects to it.
struct Kept {
    program: Child,
    connect: String,
    /// Held open: the program goes on telling.
    _told: BufReader<ChildStderr>,
}

impl Kept {
    fn start(place: &TempDir) -> Self {
        let mut command = rehearsal(&fixture("open-webui-0.5.11.db"), place, &["--keep"]);
        let mut program =
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program can be started");
        let mut told = BufReader::new(program.stderr.take().expect("it was asked for"));
        let mut line = String::new();
        while !line.trim_start().starts_with("psql ") {
            line.clear();
            assert_ne!(told.read_line(&mut line).expect("it is UTF-8"), 0, "no connect line is shown");
        }
        Self { program, connect: line, _told: told }
    }

    fn signal(&self, name: &str) {
        let pid = self.program.id().to_string();
        assert!(
            Command::new("kill").args([&format!("-{name}"), &pid]).status().expect("kill can be started").success()
        );
    }

    fn status(mut self) -> Option<i32> {
        assert!(within(LIMIT, || matches!(self.program.try_wait(), Ok(Some(_)))), "the program did not end");
        self.program.wait().expect("it has ended").code()
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.program.kill().ok();
        self.program.wait().ok();
    }
}

#[test]
fn a_kept_server_can_be_looked_into_until_the_program_is_asked_to_end() {
    for signal in ["TERM", "INT"] {
        let place = place();
        let kept = Kept::start(&place);
        let line = format!("{} -X -A -t -c 'select count(*) from message'", kept.connect.trim());
        let psql = Command::new("sh").args(["-c", &line]).output().expect("the shell can be started");
        assert_eq!(String::from_utf8_lossy(&psql.stdout), "480\n", "{line}: {}", String::from_utf8_lossy(&psql.stderr));
        kept.signal(signal);
        assert_eq!(kept.status(), Some(0));
        assert_nothing_left(&place);
    }
}

#[test]
fn a_kept_server_is_gone_soon_after_its_program_was_killed() {
    let place = place();
    let kept = Kept::start(&place);
    kept.signal("KILL");
    assert_eq!(kept.status(), None);
    assert_nothing_left(&place);
}

#[test]
fn without_postgresql_the_message_says_how_to_get_it() {
    let (place, empty) = (place(), TempDir::new().expect("a folder can be made"));
    let mut command = rehearsal(&fixture("open-webui-0.5.11.db"), &place, &[]);
    let ended = Running::start(command.env("PG_BIN", empty.path())).end_within(LIMIT);
    assert_eq!((ended.status, ended.stdout.as_str()), (2, ""), "{}", ended.stderr);
    for said in ["PG_BIN", "initdb", empty.path().to_str().expect("the path is UTF-8")] {
        assert!(ended.stderr.contains(said), "{said} is not in: {}", ended.stderr);
    }
    assert_nothing_left(&place);
}
