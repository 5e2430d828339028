//! Whatever is named as the source, the program ends soon, says what to do, and never copies less than there is.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::support::picture::picture;
use crate::support::process::Running;
use crate::support::{Database, Source, copy, fixture, fresh_database, strait_command};

const LIMIT: Duration = Duration::from_secs(15);

/// What a program says that could not do its work: status 2, nothing on standard output, no fault of its own.
fn refused_in(command: &str, source: &str, target: &Database) -> String {
    let before = picture(target);
    let ended = Running::start(&mut strait_command(&[command, source, target.url()])).end_within(LIMIT);
    assert_eq!((ended.status, ended.stdout.as_str()), (2, ""), "{command} {source}: {}", ended.stderr);
    assert!(ended.stderr.starts_with("error: ") || ended.stderr.contains("\nerror: "), "{}", ended.stderr);
    for fault in ["panicked", "a fault of", "ServerSays", "SqliteFailure"] {
        assert!(!ended.stderr.contains(fault), "{command} {source}: {}", ended.stderr);
    }
    assert_eq!(picture(target), before, "{command} {source}: something was changed");
    ended.stderr
}

/// Both commands refuse a source before they touch the target, and say these words.
fn assert_refused(source: &Path, words: &[&str]) {
    let (source, target) = (source.to_str().expect("the path is UTF-8"), fresh_database());
    for command in ["copy", "verify"] {
        let said = refused_in(command, source, &target);
        for word in words {
            assert!(said.contains(word), "{command} {source}: `{word}` is not in: {said}");
        }
    }
}

/// A damaged copy of a fixture goes into no empty target, and is not equal to what the healthy one became.
fn assert_damaged(path: &Path, healthy: &Database, words: &[&str]) {
    let source = path.to_str().expect("the path is UTF-8");
    for said in [refused_in("copy", source, &fresh_database()), refused_in("verify", source, healthy)] {
        for word in ["is damaged", "cannot be read whole", ".recover"].iter().chain(words) {
            assert!(said.contains(word), "{source}: `{word}` is not in: {said}");
        }
    }
}

/// Both commands refuse a source for what its rows hold; verify looks at those only where the target has their table.
fn assert_refused_for_rows(source: &Source, create: &str, words: &[&str]) {
    let (path, target) = (source.path(), fresh_database());
    target.psql(create);
    let path = path.to_str().expect("the path is UTF-8");
    for said in [refused_in("copy", path, &fresh_database()), refused_in("verify", path, &target)] {
        for word in words {
            assert!(said.contains(word), "`{word}` is not in: {said}");
        }
    }
}

fn healthy() -> Database {
    let target = fresh_database();
    assert_eq!(copy(&fixture("open-webui-0.5.11.db"), &target, &[]).status, 0);
    target
}

fn folder() -> TempDir {
    TempDir::new().expect("a folder can be made")
}

fn written(folder: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("the file can be written");
    path
}

#[test]
fn what_is_not_there_or_not_a_file() {
    let folder = folder();
    assert_refused(&folder.path().join("missing.db"), &["missing.db", "there is no such file; check the path"]);
    assert_refused(folder.path(), &["it is not a file; name the database file itself"]);
    let dangling = folder.path().join("dangling.db");
    std::os::unix::fs::symlink(folder.path().join("gone.db"), &dangling).expect("a link can be made");
    assert_refused(&dangling, &["dangling.db", "there is no such file"]);
}

#[test]
fn a_pipe_is_refused_instead_of_waited_for() {
    let folder = folder();
    let pipe = folder.path().join("pipe.db");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo can be started").success());
    assert_refused(&pipe, &["it is not a file"]);
}

#[test]
fn files_that_are_no_database() {
    let folder = folder();
    assert_refused(&written(&folder, "empty.db", b""), &["the file is empty; check the path"]);
    assert_refused(&written(&folder, "short.db", b"hello"), &["not a SQLite database", "check the path"]);
    let dump = "create table t (a);\ninsert into t values (1);\n".repeat(200);
    assert_refused(&written(&folder, "dump.sql", dump.as_bytes()), &["not a SQLite database", "a dump loaded first"]);
    let noise: Vec<u8> = (0..8192_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    assert_refused(&written(&folder, "encrypted.db", &noise), &["not a SQLite database", "encrypted"]);
    let header = std::fs::read(fixture("open-webui-0.5.11.db")).expect("the fixture can be read");
    assert_refused(&written(&folder, "header.db", &header[..100]), &["header.db"]);
}

#[test]
fn a_file_that_may_not_be_read() {
    let source = Source::from_fixture("open-webui-0.5.11.db");
    let file = std::fs::metadata(source.path()).expect("the file is there");
    std::fs::set_permissions(source.path(), std::fs::Permissions::from_mode(0o000)).expect("its mode can be set");
    // Root reads it all the same, and then it is a database like any other.
    if file.uid() == 0 {
        assert_eq!(copy(&source.path(), &fresh_database(), &[]).status, 0);
    } else {
        assert_refused(&source.path(), &["source.db", "ermission denied"]);
    }
}

#[test]
fn a_file_that_was_cut_off_is_never_copied_in_part() {
    let whole = std::fs::read(fixture("open-webui-0.5.11.db")).expect("the fixture can be read");
    let (folder, healthy) = (folder(), healthy());
    // Inside a page, between pages, near the beginning and near the end.
    for kept in [whole.len() - 1, whole.len() / 2, whole.len() / 2 / 4096 * 4096, 40_000, 4096] {
        let path = written(&folder, &format!("cut-{kept}.db"), &whole[..kept]);
        assert_damaged(&path, &healthy, &[]);
    }
}

/// The page on which a table's b-tree begins, and the size of a page.
fn root_page(path: &Path, table: &str) -> (usize, usize) {
    let file = rusqlite::Connection::open(path).expect("the database can be opened");
    let number = |sql: &str| file.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("a number");
    let root = number(&format!("select rootpage from sqlite_schema where name = '{table}'"));
    (usize::try_from(root).expect("fits"), usize::try_from(number("pragma page_size")).expect("fits"))
}

#[test]
fn a_flipped_byte_in_the_head_of_a_page_stops_with_its_table_named() {
    let healthy = healthy();
    for table in ["message", "chat", "user", "alembic_version"] {
        let source = Source::from_fixture("open-webui-0.5.11.db");
        let (root, size) = root_page(&source.path(), table);
        let mut bytes = std::fs::read(source.path()).expect("the file can be read");
        // The kind of the page. Source: SQLite, "Database File Format", 1.6.
        bytes[(root - 1) * size] ^= 0x40;
        std::fs::write(source.path(), bytes).expect("the file can be written");
        assert_damaged(&source.path(), &healthy, &[&format!("table {table}")]);
    }
}

#[test]
fn a_wrong_number_of_cells_in_a_page_is_no_shorter_table() {
    let healthy = healthy();
    for table in ["memory", "message", "tool", "config", "alembic_version"] {
        let source = Source::from_fixture("open-webui-0.5.11.db");
        let (root, size) = root_page(&source.path(), table);
        let mut bytes = std::fs::read(source.path()).expect("the file can be read");
        // Two bytes: how many cells the page has. Every count of rows and every read agree on the wrong number.
        let at = (root - 1) * size + 3;
        let cells = u16::from_be_bytes([bytes[at], bytes[at + 1]]);
        bytes[at..at + 2].copy_from_slice(&(cells - 1).to_be_bytes());
        std::fs::write(source.path(), bytes).expect("the file can be written");
        assert_damaged(&source.path(), &healthy, &[table]);
    }
}

#[test]
fn rows_that_break_a_rule_of_their_table_are_no_damage() {
    let source = Source::from_sql(
        "create table t (a integer primary key, b integer check (b > 0), c text not null); insert into t values (1, 1, 'c'); \
         pragma ignore_check_constraints = on; insert into t values (2, -1, 'c'); pragma writable_schema = on; update \
         sqlite_schema set sql = replace(sql, 'b integer', 'b integer not null'); pragma writable_schema = reset; pragma \
         ignore_check_constraints = on; insert or ignore into t values (3, 3, 'c')",
    );
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &[]);
    assert_ne!(copied.status, 2, "{:#}", copied.report);
    assert_eq!(copied.table("t")["read"], 3);
}

#[test]
fn rows_out_of_their_keys_order_are_damage() {
    let source = Source::from_sql(
        "create table t (k text primary key, v integer) without rowid; insert into t values ('B', 1), ('a', 2), ('c', 3);
         pragma writable_schema = on; update sqlite_schema set sql = replace(sql, 'k text', 'k text collate nocase')",
    );
    assert_refused_for_rows(
        &source,
        "create table t (k text, v bigint)",
        &["is damaged", "table t cannot be read whole"],
    );
}

#[test]
fn a_text_that_is_not_utf_16_stops_before_sqlite_changes_it() {
    for (encoding, text) in [("UTF-16le", "41003dd84200"), ("UTF-16be", "0041d83d0042"), ("UTF-16le", "42dc")] {
        let source = Source::from_sql(&format!(
            "pragma encoding = '{encoding}'; create table t (id integer primary key, fine text, \"bad one\" text);
             insert into t values (1, 'Łódź 👩', 'x'), (2, null, cast(x'{text}' as text)), (3, x'd83d', 7)"
        ));
        let target = "create table t (id bigint, fine text, \"bad one\" text)";
        assert_refused_for_rows(&source, target, &["column bad one of table t", "not valid UTF-16", "--exclude t"]);
    }
}

#[test]
fn a_database_that_is_locked_exclusively_is_given_up_soon() {
    let source = Source::from_fixture("open-webui-0.5.11.db");
    let application = source.connect();
    application.execute_batch("begin exclusive").expect("the lock is free");
    let target = fresh_database();
    let said = refused_in("copy", source.path().to_str().expect("the path is UTF-8"), &target);
    assert!(said.contains("is locked by another program") && said.contains(".backup"), "{said}");
    application.execute_batch("rollback").expect("the lock is let go");
    assert_eq!(copy(&source.path(), &target, &[]).status, 0);
}

#[test]
fn a_database_without_tables_is_rather_the_wrong_file() {
    assert_refused(&Source::from_sql("create table t (a); drop table t").path(), &["holds no tables; check the path"]);
}

#[test]
fn a_path_may_hold_any_character() {
    let folder = folder();
    for name in [
        "with space.db",
        "what?.db",
        "a#b.db",
        "100%.db",
        "50%25.db",
        "grüße 🧭.db",
        "it's \"quoted\".db",
        "a:b.db",
        "-dash.db",
    ] {
        let path = folder.path().join(name);
        std::fs::copy(
            Source::from_sql("create table t (a integer primary key); insert into t values (1)").path(),
            &path,
        )
        .expect("the file can be copied");
        let (target, text) = (fresh_database(), path.to_str().expect("the path is UTF-8"));
        let ended = Running::start(&mut strait_command(&["copy", text, target.url()])).end_within(LIMIT);
        assert_eq!(ended.status, 0, "{name}: {}", ended.stderr);
        assert_eq!(target.psql("select a from t"), "1", "{name}");
    }
    // Relative, too, where a colon might be the end of a scheme.
    for name in ["what?.db", "a:b.db"] {
        let target = fresh_database();
        let mut command = strait_command(&["copy", name, target.url()]);
        assert_eq!(Running::start(command.current_dir(folder.path())).end_within(LIMIT).status, 0, "{name}");
    }
}

#[test]
fn a_damaged_table_that_is_excluded_stops_nothing() {
    let source = Source::from_sql(
        "create table good (id integer primary key); insert into good values (1), (2);
         create table bad (id integer primary key); insert into bad values (1);",
    );
    let root: u64 = source
        .connect()
        .query_row(
            "select (rootpage - 1) * page_size from sqlite_schema, pragma_page_size where name = 'bad'",
            [],
            |row| row.get::<_, i64>(0),
        )
        .expect("the table has a page")
        .unsigned_abs();
    let file = std::fs::OpenOptions::new().write(true).open(source.path()).expect("the file can be written");
    std::os::unix::fs::FileExt::write_all_at(&file, &[0xff; 64], root).expect("the page can be written");
    let target = fresh_database();
    let said = refused_in("copy", source.path().to_str().expect("the path is UTF-8"), &target);
    assert!(said.contains("is damaged"), "{said}");
    let copied = copy(&source.path(), &target, &["--exclude", "bad"]);
    let bad = copied.whole().table("bad");
    assert_eq!(bad["read"], 0);
    assert!(bad["skipped_because"].as_str().is_some_and(|why| why.contains("cannot be counted")), "{bad:#}");
    assert_eq!(target.psql("select count(*) from good"), "2");
}
