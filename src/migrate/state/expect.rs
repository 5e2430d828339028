//! What a script that is only written down demands of the database on which it will be run.

use std::collections::BTreeSet;

use super::table;
use crate::database::{Database, DatabaseError};
use crate::schema::Engine;

/// Has the script fail unless the version rows are the expected ones: so it does nothing twice, nor in another place.
pub(in crate::migrate) async fn demand_versions(
    database: &mut Database,
    expected: &BTreeSet<String>,
) -> Result<(), DatabaseError> {
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    let expected = if expected.is_empty() { "base".to_owned() } else { expected.join(", ") };
    let table = table(database.engine(), "version");
    let sql = match database.engine() {
        // SQLite raises errors of a script's own in triggers alone; what is no JSON is an error everywhere.
        Engine::Sqlite => format!(
            "select json('not at ' || $1) from (select coalesce(group_concat(revision, ', '), 'base') as revisions \
             from (select revision from {table} order by revision)) where revisions <> $1"
        ),
        Engine::Postgres => demand_on_postgres(&table, &expected),
    };
    database.remark(&format!("fails unless the database stands at {expected}"));
    let parameters: &[Option<&str>] = match database.engine() {
        Engine::Sqlite => &[Some(&expected)],
        Engine::Postgres => &[],
    };
    database.execute("demand the version rows", &sql, parameters).await.map(drop)
}

/// A block takes no parameters; its own text is quoted by a word that no id holds.
fn demand_on_postgres(table: &str, expected: &str) -> String {
    let text = expected.replace('\'', "''");
    let mut word = "$strait$".to_owned();
    while expected.contains(&word) {
        word.insert(1, 'x');
    }
    format!(
        "do {word} begin\n  if (select coalesce(string_agg(revision, ', ' order by revision collate \"C\"), 'base') from \
         {table}) <> '{text}' then\n    raise exception 'the database does not stand where this script begins';\n  end \
         if;\nend {word}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demand_holds_whatever_an_id_holds() {
        let sql = demand_on_postgres("strait.version", "it's $strait$");
        assert!(sql.starts_with("do $xstrait$ begin") && sql.ends_with("end $xstrait$"), "{sql}");
        assert!(sql.contains("<> 'it''s $strait$' then"), "{sql}");
    }
}
