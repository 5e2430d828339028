//! The source is never written, whatever its journal mode; and what lies only beside it in the -wal arrives.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::support::{Source, copy, file_hash, fixture, fresh_database, strait, verify};

/// Sixty rows that are only in the -wal.
const LATEST: &str = "insert into chatidtag with recursive n(i) as (select 1 union all select i + 1 from n where i < 60) select \
                      'late-' || i, 'tag', 'chat', 'user', i from n";

/// Puts a database into WAL mode and writes rows that no checkpoint has moved; the connection must stay open for that.
fn with_latest_rows(source: &Source) -> rusqlite::Connection {
    let application = source.connect();
    application.execute_batch("pragma journal_mode = wal; pragma wal_autocheckpoint = 0").expect("WAL can be set");
    application.execute_batch(LATEST).expect("rows can be written");
    application
}

fn beside(path: &Path, end: &str) -> PathBuf {
    PathBuf::from(format!("{}{end}", path.display()))
}

/// The hash of every file of a folder that holds data; an index of the -wal may come and go.
fn hashes(folder: &Path) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    let paths = entries.map(|entry| entry.expect("the entry can be read").path());
    let data = paths.filter(|path| !path.to_string_lossy().ends_with("-shm"));
    let mut hashes: Vec<_> = data.map(|path| (path.display().to_string(), file_hash(&path))).collect();
    hashes.sort();
    hashes
}

#[test]
fn a_plain_file_is_byte_for_byte_the_same_afterwards() {
    for version in ["0.5.11", "0.12.4"] {
        let source = Source::from_fixture(&format!("open-webui-{version}.db"));
        let folder = source.path().parent().expect("it lies in a folder").to_owned();
        let before = hashes(&folder);
        let target = fresh_database();
        assert_eq!(copy(&source.path(), &target, &[]).status, 0);
        assert_eq!(verify(&source.path(), &target).0, 0);
        assert_eq!(hashes(&folder), before);
        assert_eq!(file_hash(&source.path()), file_hash(&fixture(&format!("open-webui-{version}.db"))));
    }
}

#[test]
fn rows_that_are_only_in_the_wal_of_a_running_application_arrive() {
    let source = Source::from_fixture("open-webui-0.12.4.db");
    let application = with_latest_rows(&source);
    let folder = source.path().parent().expect("it lies in a folder").to_owned();
    let before = hashes(&folder);
    assert!(std::fs::metadata(beside(&source.path(), "-wal")).expect("there is a -wal").len() > 0);
    let target = fresh_database();
    let copied = copy(&source.path(), &target, &[]);
    assert_eq!((copied.status, copied.table("chatidtag")["copied"].as_u64()), (0, Some(100)), "{:#}", copied.report);
    assert_eq!(target.psql("select count(*) from chatidtag where id like 'late-%'"), "60");
    assert_eq!(verify(&source.path(), &target).0, 0);
    assert_eq!(hashes(&folder), before);
    drop(application);
}

#[test]
fn rows_that_are_only_in_the_wal_of_a_copied_pair_of_files_arrive() {
    let source = Source::from_fixture("open-webui-0.12.4.db");
    let application = with_latest_rows(&source);
    let folder = TempDir::new().expect("a folder can be made");
    let path = folder.path().join("source.db");
    for end in ["", "-wal"] {
        std::fs::copy(beside(&source.path(), end), beside(&path, end)).expect("the file can be copied");
    }
    drop(application);
    let before = hashes(folder.path());
    let target = fresh_database();
    let copied = copy(&path, &target, &[]);
    assert_eq!((copied.status, copied.table("chatidtag")["copied"].as_u64()), (0, Some(100)), "{:#}", copied.report);
    assert_eq!(copied.report["notices"], serde_json::json!([]));
    assert_eq!(verify(&path, &target).0, 0);
    assert_eq!(hashes(folder.path()), before);
}

#[test]
fn a_database_in_wal_mode_without_its_wal_is_copied_with_a_warning() {
    let source = Source::from_fixture("open-webui-0.12.4.db");
    let application = with_latest_rows(&source);
    let folder = TempDir::new().expect("a folder can be made");
    let path = folder.path().join("alone.db");
    std::fs::copy(source.path(), &path).expect("the file can be copied");
    drop(application);
    let before = file_hash(&path);
    let target = fresh_database();
    let copied = copy(&path, &target, &[]);
    let notices = copied.report["notices"].to_string();
    assert!(notices.contains("is in WAL mode") && notices.contains("alone.db-wal"), "{notices}");
    assert_eq!((copied.status, copied.table("chatidtag")["copied"].as_u64()), (0, Some(40)));
    // The second reading warns as well: the empty -wal that the first one made is not mistaken for the lost one.
    let run = strait(&["verify", path.to_str().expect("the path is UTF-8"), target.url()]);
    assert!(run.stderr.contains("is in WAL mode") && run.stderr.contains("alone.db-wal"), "{}", run.stderr);
    assert_eq!(file_hash(&path), before);
}

#[test]
fn the_applications_writes_during_a_copy_are_neither_lost_nor_half_seen() {
    let source = Source::from_fixture("open-webui-0.12.4.db");
    let application = with_latest_rows(&source);
    let path = source.path();
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let writer = {
        let stop = std::sync::Arc::clone(&stop);
        std::thread::spawn(move || {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                // Two tables in one transaction: a state in which they disagree was never committed.
                let pair = "begin; insert into chatidtag values (hex(randomblob(16)), 't', 'c', 'u', 1); insert into memory (id, \
                            user_id, content, created_at, updated_at) values (hex(randomblob(16)), 'u', 'c', 1, 1); commit";
                application.execute_batch(pair).expect("the application can write");
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
        })
    };
    let target = fresh_database();
    let copied = copy(&path, &target, &[]);
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    writer.join().expect("the application did not fail");
    assert_eq!(copied.status, 0, "{:#}", copied.report);
    assert_eq!(target.psql("select (select count(*) from chatidtag) - (select count(*) from memory)"), "60");
}
