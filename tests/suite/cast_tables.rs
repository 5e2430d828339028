//! The casts drawn as tables: logical type × storage class × example → what becomes of it, and what is read back.
//!
//! A file for each logical type under `tests/cases/casts`; `UPDATE=1` writes all columns but the first anew. Every example is
//! a table of its own in one source, so that the program's report tells of it alone. It is copied by the real program into
//! that type and read back in two ways that share nothing with the copier: PostgreSQL's text, and the binary form that it
//! sends. What was read back is then copied once more, and must arrive as the very same value.

mod drawn;
mod run;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use drawn::{Example, Section};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/casts")
}

fn read(kind: &str) -> String {
    let path = folder().join(format!("{kind}.txt"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Copies the examples of a file there and back, and compares what came of them with what is drawn.
fn holds(kind: &str) {
    let text = read(kind);
    let mut sections = drawn::parse(&text);
    let faults = run::run(&mut sections);
    let found = drawn::write(&text, &sections);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(folder().join(format!("{kind}.txt")), &found).expect("the table can be written");
    } else {
        let differing: Vec<&str> = found.lines().filter(|line| !text.lines().any(|drawn| drawn == *line)).collect();
        assert!(found == text, "{kind}: it is drawn otherwise:\n{}", differing.join("\n"));
    }
    assert!(faults.is_empty(), "{kind}:\n{}", faults.join("\n"));
}

/// A test for each type, so that they run side by side.
macro_rules! types {
    ($($kind:literal $test:ident)*) => {
        const TYPES: &[&str] = &[$($kind),*];
        $(
            #[test]
            fn $test() {
                holds($kind);
            }
        )*
    };
}

types! {
    "array" a_list_is_a_json_array_whose_elements_are_cast_one_by_one
    "bigint" a_big_integer_takes_all_64_bits
    "boolean" a_truth_value_is_a_word_or_a_number_and_never_a_guess
    "bytes" bytes_stay_bytes_and_text_becomes_its_own_bytes
    "char" a_padded_text_says_that_it_was_padded
    "date" a_date_is_a_day_and_nothing_beside_it
    "double" a_double_keeps_all_its_bits
    "enum" a_label_is_one_of_the_list
    "epoch" an_epoch_number_is_in_its_unit_or_brought_to_it
    "int" an_integer_keeps_to_32_bits
    "json" json_keeps_its_text_byte_for_byte
    "json_text" json_in_a_text_column_is_json_all_the_same
    "jsonb" jsonb_keeps_the_meaning
    "numeric" a_decimal_number_keeps_every_digit
    "real" a_real_says_when_it_rounds
    "smallint" a_small_integer_keeps_to_16_bits
    "text" a_text_is_kept_character_for_character
    "time" a_time_of_day_ends_before_midnight
    "timestamp" a_timestamp_is_in_utc_and_keeps_microseconds
    "timestamptz" an_instant_is_the_same_whatever_its_offset
    "uuid" an_identifier_is_read_in_its_usual_forms_only
    "varchar" a_bounded_text_is_measured_in_characters
}

#[test]
fn every_type_is_drawn_with_every_storage_class() {
    let entries = fs::read_dir(folder()).expect("the folder can be read");
    let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("it can be read").file_name().into_string();
    let found: BTreeSet<String> = entries.map(|entry| name(entry).expect("UTF-8")).collect();
    let expected: BTreeSet<String> = TYPES.iter().map(|kind| format!("{kind}.txt")).collect();
    assert_eq!(found, expected);
    let mut examples = 0;
    for kind in TYPES {
        let sections = drawn::parse(&read(kind));
        let all = || sections.iter().flat_map(|section: &Section| &section.examples);
        let classes: BTreeSet<String> = all().map(|example: &Example| run::class(&example.stored)).collect();
        assert_eq!(classes.len(), 5, "{kind} has only {classes:?}");
        examples += all().count();
    }
    assert!(examples >= 600, "only {examples} examples");
}
