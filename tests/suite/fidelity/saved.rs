//! Every case whose tables are inferred, once more: what the copy would create is saved as a schema file, which is given
//! back unedited. The target then holds what it held before, in rows and structure.

use std::fs;
use std::path::Path;

use super::{case, catalogue, folders, target};
use crate::support::{Database, Source, fresh_database};

/// The files that a case was recorded in, if its tables were inferred.
fn recorded(folder: &Path) -> Option<(String, String)> {
    let own_target = ["target.sql", "schema.sql"].iter().any(|file| folder.join(file).is_file());
    let read = |file: &str| fs::read_to_string(folder.join(file)).expect("a case was recorded");
    let was_copied = !read("says.txt").starts_with("exit 2");
    (!own_target && was_copied).then(|| (read("rows.txt"), read("structure.txt")))
}

/// Saves and gives back one case; what is wrong with it, as sentences.
fn saved_and_given_back(folder: &Path, target: &Database) -> Vec<String> {
    let Some((rows, structure)) = recorded(folder) else { return Vec::new() };
    target::empty(target);
    let source = Source::from_sql(&fs::read_to_string(folder.join("source.sql")).expect("a case has a source"));
    let flags = fs::read_to_string(folder.join("flags.txt")).unwrap_or_default();
    let mut flags: Vec<&str> = flags.split_whitespace().collect();
    let assessed = case::between(&source, target, "assess", &[&flags[..], &["--save-schema", "saved.sql"]].concat());
    if assessed.status == 2 {
        return vec![format!("nothing is saved: {}", assessed.stderr)];
    }
    flags.extend(["--schema", "saved.sql", "--extra-tables", "create"]);
    let copied = case::between(&source, target, "copy", &flags);
    if copied.status == 2 {
        return vec![format!("it is not copied: {}", copied.stderr)];
    }
    if computes_otherwise(folder) {
        // The file says that the column is computed, so a copy that finds other values is not whole, and says so.
        let is_told = copied.status == 1 && copied.stdout.contains("other values");
        return if is_told { Vec::new() } else { vec![format!("it is not told: {}", copied.stdout)] };
    }
    let saved = fs::read_to_string(source.path().with_file_name("saved.sql")).expect("a file was saved");
    let structure = without_computed(&without_units(&structure), &saved);
    let mut faults = Vec::new();
    for (what, expected, found) in
        [("rows", rows, target::rows(target)), ("structure", structure, target::structure(target))]
    {
        let (expected, found) = (without_names_of_sequences(&expected), without_names_of_sequences(&found));
        if expected != found {
            faults.push(format!("{what} were:\n{expected}and are now:\n{found}"));
        }
    }
    faults
}

/// Whether a column's expression means something else in PostgreSQL, which only the rows show.
fn computes_otherwise(folder: &Path) -> bool {
    let says = fs::read_to_string(folder.join("says.txt")).expect("a case was recorded");
    says.contains("it computes other values than the source holds")
}

/// What numbers count stands over a column in the file, and is no comment in the target: the type may be edited.
fn without_units(structure: &str) -> String {
    const SOURCE: &str = "in the source: ";
    let line = |line: &str| match line.split_once(" -- ") {
        Some((column, comment)) if line.starts_with("  ") && !comment.starts_with(SOURCE) => {
            let lost = comment.split_once(&format!("; {SOURCE}")).map(|(_, lost)| format!(" -- {SOURCE}{lost}"));
            format!("{column}{}\n", lost.unwrap_or_default())
        }
        _ => format!("{line}\n"),
    };
    structure.lines().map(line).collect()
}

/// Of columns that the file names as ordinary ones it is not asked how they are computed.
fn without_computed(structure: &str, saved: &str) -> String {
    let named: Vec<&str> = saved.lines().filter_map(ordinary).collect();
    let mut table = "";
    let line = |line| {
        table = str::strip_prefix(line, "table ").and_then(|rest| rest.split(" -- ").next()).unwrap_or(table);
        let column = line.trim_start().split(' ').next().unwrap_or_default();
        match line.split_once(" stored as ") {
            Some((column_of, _)) if named.contains(&format!("{table}.{column}").as_str()) => format!("{column_of}\n"),
            _ => format!("{line}\n"),
        }
    };
    structure.lines().map(line).collect()
}

/// The column of a line that says that it is computed no more.
fn ordinary(line: &str) -> Option<&str> {
    let (column, why) = line.strip_prefix("--   generated column ")?.split_once(": ")?;
    why.ends_with("it is an ordinary column").then_some(column)
}

/// The server names a sequence itself where a schema file says what it numbers.
fn without_names_of_sequences(text: &str) -> String {
    let line = |line: &str| match line.strip_prefix("sequence ").and_then(|line| line.rsplit_once(" gives next ")) {
        Some((_, next)) => format!("sequence gives next {next}\n"),
        None => format!("{line}\n"),
    };
    let mut lines: Vec<String> = text.lines().map(line).collect();
    lines.sort();
    lines.concat()
}

fn holds(from: usize, of: usize) {
    let target = fresh_database();
    let all = folders(&catalogue()).iter().flat_map(|subject| folders(subject)).collect::<Vec<_>>();
    let mut faults = Vec::new();
    for folder in all.iter().skip(from).step_by(of) {
        let found = saved_and_given_back(folder, &target);
        faults.extend(found.into_iter().map(|fault| format!("{}: {fault}", folder.display())));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_is_saved_and_given_back_makes_the_same_target_of_odd_cases() {
    holds(0, 2);
}

#[test]
fn what_is_saved_and_given_back_makes_the_same_target_of_even_cases() {
    holds(1, 2);
}

#[test]
fn most_cases_can_be_saved() {
    let all = folders(&catalogue()).iter().flat_map(|subject| folders(subject)).collect::<Vec<_>>();
    let inferred = all.iter().filter(|folder| recorded(folder).is_some()).count();
    assert!(inferred >= 150, "only {inferred} cases are inferred");
}
