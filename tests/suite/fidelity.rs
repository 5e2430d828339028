//! One trap, one case: what becomes of a value or an object, and what is said of it. A folder for each under
//! `tests/cases/fidelity/SUBJECT`: `source.sql` is the source; `target.sql` is a schema that is there already, `schema.sql` a
//! schema file, `flags.txt` more of the command line. `rows.txt` and `structure.txt` are what the target holds afterwards,
//! `says.txt` what is said. `UPDATE=1` writes these three anew.

mod case;
mod exact;
mod saved;
mod says;
mod target;

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::fresh_database;

/// The folders of a folder, in the order of their names.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    paths.retain(|path| path.is_dir());
    paths.sort();
    paths
}

fn catalogue() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/fidelity")
}

/// Runs all cases of a subject and shows all that differ at once; `CASE` names one alone.
fn holds(subject: &str) {
    let target = fresh_database();
    let mut faults = Vec::new();
    for folder in folders(&catalogue().join(subject)) {
        let name = folder.file_name().expect("a case has a name").to_string_lossy().into_owned();
        if std::env::var("CASE").is_ok_and(|wanted| wanted != name) {
            continue;
        }
        let (outcome, found) = case::run(&folder, &target);
        faults.extend(found.into_iter().map(|fault| format!("{subject}/{name}: {fault}")));
        for (file, text) in outcome {
            let golden = folder.join(file);
            if std::env::var_os("UPDATE").is_some() {
                fs::write(&golden, &text).expect("the golden file can be written");
            }
            if fs::read_to_string(&golden).ok().as_ref() != Some(&text) {
                faults.push(format!("{subject}/{name}/{file} is now:\n{text}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A test for each subject, so that they run side by side.
macro_rules! subjects {
    ($($subject:literal $test:ident)*) => {
        const SUBJECTS: &[&str] = &[$($subject),*];
        $(
            #[test]
            fn $test() {
                holds($subject);
            }
        )*
    };
}

subjects! {
    "defaults" a_default_is_kept_or_named
    "documents" a_document_is_kept_or_set_aside
    "files" a_file_of_any_kind_is_read_right
    "ids" the_next_id_follows_the_highest_ever_given
    "indexes" an_index_is_kept_or_named
    "keys" a_key_tells_the_same_rows_apart
    "moments" a_moment_is_kept_or_set_aside
    "names" a_name_is_kept_or_shortened_aloud
    "numbers" a_number_is_kept_or_set_aside
    "references" a_reference_is_kept_or_named
    "schema_files" a_schema_file_decides
    "structure" a_structure_is_kept_or_named
    "targets" a_target_decides_and_is_asked_first
    "texts" a_text_is_kept_or_set_aside
    "tools" a_history_of_another_tool_is_copied_exactly
}

#[test]
fn every_subject_has_a_test_and_together_they_are_a_catalogue() {
    let found: Vec<String> = folders(&catalogue())
        .iter()
        .map(|folder| folder.file_name().expect("it has a name").to_string_lossy().into_owned())
        .collect();
    assert_eq!(found, SUBJECTS);
    let cases: usize = found.iter().map(|subject| folders(&catalogue().join(subject)).len()).sum();
    assert!(cases >= 290, "only {cases} cases");
}
