//! The rows that a schema file inserts, beside those that the revisions of its folder do.

use std::collections::{BTreeMap, BTreeSet};

use super::DriftError;
use crate::database::{Access, Database, Location};
use crate::migrate::Declared;
use crate::schema::language::{Inserted, Kind, Statement, words_of};
use crate::schema::names::quoted;
use crate::schema::{Column, Engine, LogicalType, Table, histories};

/// How words begin that give another value whenever they are asked.
const VOLATILE: [&str; 19] = [
    "now(",
    "current_",
    "localtime",
    "clock_timestamp",
    "statement_timestamp",
    "transaction_timestamp",
    "timeofday",
    "strftime(",
    "datetime(",
    "date(",
    "time(",
    "unixepoch(",
    "julianday(",
    "random",
    "gen_",
    "uuid_generate",
    "nextval",
    "currval",
    "lastval",
];
/// Words that may read a value that such a word gave.
const READING: [&str; 2] = ["select", "table"];

/// The tables in whose rows a folder and its schema file are compared, each with the columns that are.
pub(super) struct Seeds {
    columns: BTreeMap<String, BTreeSet<String>>,
}

/// The rows of each table, in an order of their own.
pub(super) type Rows = BTreeMap<String, Vec<Vec<Option<String>>>>;

impl Seeds {
    /// Those of a schema file on one engine: all columns of its tables but those whose values come from the clock, from
    /// chance or from numbering.
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
        for inserted in declared.schema.others.iter().filter(is_run).filter_map(Statement::inserts) {
            let Some(table) = tables.clone().find(|table| table.name == inserted.table) else { continue };
            if let Some(kept) = columns.get_mut(&table.name) {
                kept.retain(|name| table.column(name).is_some_and(|column| is_told(&inserted, table, column)));
            }
        }
        for table in tables {
            if let Some(kept) = columns.get_mut(&table.name) {
                let told = kept.clone();
                kept.retain(|name| table.column(name).is_some_and(|column| is_made_of(column, table, &told)));
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

/// Whether a statement gives a column the same values whenever it runs.
fn is_told(inserted: &Inserted, table: &Table, column: &Column) -> bool {
    let is_volatile =
        |words: &BTreeSet<String>| words.iter().any(|word| VOLATILE.iter().any(|own| word.starts_with(own)));
    let reads = |words: &BTreeSet<String>| READING.iter().any(|own| words.contains(*own));
    let mut all = table.columns.iter().map(|other| &other.name);
    let place = match &inserted.columns {
        Some(named) => named.iter().position(|name| *name == column.name),
        None => all.position(|name| *name == column.name),
    };
    match (place, &inserted.values) {
        // The default decides, or the numbering.
        (None, _) => {
            column.identity.is_none() && !column.default.as_deref().is_some_and(|text| is_volatile(&words_of(text)))
        }
        (Some(place), Some(values)) => {
            values.get(place).is_none_or(|words| !(is_volatile(words) || reads(words) && is_made_up(&column.logical)))
        }
        // It is not told which of the words are this column's.
        (Some(_), None) => !is_made_up(&column.logical) || !(is_volatile(&inserted.words) || reads(&inserted.words)),
    }
}

/// Whether a column that is computed is made of others among some alone.
fn is_made_of(column: &Column, table: &Table, others: &BTreeSet<String>) -> bool {
    let text = column.generated.as_ref().and_then(|generated| generated.expression.as_deref());
    text.is_none_or(|text| words_of(text).iter().all(|word| table.column(word).is_none() || others.contains(word)))
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

    /// The columns of table t that are compared, with blanks between them.
    fn compared(inserts: &str) -> String {
        const TABLE: &str = "create table t (id int primary key, name text default 'now()', at timestamptz default now(), \
                             day date, key uuid);";
        let text = format!("-- strait schema 1\n{TABLE}\n{inserts}");
        let declared = Declared::from_text("app.sql", text).expect("is read");
        let columns = &Seeds::of(&declared, Engine::Sqlite).columns;
        columns.get("t").map_or_else(String::new, |kept| kept.iter().cloned().collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn a_column_is_not_compared_only_where_its_values_are_made_up() {
        for (inserts, expected) in [
            ("", "at day id key name"),
            (
                "insert into t (id, name) values (1, 'Random tips, current_date') on conflict do nothing;",
                "day id key name",
            ),
            (
                "insert into t (id, at, day) values (1, '2020-01-01', current_date) on conflict do nothing;",
                "at id key name",
            ),
            (
                "insert into t (id, at) values (1, current_timestamp) on conflict do nothing;
                 insert into t (id, day) values (2, '2020-01-01') on conflict do nothing;",
                "day id key name",
            ),
            (
                "insert into t values (1, 'x', '2020-01-01', '2020-01-01', null) on conflict do nothing;",
                "at day id key name",
            ),
            (
                "insert into t (id, name, at, day) select 1, 'x', '2020-01-01', current_date on conflict do nothing;",
                "id key name",
            ),
        ] {
            assert_eq!(compared(inserts), expected, "{inserts}");
        }
    }

    #[test]
    fn rows_are_counted_as_often_as_they_are_there() {
        let rows = |values: &[&str]| -> Vec<Vec<Option<String>>> {
            values.iter().map(|value| vec![Some((*value).to_owned())]).collect()
        };
        assert_eq!(beyond(&rows(&["a", "b", "b"]), &rows(&["b", "c"])), 2);
        assert_eq!(beyond(&rows(&["b", "c"]), &rows(&["a", "b", "b"])), 1);
    }
}
