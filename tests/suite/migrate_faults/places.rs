//! Where nothing can be written: rights that are missing, files and folders that are read-only, a full disk.

use std::path::Path;
use std::process::Command;

use super::{LIMIT, assert_says};
use crate::support::migrate::{Revisions, asked, change, error_in, picture};
use crate::support::place::Place;
use crate::support::process::Running;

#[test]
fn a_role_that_may_only_read_is_refused_before_anything_runs() {
    let place = Place::postgres();
    let revisions = Revisions::of([("V0001__a.sql", "create table a (id int);")]);
    let before = picture(&place);
    let name = place.server().name().to_owned();
    change(&place, &format!("alter database {name} set default_transaction_read_only = on"));
    let error = revisions.refused(&place, &["up"]);
    assert_says(&error, &[&name, "its transactions are read-only for role", "default_transaction_read_only = off"]);
    assert_eq!(revisions.states(&place), "p", "looking is allowed");
    change(
        &place,
        &format!("set default_transaction_read_only = off; alter database {name} reset default_transaction_read_only"),
    );
    assert_eq!(picture(&place), before);
    revisions.done(&place, &["up"]);
}

#[test]
fn a_role_without_rights_is_told_what_an_administrator_can_do() {
    let place = Place::postgres();
    let role = format!("{}_guest", place.server().name());
    change(&place, &format!("create role {role} login"));
    let revisions = Revisions::of([("V0001__a.sql", "create table a (id int);")]);
    let before = picture(&place);
    let guest = place.url().replacen("postgres://postgres", &format!("postgres://{role}"), 1);
    assert_ne!(guest, place.url());
    let run = Running::start(&mut revisions.command(&guest, &["up"])).end_within(LIMIT);
    assert_eq!(run.status, 2, "{}{}", run.stdout, run.stderr);
    assert_says(
        &error_in(&run),
        &["cannot create the schema `strait`", "create schema strait authorization", &role, "42501"],
    );
    assert_eq!(picture(&place), before);
    change(&place, &format!("drop owned by {role}; drop role {role}"));
}

/// A file or folder that nobody may write for as long as this value lives, not even an administrator.
struct ReadOnly<'p>(&'p Path, bool);

impl<'p> ReadOnly<'p> {
    fn new(path: &'p Path) -> Self {
        let folder = path.is_dir();
        let read_only = Self(path, folder);
        read_only.set(if folder { "555" } else { "444" }, "+i");
        let probe = if folder { path.join("probe") } else { path.to_owned() };
        let writable = std::fs::File::options().append(true).create(folder).open(probe).is_ok();
        assert!(!writable, "neither chmod nor chattr can make {} read-only here", path.display());
        read_only
    }

    fn set(&self, mode: &str, attribute: &str) {
        for (tool, change) in [("chattr", "-i"), ("chmod", mode), ("chattr", attribute)] {
            Command::new(tool).arg(change).arg(self.0).output().ok();
        }
    }
}

impl Drop for ReadOnly<'_> {
    fn drop(&mut self) {
        self.set(if self.1 { "755" } else { "644" }, "-i");
    }
}

#[test]
fn a_file_or_a_folder_that_cannot_be_written_is_told_with_what_to_do() {
    let place = Place::sqlite();
    let revisions =
        Revisions::of([("V0001__a.sql", "create table a (id int);"), ("V0002__b.sql", "create table b (id int);")]);
    revisions.done(&place, &["up", "+1"]);
    let before = picture(&place);
    let file = place.path();
    let folder = file.parent().expect("it has a folder").to_owned();
    for (read_only, words) in [
        (&file, ["app.db", "read-only", "give this user the right to write it"]),
        (&folder, ["app.db", "cannot be used", "let this user write to the folder"]),
    ] {
        let kept = ReadOnly::new(read_only);
        let error = revisions.refused(&place, &["up"]);
        assert_says(&error, &words);
        assert_eq!(revisions.states(&place), "ap", "looking is allowed");
        drop(kept);
        assert_eq!(picture(&place), before);
    }
    revisions.done(&place, &["up"]);
}

/// Runs the program on a disk of so many kilobytes, then on one that has become larger: gives what it says first, after
/// holding the database to be as it was in between.
fn on_a_small_disk(revisions: &Revisions, place: &Place, kilobytes: u32) -> String {
    let disk = tempfile::TempDir::new().expect("a folder can be made");
    let there = disk.path().join("app.db");
    let up = revisions.command(there.to_str().expect("the path is UTF-8"), &["up"]);
    // The disk is seen by this shell alone, and goes with it; between the runs it is copied out as a crash would leave it.
    let script = format!(
        "mount -t tmpfs -o size={kilobytes}k disk {disk} && cp {db} {disk} && ! \"$0\" \"$@\" >&2 && cp {disk}/app.db* {out} && \
         mount -o remount,size=64m {disk} && \"$0\" \"$@\" && cp {disk}/app.db {out}/after.db",
        disk = disk.path().display(),
        db = place.path().display(),
        out = place.path().parent().expect("it has a folder").display(),
    );
    let mut command = Command::new("unshare");
    command.args(["--mount", "--map-root-user", "sh", "-c", &script]).arg(up.get_program()).args(up.get_args());
    let run = Running::start(&mut command).end_within(LIMIT);
    assert_eq!(run.status, 0, "the disk cannot be made, or the second run failed: {}{}", run.stdout, run.stderr);
    error_in(&run)
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told_and_the_next_run_succeeds_when_there_is_room() {
    // Few pages are written at the commit; many, by the statement itself.
    let outside = "nothing of V0002__b was kept, the database is as it was before it; when that is mended, run";
    for (rows, words) in [
        (10, ["nothing of V0002__b was kept", "cannot commit on", "app.db", "disk is full; make room on the disk"]),
        (200, ["V0002__b.sql:1:1: ", "SQLite refuses this statement", "disk is full; make room", outside]),
    ] {
        let place = Place::sqlite();
        let revisions = Revisions::of([
            ("V0001__a.sql", "create table a (x blob);".to_owned()),
            (
                "V0002__b.sql",
                format!(
                    "insert into a with recursive n(i) as (select 1 union all select i + 1 from n where i < {rows}) select zeroblob(50000) from n;"
                ),
            ),
        ]);
        revisions.done(&place, &["up", "+1"]);
        let before = picture(&place);
        let error = on_a_small_disk(&revisions, &place, 300);
        assert_says(&error, &words);
        assert_eq!(picture(&place), before, "{error}");
        assert_eq!(revisions.states(&place), "ap");
        std::fs::rename(place.path().with_file_name("after.db"), place.path()).expect("it was copied");
        assert_eq!(asked(&place, "select count(*) from a"), [rows.to_string()]);
        assert_eq!(revisions.states(&place), "aa");
    }
}
