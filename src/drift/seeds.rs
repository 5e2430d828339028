//! The rows that a schema file inserts, beside those that the revisions of its folder do.

use std::collections::{BTreeMap, BTreeSet};

use super::DriftError;
use crate::database::{Access, Database, Location};
use crate::migrate::Declared;
use crate::schema::language::{Kind, Statement};
use crate::schema::names::quoted;
use crate::schema::{Engine, LogicalType, Table, histories};

/// What gives another value whenever it is asked for, or may read one that does.
const VOLATILE: [&str; 7] = ["now(", "current_", "random", "gen_", "strftime", "datetime", "select"];

/// The tables in whose rows a folder and its schema file are compared, each with the columns that are.
pub(super) struct Seeds {
    columns: BTreeMap<String, BTreeSet<String>>,
}

/// The rows of each table, in an order of their own.
pub(super) type Rows = BTreeMap<String, Vec<Vec<Option<String>>>>;

impl Seeds {
    /// Those of a schema file on one engine: a table into which it inserts by the columns that it names.
    pub(super) fn of(declared: &Declared, engine: Engine) -> Self {
        let is_compared = |table: &&Table| {
            let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
            histories::recognise(&table.name, &columns).is_none()
        };
        let all = |table: &Table| table.columns.iter().map(|column| column.name.clone()).collect();
        let tables = declared.schema.schema.tables.iter().filter(is_compared);
        let mut columns: BTreeMap<String, BTreeSet<String>> =
            tables.clone().map(|table| (table.name.clone(), all(table))).collect();
        let is_run = |one: &&Statement| one.kind == Kind::Dml || one.kind == Kind::Opaque(engine);
        for statement in declared.schema.others.iter().filter(is_run) {
            let Some(name) = statement.inserts_into() else { continue };
            let (Some(kept), Some(table)) = (columns.get_mut(&name), tables.clone().find(|table| table.name == name))
            else {
                continue;
            };
            if let Some(named) = statement.inserted_columns() {
                kept.retain(|column| named.contains(column));
            }
            let text = statement.text.to_lowercase();
            if VOLATILE.iter().any(|word| text.contains(word)) {
                kept.retain(|column| table.column(column).is_some_and(|known| !is_made_up(&known.logical)));
            }
        }
        columns.retain(|_, kept| !kept.is_empty());
        Self { columns }
    }

    /// Inserts the rows of a schema file into what it has declared: that is made of its structure alone.
    pub(super) async fn insert(declared: &Declared, location: &Location) -> Result<(), DriftError> {
        let mut database = Database::open(location, Access::Write).await?;
        for statement in declared.schema.others.iter().filter(|one| one.kind == Kind::Dml) {
            let what = format!("insert the rows of {}:{}", declared.file, statement.at.line);
            database.run_script(&what, &statement.text).await?;
        }
        database.close().await;
        Ok(())
    }

    /// The rows that a database has of them.
    pub(super) async fn read(&self, location: &Location) -> Result<Rows, DriftError> {
        let mut database = Database::open(location, Access::Write).await?;
        let mut all = Rows::new();
        for (table, columns) in &self.columns {
            let text = |column: &String| match database.engine() {
                Engine::Sqlite => format!("quote({})", quoted(column)),
                Engine::Postgres => format!("{}::text", quoted(column)),
            };
            let values = columns.iter().map(text).collect::<Vec<_>>().join(", ");
            let sql = format!("select {values} from {}", quoted(table));
            // A table that is not there is told with the structure.
            if let Ok(mut rows) = database.query("read the rows that come with the structure", &sql, &[]).await {
                rows.sort();
                all.insert(table.clone(), rows);
            }
        }
        database.close().await;
        Ok(all)
    }

    /// Says in which tables rows differ, a sentence for each; their values are nobody's business.
    pub(super) fn differences(expected: &Rows, found: &Rows, engine: Engine, how: &str) -> Vec<String> {
        let sentence = |(table, wanted): (&String, &Vec<Vec<Option<String>>>)| {
            let there = found.get(table)?;
            let (missing, more) = (beyond(wanted, there), beyond(there, wanted));
            let parts = [
                (missing > 0)
                    .then(|| format!("{missing} of the {} that the schema file inserts are missing", wanted.len())),
                (more > 0).then(|| format!("{more} are there that the schema file does not insert")),
            ];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            (!parts.is_empty()).then(|| {
                format!(
                    "rows of table {table} on {}{how}: {}; insert them in a revision, or bring the schema file in line",
                    engine.name(),
                    parts.join(", and ")
                )
            })
        };
        expected.iter().filter_map(sentence).collect()
    }
}

/// Whether values of a type may come from the clock or from chance.
fn is_made_up(logical: &LogicalType) -> bool {
    use LogicalType as T;
    matches!(logical, T::Date | T::Time(_) | T::Timestamp(_) | T::TimestampTz(_) | T::Epoch(_) | T::Uuid)
}

/// How many rows of one list another has not, each as often as it is there; both are sorted.
fn beyond(rows: &[Vec<Option<String>>], others: &[Vec<Option<String>>]) -> usize {
    let mut left = others.iter().peekable();
    let is_beyond = |row: &&Vec<Option<String>>| {
        while left.next_if(|other| other < row).is_some() {}
        left.next_if(|other| other == row).is_none()
    };
    rows.iter().filter(is_beyond).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_as_often_as_they_are_there() {
        let rows = |values: &[&str]| -> Vec<Vec<Option<String>>> {
            values.iter().map(|value| vec![Some((*value).to_owned())]).collect()
        };
        assert_eq!(beyond(&rows(&["a", "b", "b"]), &rows(&["b", "c"])), 2);
        assert_eq!(beyond(&rows(&["b", "c"]), &rows(&["a", "b", "b"])), 1);
    }
}
