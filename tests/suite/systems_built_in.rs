//! Systems that are built in: the program alone makes them, in an empty folder, and a folder of one's own goes first.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::migrate::{asked, error_in};
use crate::support::place::Place;
use crate::support::process::Running;
use crate::support::{Finished, strait_command};

const LIMIT: Duration = Duration::from_secs(60);

/// An empty folder in which a user works.
struct Folder(TempDir);

impl Folder {
    fn empty() -> Self {
        Self(TempDir::new().expect("a folder can be made"))
    }

    /// A folder with one script.
    fn with(script: &str, text: &str) -> Self {
        let folder = Self::empty();
        folder.write(script, text);
        folder
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.0.path().join(inside)
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    fn run(&self, arguments: &[&str]) -> Finished {
        Running::start(strait_command(arguments).current_dir(self.0.path())).end_within(LIMIT)
    }

    /// Runs what must succeed; gives what it wrote.
    fn done(&self, arguments: &[&str]) -> String {
        let run = self.run(arguments);
        assert_eq!(run.status, 0, "{arguments:?}: {}{}", run.stdout, run.stderr);
        run.stdout
    }

    /// Runs what must fail; gives what it says.
    fn refused(&self, arguments: &[&str]) -> String {
        let run = self.run(arguments);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{arguments:?}: {}", run.stderr);
        error_in(&run)
    }

    /// A verb of the runner on a database.
    fn migrate(&self, place: &Place, verb: &[&str]) -> String {
        let url = place.url();
        let mut arguments = vec!["migrate"];
        arguments.extend(verb);
        arguments.extend(["--database-url", &url]);
        self.done(&arguments)
    }

    fn is_empty(&self) -> bool {
        fs::read_dir(self.0.path()).expect("the folder can be read").next().is_none()
    }
}

/// The files of a folder and of the folders in it, by their paths inside, with their texts.
fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(&inner).unwrap_or_else(|error| panic!("{}: {error}", inner.display())) {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).expect("it is text");
                files.push((path.strip_prefix(folder).expect("it lies inside").to_owned(), text));
            }
        }
    }
    files.sort();
    files
}

fn repository(inside: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(inside)
}

fn listed(folder: &Folder) -> Vec<Value> {
    let told = folder.done(&["systems", "--format", "json"]);
    serde_json::from_str(&told).unwrap_or_else(|error| panic!("{error}: {told}"))
}

#[test]
fn the_program_alone_takes_a_system_up_and_down() {
    let folder = Folder::empty();
    for (system, tables) in [("windflow", "22"), ("chatbot-saas", "33"), ("emotionscare", "29")] {
        for place in Place::both() {
            folder.migrate(&place, &["up", "--system", system]);
            let count = match place.is_postgres() {
                true => "select count(*) from pg_tables where schemaname = 'public'",
                false => {
                    "select count(*) from sqlite_schema where type = 'table' and name not like 'strait%' and name not like 'sqlite%'"
                }
            };
            assert_eq!(asked(&place, count), [tables], "{system} on {}", place.engine());
            folder.migrate(&place, &["status", "--check", "--system", system]);
            folder.migrate(&place, &["down", "base", "--system", system]);
            assert_eq!(asked(&place, count), ["0"], "{system} on {}", place.engine());
            assert!(folder.is_empty(), "nothing is left where the user works");
        }
    }
}

#[test]
fn every_verb_that_reads_revisions_reads_those_that_are_built_in() {
    let folder = Folder::empty();
    assert_eq!(folder.done(&["migrate", "heads", "--system", "windflow"]), "V0007__initial_rows\n");
    let sql = folder.done(&["migrate", "up", "--sql", "--engine", "postgres", "--system", "windflow"]);
    assert!(sql.contains("create table \"audit_logs\"") && sql.contains("'viewer'"), "{sql}");
    let tried = folder.done(&["migrate", "test", "--system", "windflow", "--engine", "sqlite", "--quiet"]);
    assert!(tried.contains("came back as it was"), "{tried}");
    let place = Place::sqlite();
    let plan = folder.migrate(&place, &["plan", "--system", "windflow"]);
    assert!(plan.contains("windflow/V0001__accounts.sql"), "{plan}");
    folder.migrate(&place, &["stamp", "heads", "--system", "windflow"]);
    assert_eq!(folder.migrate(&place, &["current", "--check", "--system", "windflow"]), "V0007__initial_rows\n");
}

#[test]
fn a_folder_of_ones_own_goes_first() {
    let script = "create table mine (id int primary key);";
    let folder = Folder::with("migrations/windflow/V0001__mine.sql", script);
    folder.write("migrations/shop/V0001__shop.sql", "create table shop (id int primary key);");
    folder.write("other/windflow/V0001__other.sql", "create table other (id int primary key);");
    let tables =
        "select name from sqlite_schema where type = 'table' and name not like 'strait%' and name not like 'sqlite%'";
    for (flags, table) in [
        (&["up", "--system", "windflow"][..], "mine"),
        (&["up", "--system", "shop"], "shop"),
        (&["up", "--system", "windflow", "--dir", "other"], "other"),
    ] {
        let place = Place::sqlite();
        folder.migrate(&place, flags);
        assert_eq!(asked(&place, tables), [table], "{flags:?}");
    }
}

#[test]
fn a_folder_that_is_named_and_missing_is_not_replaced_by_what_is_built_in() {
    let folder = Folder::empty();
    let up = ["migrate", "up", "--system", "windflow", "--dir", "other", "--database-url", "app.db"];
    let said = folder.refused(&up);
    assert!(said.contains("there is no folder other/windflow"), "{said}");
    assert!(folder.is_empty());
}

#[test]
fn a_folder_that_leads_nowhere_is_told_and_not_passed_over() {
    let folder = Folder::with("migrations/shop/V0001__shop.sql", "create table shop (id int primary key);");
    std::os::unix::fs::symlink("nowhere", folder.path("migrations/windflow")).expect("a link can be made");
    let said = folder.refused(&["migrate", "up", "--system", "windflow", "--database-url", "app.db"]);
    assert!(said.contains("migrations/windflow"), "{said}");
    assert!(!folder.path("app.db").exists());
}

#[test]
fn an_unknown_system_is_answered_with_the_known_ones_and_the_nearest() {
    let folder = Folder::empty();
    let said = folder.refused(&["migrate", "up", "--system", "windflo", "--database-url", "app.db"]);
    for told in ["no folder migrations/windflo", "chatbot-saas, emotionscare", "is `windflow` meant?"] {
        assert!(said.contains(told), "{told}: {said}");
    }
    let said = folder.refused(&["systems", "export", "chatbot-sass", "--to", "."]);
    assert!(said.contains("is `chatbot-saas` meant?"), "{said}");
    assert!(folder.is_empty());
}

#[test]
fn what_is_built_in_is_not_written_to() {
    let folder = Folder::empty();
    for verb in [&["new", "more"][..], &["merge"], &["squash"], &["autogenerate", "more"]] {
        let mut arguments = vec!["migrate"];
        arguments.extend(verb);
        arguments.extend(["--system", "windflow"]);
        let said = folder.refused(&arguments);
        for told in ["windflow is built into this program", "strait systems export windflow --to .", verb[0]] {
            assert!(said.contains(told), "{told}: {said}");
        }
        assert!(folder.is_empty(), "{verb:?} left something behind");
    }
}

#[test]
fn a_system_of_ones_own_begins_with_new() {
    let folder = Folder::empty();
    folder.done(&["migrate", "new", "first", "--system", "shop"]);
    assert!(folder.path("migrations/shop/V0001__first.sql").exists());
}

#[test]
fn the_list_has_every_folder_of_revisions_and_says_what_it_is() {
    let folder = Folder::empty();
    let listed = listed(&folder);
    let names: Vec<&str> = listed.iter().map(|system| system["name"].as_str().expect("a name is text")).collect();
    let entries = fs::read_dir(repository("migrations")).expect("the folder can be read");
    let mut expected: Vec<String> =
        entries.map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned()).collect();
    expected.sort();
    assert_eq!(names, expected);
    for system in &listed {
        assert!(system["title"].as_str().is_some_and(|title| title.len() > 10), "{system:#}");
        assert!(system["heads"].as_array().is_some_and(|heads| !heads.is_empty()), "{system:#}");
    }
    let windflow = listed.iter().find(|system| system["name"] == "windflow").expect("it is listed");
    assert_eq!((&windflow["tables"], &windflow["revisions"]), (&Value::from(22), &Value::from(7)));
    let open_webui = listed.iter().find(|system| system["name"] == "open-webui").expect("it is listed");
    assert_eq!(open_webui["tables"], 25, "with those of the optional branch");
    assert_eq!(open_webui["optional"][0]["tables"], json!(["user_token_limits", "user_token_usage"]));
    let told = folder.done(&["systems"]);
    for word in [
        "23 + 2 optional",
        "user_tokens (optional)",
        "branch tokens with user_token_limits, user_token_usage",
        "windflow",
        "looks after containers",
        "22",
        "V0007__initial_rows",
        "strait systems export",
    ] {
        assert!(told.contains(word), "{word}: {told}");
    }
}

#[test]
fn an_exported_system_is_what_the_repository_has() {
    let folder = Folder::empty();
    for system in listed(&folder) {
        let name = system["name"].as_str().expect("a name is text");
        let told = folder.done(&["systems", "export", name, "--to", "copy", "--format", "json"]);
        let report: Value = serde_json::from_str(&told).expect("the report is JSON");
        let expected = files(&repository(&format!("migrations/{name}")));
        assert_eq!(files(&folder.path(&format!("copy/migrations/{name}"))), expected, "{name}");
        assert_eq!(report["files"].as_array().map(Vec::len), Some(expected.len() + 1), "{report:#}");
        let schema = format!("schemas/{name}.sql");
        let text = |path: PathBuf| fs::read_to_string(path).expect("it can be read");
        assert_eq!(text(folder.path("copy").join(&schema)), text(repository(&schema)), "{name}");
    }
}

#[test]
fn an_export_writes_over_nothing() {
    for there in ["schemas/windflow.sql", "migrations/windflow/V0001__mine.sql"] {
        let folder = Folder::with(there, "mine");
        let said = folder.refused(&["systems", "export", "windflow", "--to", "."]);
        assert!(said.contains("is there already, and nothing was written"), "{said}");
        assert_eq!(files(folder.0.path()), [(PathBuf::from(there), "mine".to_owned())]);
    }
}

#[test]
fn a_database_made_by_the_program_goes_on_with_an_exported_copy() {
    let (elsewhere, folder) = (Folder::empty(), Folder::empty());
    folder.done(&["systems", "export", "windflow", "--to", "."]);
    for place in Place::both() {
        elsewhere.migrate(&place, &["up", "+3", "--system", "windflow"]);
        folder.migrate(&place, &["up", "--system", "windflow"]);
        folder.migrate(&place, &["status", "--check", "--system", "windflow"]);
        elsewhere.migrate(&place, &["status", "--check", "--system", "windflow"]);
    }
    folder.done(&["migrate", "new", "more", "--system", "windflow"]);
    folder.write("migrations/windflow/V0008__more.sql", "alter table users add column phone text;");
    let schema = fs::read_to_string(folder.path("schemas/windflow.sql")).expect("it can be read");
    let schema = schema.replace(
        "    display_name varchar(255),\n    avatar",
        "    display_name varchar(255),\n    phone text,\n    avatar",
    );
    folder.write("schemas/windflow.sql", &schema);
    let told = folder.done(&["migrate", "autogenerate", "nothing", "--system", "windflow"]);
    assert!(told.contains("nothing to write"), "{told}");
    let place = Place::sqlite();
    folder.migrate(&place, &["up", "--system", "windflow"]);
    assert_eq!(asked(&place, "select count(*) from pragma_table_info('users') where name = 'phone'"), ["1"]);
}
