//! A file's statements that let one text column compare by bytes: run before the rows, and only of a column that is text.

use crate::schema::Schema;

/// What becomes of such a statement.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Collation {
    /// It is run, in these words: with the type that the file's own table gives the column.
    Run(String),
    /// It is not, as the column is no text; or there is none.
    Skip(String),
}

/// Reads a statement that does no more than this; none when it is another, or of a table that the file does not have.
pub(super) fn read(sql: &str, declared: &Schema) -> Option<Collation> {
    let (table, rest) = quoted(sql.strip_prefix("alter table ")?)?;
    let (column, rest) = quoted(rest.strip_prefix(" alter column ")?)?;
    let named = rest.strip_prefix(" type ")?.strip_suffix(" collate \"C\"")?;
    if !named.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" ()".contains(&byte)) {
        return None;
    }
    let known = declared.table(&table)?.column(&column);
    Some(match known.map(|column| &column.logical) {
        // A collation alone cannot be said: the type must be, and is the file's, which a person may have edited.
        Some(logical) if logical.is_text() => {
            let before = sql.len() - rest.len();
            Collation::Run(format!("{} type {} collate \"C\"", &sql[..before], logical.postgres_name()))
        }
        Some(logical) => Collation::Skip(format!("{table}.{column} is {logical} in the file, which has no collation")),
        None => Collation::Skip(format!("table {table} of the file has no column {column}")),
    })
}

/// A quoted name at the head of a text, and what comes after it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix('"')?;
    let mut name = String::new();
    loop {
        let (part, after) = rest.split_once('"')?;
        name.push_str(part);
        match after.strip_prefix('"') {
            Some(more) => {
                name.push('"');
                rest = more;
            }
            None => return Some((name, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Column, LogicalType, Table};

    fn of(name: &str, logical: LogicalType) -> Schema {
        let columns = vec![Column::new(name, logical)];
        Schema { tables: vec![Table { name: "t".into(), columns, ..Table::default() }], ..Schema::default() }
    }

    #[test]
    fn a_column_keeps_the_type_of_the_file_whatever_the_statement_names() {
        let sql = "alter table \"t\" alter column \"a \"\"b\"\"\" type text collate \"C\"";
        let run = |sql: &str| Some(Collation::Run(sql.to_owned()));
        assert_eq!(read(sql, &of("a \"b\"", LogicalType::Text)), run(sql));
        let shorter = sql.replace("type text", "type varchar(9)");
        assert_eq!(read(sql, &of("a \"b\"", LogicalType::Varchar(9))), run(&shorter));
    }

    #[test]
    fn a_column_that_is_no_text_or_gone_is_left_alone() {
        let sql = "alter table \"t\" alter column \"c\" type text collate \"C\"";
        for declared in [of("c", LogicalType::Int), of("d", LogicalType::Text)] {
            assert!(matches!(read(sql, &declared), Some(Collation::Skip(_))));
        }
    }

    #[test]
    fn a_statement_that_does_more_is_another_one() {
        let declared = of("c", LogicalType::Text);
        for sql in [
            "alter table \"t\" alter column \"c\" type text using lower(\"c\") collate \"C\"",
            "alter table \"t\" alter column \"c\" type text, alter column \"c\" type text collate \"C\"",
            "alter table t alter column c type text collate \"C\"",
            "alter table \"other\" alter column \"c\" type text collate \"C\"",
        ] {
            assert_eq!(read(sql, &declared), None, "{sql}");
        }
    }
}
