//! An application that carries its revisions with it: `examples/notes`, built and run, and the library's part of it.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use strait::include_dir::{Dir, DirEntry, File};
use strait::migrate::folder::from_embedded;
use strait::migrate::{MigrateError, Migrator};

use crate::support::Finished;
use crate::support::place::{Place, ask, told, wait};
use crate::support::process::Running;

const PATIENCE: Duration = Duration::from_secs(60);
const APPLIED: &str = "applied V0001__create_notes\napplied V0002__add_pinned\napplied V0003__find_by_time\n";
const LATEST: &str = " is ready at V0003__find_by_time\n";

/// The program of `examples/notes`, built as the program under test is.
fn example() -> PathBuf {
    let built = PathBuf::from(env!("CARGO_BIN_EXE_strait"));
    let profile = built.parent().expect("it lies in a folder");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--quiet", "--locked", "--offline", "--example", "notes", "--target-dir"]);
    cargo.arg(profile.parent().expect("it lies in the target folder")).current_dir(env!("CARGO_MANIFEST_DIR"));
    // What this test's own cargo says of the package would look like a change to build scripts that ask for it.
    for (name, _) in std::env::vars_os() {
        if ["CARGO_MANIFEST", "CARGO_PKG", "CARGO_CRATE", "CARGO_BIN", "CARGO_PRIMARY"]
            .iter()
            .any(|of_package| name.to_string_lossy().starts_with(of_package))
        {
            cargo.env_remove(name);
        }
    }
    if profile.ends_with("release") {
        cargo.arg("--release");
    }
    let ended = cargo.output().expect("cargo can be started");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    profile.join("examples/notes")
}

fn start(program: &PathBuf, place: &Place) -> Running {
    Running::start(Command::new(program).arg(place.url()).env_remove("RUST_LOG"))
}

fn end(running: Running) -> Finished {
    let ended = running.end_within(PATIENCE);
    assert!(ended.status == 0 && ended.stdout.ends_with(LATEST), "{ended:?}");
    ended
}

fn embedded(files: &[(&str, &str)]) -> Migrator {
    let folder = from_embedded(files).unwrap_or_else(|error| panic!("{error}"));
    Migrator::new(folder).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_first_start_applies_and_the_second_has_nothing_to_do() {
    let program = example();
    for place in Place::both() {
        assert!(end(start(&program, &place)).stdout.starts_with(APPLIED), "on {}", place.location);
        assert!(!end(start(&program, &place)).stdout.contains("applied"), "on {}", place.location);
        wait(async {
            let mut database = place.open().await;
            let insert = "insert into notes (body, written_at) values ('one', '2026-11-21 10:00:00+00')";
            database.run(insert).await.expect("the table takes a note");
            assert_eq!(ask(&mut database, "select body from notes where not pinned").await, ["one"]);
        });
    }
}

#[test]
fn of_several_that_start_at_once_one_applies() {
    let program = example();
    for place in Place::both() {
        let running: Vec<Running> = (0..4).map(|_| start(&program, &place)).collect();
        let ended: Vec<Finished> = running.into_iter().map(end).collect();
        let applied = ended.iter().filter(|one| one.stdout.starts_with(APPLIED)).count();
        let idle = ended.iter().filter(|one| !one.stdout.contains("applied")).count();
        assert_eq!((applied, idle), (1, 3), "on {}: {ended:?}", place.location);
        assert_eq!(wait(Migrator::history(&place.location)).expect("it is read").len(), 3, "on {}", place.location);
    }
}

#[test]
fn a_runtime_of_one_thread_will_do() {
    let files = [("V0001__a.sql", "create table a (id bigint primary key);"), ("V0002__b.sql", "drop table a;")];
    for place in Place::both() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it starts");
        let steps = || runtime.block_on(embedded(&files).up(&place.url())).expect("it goes up").steps.len();
        assert_eq!((steps(), steps()), (2, 0), "on {}", place.location);
    }
}

#[test]
fn what_is_wrong_is_told_with_file_line_and_column() {
    // A header shows that the scripts are meant for this tool, and not taken over from refinery's.
    let first = ("V0001__a.sql", "-- revision: first\ncreate table a (id bigint primary key, name text);\n");
    let not_portable = embedded(&[first, ("later/V0002__b.sql", "-- More.\n\nalter table a\n  add column b money;\n")]);
    let failing = embedded(&[
        first,
        ("later/V0002__b.sql", "insert into a (id) values (1);\n  insert into b (id) values (2);\n"),
    ]);
    for place in Place::both() {
        let error = wait(not_portable.up(&place.url())).expect_err("money is no logical type");
        assert!(matches!(error, MigrateError::Language { .. }), "{error:?}");
        assert!(error.to_string().starts_with("later/V0002__b.sql:4:16: "), "{error}");
        let error = wait(failing.up(&place.url())).expect_err("there is no such table");
        assert!(matches!(error, MigrateError::Statement { .. }), "{error:?}");
        assert!(told(&error).starts_with("later/V0002__b.sql:2:"), "{error}");
        assert!(error.to_string().contains("|   insert into b (id) values (2);"), "{error}");
        let status = wait(failing.status(&place.location)).expect("it can be asked");
        assert_eq!(status.current, ["first"], "on {}", place.location);
        let other = embedded(&[("V0001__a.sql", "-- revision: first\ncreate table a (id bigint primary key);")]);
        let error = wait(other.up(&place.url())).expect_err("the file was edited");
        assert!(error.to_string().contains(" and the embedded revisions disagree"), "{error}");
    }
}

#[test]
fn files_in_sub_folders_are_one_row_of_revisions() {
    let files = [
        ("2027/V0003__c.sql", "alter table a add column c text;"),
        ("V0001__a.sql", "create table a (id bigint primary key);"),
        ("2026\\winter\\V0002__b.sql", "alter table a add column b text;"),
        ("2026\\winter\\V0002__b.down.sql", "alter table a drop column b;"),
    ];
    let migrator = embedded(&files);
    for place in Place::both() {
        let outcome = wait(migrator.up(&place.url())).unwrap_or_else(|error| panic!("{error}"));
        let taken: Vec<_> = outcome.steps.iter().map(|step| step.file.as_deref().unwrap_or("none")).collect();
        assert_eq!(taken, ["V0001__a.sql", "2026/winter/V0002__b.sql", "2027/V0003__c.sql"]);
    }
    let twice = [("a/V0001__x.sql", "select 1;"), ("b/V0001__x.sql", "select 1;")];
    let error = from_embedded(&twice).expect_err("one name twice").to_string();
    assert!(error.contains("a/V0001__x.sql") && error.contains("b/V0001__x.sql"), "{error}");
}

#[test]
fn nothing_that_was_compiled_in_is_skipped_in_silence() {
    const HIDDEN: &[DirEntry<'_>] = &[DirEntry::File(File::new(".old/V0009__old.sql", b"select 9;"))];
    const SOUND: &[DirEntry<'_>] = &[
        DirEntry::File(File::new("README.md", b"\xff")),
        DirEntry::File(File::new("V0001__a.sql", b"select 1;")),
        DirEntry::Dir(Dir::new(".old", HIDDEN)),
    ];
    const BROKEN: &[DirEntry<'_>] = &[DirEntry::File(File::new("sub/V0002__b.sql", b"select 1;\nselect '\xff';"))];
    const BOTH: &[DirEntry<'_>] =
        &[DirEntry::File(File::new("V0001__a.sql", b"select 1;")), DirEntry::Dir(Dir::new("sub", BROKEN))];
    let migrator = Migrator::embedded(&Dir::new("", SOUND)).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(migrator.graph.heads(), ["V0001__a"]);
    let error = Migrator::embedded(&Dir::new("", BOTH)).expect_err("it is no text").to_string();
    assert!(error.contains("sub/V0002__b.sql:2") && error.contains("not UTF-8"), "{error}");
}

#[test]
fn embedded_revisions_are_never_written_to_the_folder_in_which_the_program_runs() {
    let migrator = embedded(&[("V0001__a.sql", "create table a (id bigint primary key);")]);
    let error = wait(migrator.squash(None, None)).expect_err("there are no files").to_string();
    assert!(error.contains("embedded revisions cannot be changed"), "{error}");
    let error = migrator.autogenerate("more", &PathBuf::from("app.sql")).expect_err("there is no folder").to_string();
    assert!(error.contains("embedded revisions cannot be changed"), "{error}");
}
