//! A revision of SQLite's reaches no other file: neither when it is run, nor wherever it is run anew to see what it makes.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use crate::support::process::Running;
use crate::support::{Finished, strait_command};

const LIMIT: Duration = Duration::from_secs(60);
/// Long enough that the program has come to its statement on most machines; wherever it is, it must end.
const A_MOMENT: Duration = Duration::from_millis(700);

/// A folder with revisions, a database, and a file that nobody may touch.
struct Site {
    folder: TempDir,
}

impl Site {
    /// A database in which the first revision ran, and the second, with the given text, is recorded.
    fn recorded(second: &str) -> Self {
        let site = Self { folder: TempDir::new().expect("a folder can be made") };
        site.write("revisions/V1__notes.sql", "create table notes (id bigint primary key);\n");
        site.done(&["migrate", "up"]);
        site.write("revisions/V2__other.sqlite.sql", &second.replace("OTHER", site.other().to_str().expect("UTF-8")));
        site.write("revisions/V2__other.postgres.sql", "select 1;\n");
        site.done(&["migrate", "stamp", "V2__other"]);
        site
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn other(&self) -> PathBuf {
        self.path("other.db")
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::create_dir_all(self.path("revisions")).expect("a folder can be made");
        std::fs::write(self.path(name), text).expect("a file can be written");
    }

    fn start(&self, verb: &[&str]) -> Running {
        let text = |path: &Path| path.to_str().expect("the path is UTF-8").to_owned();
        let (folder, database) = (text(&self.path("revisions")), text(&self.path("app.db")));
        let mut flags = verb.to_vec();
        flags.extend(["--dir", &folder, "--quiet"]);
        if !["--folder", "test", "squash"].iter().any(|apart| verb.contains(apart)) {
            flags.extend(["--database-url", &database]);
        }
        Running::start(&mut strait_command(&flags))
    }

    fn run(&self, verb: &[&str]) -> Finished {
        self.start(verb).end_within(LIMIT)
    }

    fn done(&self, verb: &[&str]) {
        let run = self.run(verb);
        assert_eq!(run.status, 0, "{verb:?}: {}{}", run.stdout, run.stderr);
    }

    fn refused(&self, verb: &[&str]) -> String {
        let run = self.run(verb);
        assert_eq!(run.status, 2, "{verb:?}: {}{}", run.stdout, run.stderr);
        run.stderr
    }
}

const ATTACHES: &str = "-- transaction: none\nattach 'OTHER' as other;\ncreate table other.t (a int);\n";

#[test]
fn a_revision_that_attaches_a_file_is_refused_before_any_of_it_ran() {
    for (text, place) in [
        ("-- transaction: none\ncreate table first (a int);\nattach 'OTHER' as other;\n", "V3__more.sqlite.sql:3:1"),
        ("create table first (a int);\nattach 'OTHER' as other;\n", "V3__more.sqlite.sql:2:1"),
        ("-- transaction: none\n/* a copy */ VACUUM INTO 'OTHER';\n", "V3__more.sqlite.sql:2:1"),
    ] {
        let site = Site::recorded("create table t (a int);\n");
        site.write("revisions/V3__more.sqlite.sql", &text.replace("OTHER", site.other().to_str().expect("UTF-8")));
        for verb in [&["migrate", "up"][..], &["migrate", "up", "--dry-run"]] {
            let said = site.refused(verb);
            assert!(said.contains("another file") && said.contains("take it out"), "{said}");
            assert!(said.contains(place) || said.contains("V3__more.sqlite.sql:2:14"), "{said}");
        }
        assert!(!site.other().exists());
        let tables = rusqlite::Connection::open(site.path("app.db")).and_then(|it| {
            it.query_row("select count(*) from sqlite_schema where name = 'first'", [], |row| row.get(0))
        });
        assert_eq!(tables, Ok(0));
    }
}

#[test]
fn a_recorded_revision_that_attaches_a_file_is_not_run_anew_by_whoever_looks() {
    for text in [ATTACHES, "-- transaction: none\nvacuum into 'OTHER';\n", "attach 'OTHER' as other;\n"] {
        let site = Site::recorded(text);
        let said = site.refused(&["drift"]);
        assert!(said.contains("V2__other.sqlite.sql:") && said.contains("another file"), "{said}");
        for verb in [
            &["drift", "--folder", "--engine", "sqlite"][..],
            &["migrate", "test", "--engine", "sqlite"],
            &["migrate", "plan"],
            &["migrate", "status"],
            &["migrate", "repair", "--yes"],
            &["migrate", "adopt"],
            &["migrate", "squash", "V2__other", "--dry-run"],
        ] {
            site.run(verb);
            assert!(!site.other().exists(), "{verb:?} on {text}");
        }
    }
}

#[test]
fn a_schema_file_reaches_no_other_file() {
    let site = Site::recorded("create table t (a int);\n");
    let text = "-- strait schema 1\ncreate table notes (id bigint primary key);\n-- only: sqlite\nattach 'OTHER' as o;\n-- end\n";
    site.write("schema.sql", &text.replace("OTHER", site.other().to_str().expect("UTF-8")));
    let schema = site.path("schema.sql");
    let run = strait_command(&["drift", "--quiet", "--database-url"])
        .arg(site.path("app.db"))
        .arg("--schema")
        .arg(&schema)
        .output()
        .expect("it can be started");
    assert_eq!(run.status.code(), Some(2));
    assert!(!site.other().exists());
}

#[test]
fn a_look_that_would_never_end_ends_when_it_is_asked_to() {
    let endless =
        "create table t as with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n;\n";
    for text in [endless.to_owned(), format!("-- transaction: none\npragma journal_mode = wal;\n{endless}")] {
        let site = Site::recorded(&text);
        let running = site.start(&["drift"]);
        std::thread::sleep(A_MOMENT);
        running.signal("INT");
        let ended = running.end_within(LIMIT);
        assert!(ended.status != 0 && ended.status != 1, "{}: {}{}", ended.status, ended.stdout, ended.stderr);
    }
}
