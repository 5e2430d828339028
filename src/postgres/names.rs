//! Names: quoting, PostgreSQL's limit of 63 bytes, and names that must be unique in a schema.

use std::collections::HashSet;

use crate::schema::names::with_hash;
pub use crate::schema::names::{fitting, quoted as quote};

/// Columns that every table has. Source: PostgreSQL manual, "System Columns".
const SYSTEM_COLUMNS: [&str; 6] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/// Quotes a table's name with its schema.
pub fn qualified(schema: &str, table: &str) -> String {
    format!("{}.{}", quote(schema), quote(table))
}

/// A table as a source of rows: itself alone, without tables that inherit from it; with its partitions when it has any.
pub fn rows_of(schema: &str, table: &str, partitioned: bool) -> String {
    format!("{}{}", if partitioned { "" } else { "only " }, qualified(schema, table))
}

/// Quotes a text as a literal, whatever `standard_conforming_strings` says.
pub fn literal(text: &str) -> String {
    let quoted = format!("'{}'", text.replace('\'', "''"));
    if quoted.contains('\\') { format!("E{}", quoted.replace('\\', "\\\\")) } else { quoted }
}

/// Quotes a list of identifiers.
pub fn list<N: AsRef<str>>(names: impl IntoIterator<Item = N>) -> String {
    names.into_iter().map(|name| quote(name.as_ref())).collect::<Vec<_>>().join(", ")
}

/// The name under which PostgreSQL can keep a column: a system column's name gets a hash, which no other column has.
pub fn fitting_column(name: &str) -> String {
    if SYSTEM_COLUMNS.contains(&name) { with_hash(name) } else { fitting(name) }
}

/// The names taken in one schema: tables, indexes and constraints share them.
#[derive(Debug, Default)]
pub struct NameBook {
    taken: HashSet<String>,
}

impl NameBook {
    /// Notes names that are in use.
    pub fn take(&mut self, names: impl IntoIterator<Item = String>) {
        self.taken.extend(names);
    }

    /// Tells whether something has a name, in the form in which PostgreSQL keeps it.
    pub fn is_taken(&self, name: &str) -> bool {
        self.taken.contains(&fitting(name))
    }

    /// Gives a fitting name that nothing else has: the wanted one, or the wanted one with a number.
    pub fn give(&mut self, wanted: &str) -> String {
        let mut name = fitting(wanted);
        let wanted = if wanted.is_empty() { name.clone() } else { wanted.to_owned() };
        let mut number = 1;
        while !self.taken.insert(name.clone()) {
            number += 1;
            name = fitting(&format!("{wanted}_{number}"));
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_every_character() {
        assert_eq!(quote("order by"), "\"order by\"");
        assert_eq!(quote("say \"hi\""), "\"say \"\"hi\"\"\"");
        assert_eq!(literal("it's C:\\"), "E'it''s C:\\\\'");
    }

    #[test]
    fn a_long_name_is_cut_between_characters_and_stays_its_own() {
        let long = "é".repeat(40);
        let (name, other) = (fitting(&long), fitting(&format!("{long}x")));
        assert!(name.len() <= 63 && name.starts_with("éé"));
        assert_ne!(name, other);
        assert_eq!(name, fitting(&long));
        assert_eq!(fitting(&"a".repeat(63)), "a".repeat(63));
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let mut book = NameBook::default();
        book.take(["user_pkey".to_owned()]);
        assert_eq!(book.give("user_pkey"), "user_pkey_2");
        assert_eq!(book.give("user_pkey"), "user_pkey_3");
    }

    #[test]
    fn the_empty_name_becomes_a_word() {
        assert_eq!(fitting(""), "unnamed_e3b0c442");
        assert_eq!(fitting_column(""), fitting(""));
        let mut book = NameBook::default();
        assert_eq!((book.give(""), book.give("")), (fitting(""), format!("{}_2", fitting(""))));
    }

    #[test]
    fn a_system_column_s_name_is_not_taken() {
        assert!(fitting_column("ctid").starts_with("ctid_"));
        assert_eq!(fitting_column("ctid_"), "ctid_");
    }
}
