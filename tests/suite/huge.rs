//! Values about as large as either engine holds: they arrive, or are set aside, in memory that is bounded.

use std::time::Duration;

use crate::support::process::Running;
use crate::support::{Database, Source, account, fresh_database, strait_command};

/// A copy of this much takes half a minute on a slow machine; one that hangs is ended.
const LONGEST: Duration = Duration::from_secs(160);

/// Copies and gives the exit status, the report, and the most memory that the program took, in bytes. Where the system does
/// not tell of memory, which Linux does, it is none.
///
/// Source: Linux manual, proc(5), `VmHWM`.
fn copy_watched(source: &Source, target: &Database) -> (i32, serde_json::Value, u64) {
    let path = source.path();
    let arguments = ["copy", path.to_str().expect("UTF-8"), target.url(), "--format", "json", "--quiet"];
    let mut running = Running::start(&mut strait_command(&arguments));
    let mut peak_kb = 0;
    while !running.has_ended() {
        let status = std::fs::read_to_string(format!("/proc/{}/status", running.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kb = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        peak_kb = peak_kb.max(kb.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(20));
    }
    let finished = running.end_within(LONGEST);
    (finished.status, account(&finished), peak_kb * 1024)
}

#[test]
fn a_blob_of_900_mb_arrives_in_twice_its_memory() {
    const BYTES: u64 = 900 << 20;
    let source = Source::from_sql(&format!(
        "pragma synchronous = off; create table t (id integer primary key, b blob, v text);
         insert into t values (1, x'01', 'before'), (2, zeroblob({BYTES}), 'huge'), (3, x'03', 'after')"
    ));
    let target = fresh_database();
    let (status, report, peak) = copy_watched(&source, &target);
    assert_eq!((status, &report["complete"]), (0, &true.into()), "{report:#}");
    let found = target.psql("select id, length(b), get_byte(b, length(b) - 1), v from t order by id");
    assert_eq!(found, format!("1|1|1|before\n2|{BYTES}|0|huge\n3|1|3|after"));
    // SQLite puts the pages of a value together, and its field is encoded from that: two copies, and the working memory.
    assert!(peak < 2 * BYTES + (200 << 20), "it took {} MB", peak >> 20);
}
