//! Whole folders, as people and tools leave them.

use std::fs;
use std::path::Path;
use std::time::Duration;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("there is room");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("it has one")).expect("can be made");
        fs::write(path, text).expect("can be written");
    }
    folder
}

fn read_files(files: &[(&str, &str)]) -> Folder {
    read(folder(files).path()).unwrap_or_else(|error| panic!("{error}"))
}

/// What is said of a folder that cannot be read, without the folder's own path.
fn refusal(files: &[(&str, &str)]) -> String {
    let folder = folder(files);
    let error = read(folder.path()).expect_err("is refused");
    error.to_string().replace(&format!("{}/", folder.path().display()), "")
}

fn parents(folder: &Folder) -> Vec<(&str, Vec<&str>)> {
    let mut found = Vec::new();
    for revision in &folder.revisions {
        found.push((revision.id.as_str(), revision.down_revisions.iter().map(String::as_str).collect()));
    }
    found
}

#[test]
fn plain_sql_is_a_chain_by_number() {
    let found = read_files(&[
        ("V10__c.sql", "select 3;"),
        ("V0002__b.sql", "select 2;"),
        ("V1__a.sql", "select 1;"),
        ("V1__a.down.sql", "select -1;"),
        ("README.md", "notes"),
        (".gitkeep", ""),
    ]);
    assert_eq!(parents(&found), [("V1__a", vec![]), ("V0002__b", vec!["V1__a"]), ("V10__c", vec!["V0002__b"])]);
    let first = &found.revisions[0];
    assert_eq!((first.number, first.slug.as_str(), first.kind), (1, "a", Kind::Versioned));
    assert_eq!(first.down_for(Engine::Sqlite).map(|(script, _)| script.text.as_str()), Some("select -1;"));
    assert_eq!((found.notices.len(), found.revisions[1].down_checksum()), (0, None));
}

#[test]
fn headers_say_another_place_in_the_graph() {
    let found = read_files(&[
        ("V1__a.sql", "-- revision: one\nselect 1;"),
        ("V2__b.sql", "-- down_revision: one\n-- branch: left\nselect 1;"),
        ("V3__c.sql", "-- down_revision: one\n-- depends_on: V2__b\nselect 1;"),
        ("V4__d.sql", "select 1;"),
        ("V5__m.sql", "-- down_revision: V2__b, V4__d\n-- nothing to do\n"),
        ("V6__r.sql", "-- down_revision: none\n-- lock_timeout: 2min\nselect 1;"),
    ]);
    assert_eq!(parents(&found)[3..], [("V4__d", vec!["V3__c"]), ("V5__m", vec!["V2__b", "V4__d"]), ("V6__r", vec![])]);
    assert_eq!(found.revisions[1].branches, ["left"]);
    assert_eq!(found.revisions[2].depends_on, ["V2__b"]);
    let (root, _) = found.revisions[5].up_for(Engine::Sqlite).expect("runs").expect("is there");
    assert_eq!((root.transaction, root.lock_timeout), (true, Some(Duration::from_secs(120))));
    assert!(found.revisions[4].up_for(Engine::Postgres).is_ok(), "a merge needs no statement");
}

#[test]
fn a_script_says_itself_how_it_runs() {
    let found = read_files(&[
        ("V1__a.sql", "select 1;"),
        ("V1__a.postgres.sql", "-- transaction: none\nselect 2;"),
        ("V1__a.down.postgres.sql", "-- transaction: none\n-- lock_timeout: 1s\nselect 3;"),
    ]);
    let revision = &found.revisions[0];
    let up = |engine| revision.up_for(engine).expect("runs").expect("is there");
    assert_eq!((up(Engine::Sqlite).0.transaction, up(Engine::Sqlite).1), (true, Language::Portable));
    assert_eq!((up(Engine::Postgres).0.transaction, up(Engine::Postgres).1), (false, Language::Native));
    let (down, _) = revision.down_for(Engine::Postgres).expect("is there");
    assert_eq!((down.transaction, down.lock_timeout), (false, Some(Duration::from_secs(1))));
    assert_eq!(revision.down_for(Engine::Sqlite), None);
}

#[test]
fn nothing_follows_an_unversioned_revision_in_silence() {
    let early = [("V1__a.sql", "select 1;"), ("V3__c.sql", "select 3;"), ("V4__d.sql", "select 4;")];
    let late: Vec<_> = early.into_iter().chain([("U2__late.sql", "select 2;"), ("U5__x.sql", "select 5;")]).collect();
    let found = read_files(&late);
    assert_eq!(
        parents(&found),
        [
            ("V1__a", vec![]),
            ("U2__late", vec!["V1__a"]),
            ("V3__c", vec!["V1__a"]),
            ("V4__d", vec!["V3__c"]),
            ("U5__x", vec!["V4__d"]),
        ]
    );
    assert_eq!(parents(&read_files(&[("U1__a.sql", "select 1;")])), [("U1__a", vec![])]);
}

#[test]
fn a_folder_of_refinery_is_taken_as_it_is() {
    let files = [
        ("V1__first.sql", "create table a (id int);\r\n"),
        ("nested/V2__second.sql", "\u{feff}create table b (id int);\n"),
        ("U4__fourth.sql", "create table d (id int)"),
        ("V003__third_größe.sql", "create table c (id int);\n"),
        ("mod.rs", "embed_migrations!();"),
    ];
    let folder = folder(&files);
    let ours = read(folder.path()).unwrap_or_else(|error| panic!("{error}"));
    let theirs = refinery_core::load_sql_migrations(folder.path()).expect("refinery reads it");
    let migrations: Vec<_> =
        ours.revisions.iter().filter_map(|revision| revision.migration(Engine::Postgres)).collect();
    assert_eq!(migrations, theirs);
    for (revision, theirs) in ours.revisions.iter().zip(&theirs) {
        let sums = revision.refinery_checksums(Engine::Sqlite).expect("is there");
        assert_eq!(sums.int4, Some(theirs.checksum()));
        assert!(sums.recognise(theirs.checksum()));
    }
}

#[test]
fn times_are_numbers() {
    let found = read_files(&[("V20261120120001__b.sql", "select 1;"), ("V20261120120000__a.sql", "select 1;")]);
    assert_eq!(parents(&found)[1], ("V20261120120001__b", vec!["V20261120120000__a"]));
    assert!(found.revisions[0].migration(Engine::Sqlite).is_none(), "refinery's numbers have 32 bits");
    let sums = found.revisions[0].refinery_checksums(Engine::Sqlite).expect("is there");
    assert!(sums.int4.is_none() && sums.recognise(sums.int8));
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let told = refusal(&[
        ("V1__a.sql", "-- down_revison: x\nselect 1;"),
        ("V2__b-hyphen.sql", "select 1;"),
        ("V3__c.down.sql", "select 1;"),
        ("schema.sql", "select 1;"),
        ("V5__e.rs", "fn main() {}"),
    ]);
    assert!(told.starts_with("5 things are wrong in "), "{told}");
    for line in [
        "- V1__a.sql:1: `down_revison:` is no header; write `-- down_revision: …`",
        "- V2__b-hyphen.sql is no revision: '-' may not stand in its name, only letters, digits and underscores; rename it to \
         V2__b_hyphen.sql",
        "- V3__c.down.sql is a way down without a way up; write V3__c.sql, or remove this file",
        "- schema.sql is no revision: it does not begin with V (or U) and a number; name it as V0002__add_email.sql is named",
        "- V5__e.rs is no revision: it is a revision written in Rust",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
}

#[test]
fn nobody_is_led_to_write_over_another_file() {
    let told = refusal(&[("V1__a.sql", "select 1;"), ("V1__a.up.sql", "select 1;")]);
    assert!(told.contains("V1__a.up.sql is no revision") && !told.contains("rename"), "{told}");
    let told = refusal(&[("V1__a.up.sql", "select 1;")]);
    assert!(told.contains("rename it to V1__a.sql"), "{told}");
}

#[test]
fn two_files_with_one_number_or_name_are_refused() {
    let told = refusal(&[("V3__a.sql", "select 1;"), ("U0003__b.sql", "select 1;"), ("V7__c.sql", "select 1;")]);
    assert!(told.contains("U0003__b.sql and V3__a.sql both have the number 3") && told.contains("V8__a"), "{told}");
    let told = refusal(&[("sqlite/V1__a.sql", "select 1;"), ("postgres/V1__a.sql", "select 1;")]);
    assert!(told.contains("postgres/V1__a.sql and sqlite/V1__a.sql have the same name"), "{told}");
    let told = refusal(&[("V1__a.sql", "-- revision: x\nselect 1;"), ("V2__b.sql", "-- branch: x\nselect 1;")]);
    assert!(told.contains("both called `x`"), "{told}");
}

#[test]
fn a_way_down_belongs_to_a_way_up() {
    let told = refusal(&[("V0002__a.sql", "select 1;"), ("V2__a.down.sqlite.sql", "select 1;")]);
    assert!(told.contains("rename it to V0002__a.down.sqlite.sql"), "{told}");
    let told = refusal(&[("V1__a.sql", "\n-- irreversible: gone\nselect 1;"), ("V1__a.down.sql", "select 1;")]);
    assert!(told.contains("V1__a.sql:2 says `irreversible`, but V1__a.down.sql is a way down"), "{told}");
    let stub = read_files(&[("V1__a.sql", "-- irreversible: gone\nselect 1;"), ("V1__a.down.sql", "-- later\n")]);
    assert_eq!(stub.revisions[0].irreversible.as_deref(), Some("gone"));
    assert_eq!(stub.revisions[0].down_for(Engine::Sqlite), None, "comments alone are no way down");
}

#[test]
fn the_files_of_a_revision_agree() {
    let told = refusal(&[
        ("V1__a.sqlite.sql", "-- revision: a\nselect 1;"),
        ("V1__a.postgres.sql", "\n-- revision: b\nselect 1;"),
    ]);
    assert!(
        told.contains("V1__a.postgres.sql:2 and V1__a.sqlite.sql:1 say different things under `revision`"),
        "{told}"
    );
    let found = read_files(&[
        ("V1__a.sqlite.sql", "-- revision: a\n-- down_revision: none\nselect 1;"),
        ("V1__a.postgres.sql", "-- revision: a\n-- branch: b\nselect 1;"),
    ]);
    assert_eq!((found.revisions[0].id.as_str(), found.revisions[0].branches.len()), ("a", 1));
}

#[test]
fn a_revision_for_one_engine_says_so() {
    let found = read_files(&[
        ("V1__a.sqlite.sql", "select 1;"),
        ("V2__b.sqlite.sql", "-- only: sqlite\nselect 1;"),
        ("V3__c.sql", "-- what it does, to be written\n"),
    ]);
    let refused = |index: usize, engine| found.revisions[index].up_for(engine).expect_err("is refused").to_string();
    let told = refused(0, Engine::Postgres);
    assert!(told.contains("no way up for PostgreSQL; write ") && told.contains("V1__a.postgres.sql"), "{told}");
    assert!(told.contains("`-- only: sqlite`"), "{told}");
    assert!(found.revisions[0].up_for(Engine::Sqlite).is_ok());
    assert_eq!(found.revisions[1].up_for(Engine::Postgres).expect("is meant"), None);
    assert!(refused(2, Engine::Sqlite).contains("V3__c.sql holds no statement"));

    let told = refusal(&[("V1__a.sqlite.sql", "-- only: postgres\nselect 1;")]);
    assert!(told.contains("V1__a.sqlite.sql:1: `only: postgres` stands in a file for SQLite"), "{told}");
    let told = refusal(&[("V1__a.sqlite.sql", "-- only: sqlite\nselect 1;"), ("V1__a.sql", "select 1;")]);
    assert!(told.contains("nothing is done on the other engine, but V1__a.sql is there"), "{told}");
}

#[test]
fn a_checkout_changes_no_checksum_and_an_edit_does() {
    let sum = |text: &str| read_files(&[("V1__a.sql", text)]).revisions[0].checksum(Engine::Sqlite);
    let expected = sum("select 1;\nselect 2;\n");
    assert_eq!(expected.len(), 64);
    for same in ["select 1;\r\nselect 2;\r\n", "\u{feff}select 1;\nselect 2;", "select 1;\nselect 2;\n\n"] {
        assert_eq!(sum(same), expected, "{same:?}");
    }
    assert_ne!(sum("select 1;\nselect 3;\n"), expected);
    let with_down = read_files(&[("V1__a.sql", "select 1;\nselect 2;\n"), ("V1__a.down.sql", "select 0;")]);
    assert_eq!(with_down.revisions[0].checksum(Engine::Sqlite), expected, "the way down has a checksum of its own");
    assert_ne!(with_down.revisions[0].down_checksum(), None);
    let native = read_files(&[("V1__a.sql", "select 1;\nselect 2;\n"), ("V1__a.sqlite.sql", "select 0;")]);
    assert_ne!(native.revisions[0].checksum(Engine::Sqlite), expected);
}

#[test]
fn what_is_no_text_is_told_with_its_line() {
    let folder = folder(&[("V1__a.sql", "select 1;")]);
    let told = |bytes: &[u8]| {
        fs::write(folder.path().join("V1__a.sql"), bytes).expect("can be written");
        read(folder.path()).expect_err("is refused").to_string()
    };
    assert!(told(b"a\nb\n\xe4").contains("V1__a.sql:3: a byte here is not UTF-8; save the file as UTF-8"));
    assert!(told(b"a\n\0b").contains("V1__a.sql:2: a zero byte"));
    assert!(told(b"\xff\xfea\0").contains("UTF-16"));
}

#[test]
fn a_folder_that_is_not_there_says_how_to_make_it() {
    let folder = folder(&[("file", "")]);
    let told = |name: &str| read(&folder.path().join(name)).expect_err("is refused").to_string();
    assert!(told("missing").contains("`strait migrate new \"first\"` makes it"));
    assert!(told("file").contains("is not a folder"));
    assert_eq!(read_files(&[(".gitkeep", "")]).revisions, []);
}

#[test]
fn what_an_editor_left_behind_and_a_late_header_are_noticed() {
    let found = read_files(&[
        ("V1__a.sql", "select 1;\n-- transaction: none\n"),
        ("V1__a.sql~", "old"),
        ("V1__a.sql.orig", ""),
    ]);
    assert_eq!((found.revisions.len(), found.notices.len()), (1, 3), "{:?}", found.notices);
    assert!(found.notices.iter().any(|notice| notice.contains("V1__a.sql:2 looks like a header")));
}

#[cfg(unix)]
#[test]
fn links_are_followed_but_not_in_circles() {
    use std::os::unix::fs::symlink;
    let shared = folder(&[("V1__a.sql", "select 1;")]);
    let folder = folder(&[("V2__b.sql", "select 1;")]);
    symlink(shared.path(), folder.path().join("shared")).expect("can be made");
    assert_eq!(read(folder.path()).expect("is read").revisions.len(), 2);
    symlink(folder.path(), folder.path().join("self")).expect("can be made");
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("a.sock")).expect("can be made");
    symlink("nowhere", folder.path().join("V3__c.sql")).expect("can be made");
    let told = read(folder.path()).expect_err("is refused").to_string();
    assert!(told.contains("self is a link that leads back to"), "{told}");
    assert!(
        told.contains("a.sock is neither a file nor a folder") && told.contains("V3__c.sql cannot be read"),
        "{told}"
    );
}

#[cfg(unix)]
#[test]
fn a_name_that_is_not_unicode_is_told() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder(&[]);
    let name = std::ffi::OsStr::from_bytes(b"V1__\xff.sql");
    fs::write(folder.path().join(name), "").expect("can be written");
    assert!(read(folder.path()).expect_err("is refused").to_string().contains("not Unicode"));
}

#[test]
fn embedded_revisions_are_like_those_on_disk() {
    let files = [("V1__a.sql", "select 1;"), ("more\\V2__b.sql", "select 2;"), ("V1__a.down.sql", "select 0;")];
    let found = from_embedded(&files).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(parents(&found), [("V1__a", vec![]), ("V2__b", vec!["V1__a"])]);
    assert_eq!(found.revisions[1].path(), Path::new("more/V2__b.sql"));
    let told = from_embedded(&[("V1_a.sql", "")]).expect_err("is refused").to_string();
    assert!(told.contains("V1_a.sql is no revision") && told.contains("rename it to V1__a.sql"), "{told}");
    let told = from_embedded(&[("V1__a.sql", "a"), ("V1__a.sql", "b")]).expect_err("is refused").to_string();
    assert!(told.contains("same name"), "{told}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_files_are_read_or_refused(
        files in prop::collection::vec(("[VUv]?[0-3]{0,2}_{0,2}[a-c .-]{0,3}(\\.(down|sqlite|postgres|pg)){0,2}(\\.sql)?", "\\PC{0,20}"), 0..6)
    ) {
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        match from_embedded(&files) {
            Ok(folder) => {
                let scripts: usize = folder.revisions.iter().map(|found| found.up.all().count() + found.down.all().count()).sum();
                let beside = files.iter().filter(|(name, _)| name.starts_with('.')).count();
                prop_assert_eq!(scripts + beside + folder.notices.len(), files.len());
            }
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }
}
