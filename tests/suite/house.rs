//! The source keeps to its layers: a room uses only what its layer may, and a driver has one room.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The rooms of each layer, from the bottom. A room may use its own layer and those below, but see `EXCEPTIONS`.
const LAYERS: [&[&str]; 5] = [
    &["schema", "value", "event"],
    &["sqlite", "postgres"],
    &["database"],
    &["assess", "copy", "verify", "rejects", "rehearse", "migrate", "drift", "systems"],
    &["report", "cli", "main", "lib"],
];

/// Rooms of one layer that may not see each other, and rooms that may not see a layer below them.
///
/// A copy into a system's schema stamps the system's revisions, so `copy` sees `migrate`; the runner knows of no copy.
const FORBIDDEN: [(&str, &str); 17] = [
    ("sqlite", "postgres"),
    ("postgres", "sqlite"),
    ("copy", "verify"),
    ("copy", "rehearse"),
    ("migrate", "copy"),
    ("migrate", "sqlite"),
    ("migrate", "postgres"),
    // What is built in is told to the runner, which knows nothing of it.
    ("migrate", "systems"),
    ("systems", "copy"),
    ("systems", "database"),
    ("systems", "sqlite"),
    ("systems", "postgres"),
    ("migrate", "drift"),
    ("drift", "sqlite"),
    ("drift", "postgres"),
    ("report", "sqlite"),
    ("report", "postgres"),
];

/// Crates that belong to one room.
const DRIVERS: [(&str, &str); 4] =
    [("rusqlite", "sqlite"), ("sqlx", "postgres"), ("indicatif", "report"), ("comfy_table", "report")];

fn sources() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let inside = path.strip_prefix(&root).expect("it lies in src");
                let first = inside.components().next().expect("it has a name").as_os_str().to_string_lossy();
                let room = first.trim_end_matches(".rs").to_owned();
                let text = std::fs::read_to_string(&path).expect("the file can be read");
                files.push((room, path, text));
            }
        }
    }
    files
}

/// Code without comments: a comment may name whatever it wants.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn layer(room: &str) -> usize {
    let found = LAYERS.iter().position(|rooms| rooms.contains(&room));
    found.unwrap_or_else(|| panic!("room {room} has no layer: give it one in this file first"))
}

/// The rooms that a text names as `crate::room`.
fn rooms_used(text: &str) -> BTreeSet<String> {
    let after = text.split("crate::").skip(1);
    let name = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    after.map(name).filter(|name| LAYERS.iter().any(|rooms| rooms.contains(&name.as_str()))).collect()
}

#[test]
fn a_room_uses_only_its_own_layer_and_those_below() {
    for (room, path, text) in sources() {
        for used in rooms_used(&code(&text)).into_iter().filter(|used| *used != room) {
            assert!(layer(&used) <= layer(&room), "{} of room {room} uses {used}, which lies above it", path.display());
            let forbidden = FORBIDDEN.contains(&(room.as_str(), used.as_str()));
            // Outcomes of the work are told in terms of the model; an engine never shows itself.
            assert!(!forbidden, "{} of room {room} may not use {used}", path.display());
        }
    }
}

#[test]
fn a_driver_is_named_by_its_own_room_alone() {
    for (room, path, text) in sources() {
        let code = code(&text);
        for (driver, home) in DRIVERS {
            let named = code.contains(&format!("{driver}::")) || code.contains(&format!("use {driver}"));
            assert!(
                !named || room == home,
                "{} of room {room} names {driver}, which belongs to {home}",
                path.display()
            );
        }
    }
}

#[test]
fn only_the_edge_writes_to_the_terminal() {
    for (room, path, text) in sources() {
        let code = code(&text);
        let writes = ["println!", "eprintln!", "stdout()", "stderr()"].iter().any(|word| code.contains(word));
        assert!(
            !writes || layer(&room) == LAYERS.len() - 1,
            "{} of room {room} writes to the terminal",
            path.display()
        );
    }
}

#[test]
fn every_file_begins_with_what_it_is() {
    for (_, path, text) in sources() {
        assert!(text.starts_with("//! "), "{} does not say what it is", path.display());
    }
}

#[test]
fn a_file_is_one_idea() {
    let mut lengths: Vec<(usize, PathBuf)> =
        sources().into_iter().map(|(_, path, text)| (text.lines().count(), path)).collect();
    lengths.sort();
    let median = lengths[lengths.len() / 2].0;
    assert!(median < 200, "the median file has {median} lines");
    let (longest, path) = lengths.last().expect("there are files");
    assert!(*longest <= 400, "{} has {longest} lines: is there a second idea in it?", path.display());
}
