//! One made-up row before it is inserted: for each column what it may hold.

use super::condition::{self, Named};
use super::values;
use crate::schema::names::quoted;
use crate::schema::{Column, Engine, KeyOf, Table};

/// How many parents are tried for one row.
const PARENTS: usize = 3;

/// The keys that a row may refer to through one foreign key.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    pub(super) columns: Vec<String>,
    pub(super) parent_columns: Vec<String>,
    /// Whether it refers to its own table.
    pub(super) own: bool,
    /// The values of the parent's columns, as SQL.
    pub(super) rows: Vec<Vec<String>>,
}

/// A row with what each column may hold; the others get what the engine gives.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    columns: Vec<(String, Vec<String>)>,
    /// Whether a column gets a value that PostgreSQL would rather give itself.
    overriding: bool,
}

impl Draft {
    /// Drafts a row: the one of a number, which is the table's so-and-so-many-th.
    pub(super) fn of(table: &Table, engine: Engine, number: u64, index: usize, keys: &[Keys]) -> Self {
        let conditions: Vec<Named> = table.checks.iter().map(|check| condition::named(&check.expression)).collect();
        let mut draft = Self::default();
        for key in keys {
            draft.refer(table, engine, number, index, key);
        }
        for column in &table.columns {
            if draft.has(&column.name) || column.generated.is_some() || column.identity.is_some() {
                continue;
            }
            // What a default computes is as good as what we make up.
            let computed = column.default.as_ref().is_some_and(|default| default.contains('('));
            if column.default.is_some() && (computed || !must_be_unique(table, &column.name)) {
                continue;
            }
            let values = choices(column, engine, number, &conditions);
            draft.columns.push((column.name.clone(), values));
        }
        draft
    }

    fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|(name, _)| name.eq_ignore_ascii_case(column))
    }

    /// Chooses what the columns of a foreign key hold.
    fn refer(&mut self, table: &Table, engine: Engine, number: u64, index: usize, key: &Keys) {
        let single = key.columns.len() == 1;
        for (at, name) in key.columns.iter().enumerate() {
            let Some(column) = table.column_like(name) else { continue };
            if self.has(name) || column.generated.is_some() {
                continue;
            }
            let of_row = |row: usize| key.rows.get(row % key.rows.len().max(1)).and_then(|row| row.get(at)).cloned();
            let tries = if single { PARENTS.min(key.rows.len()) } else { key.rows.len().min(1) };
            let mut values: Vec<String> = (0..tries).filter_map(|more| of_row(index + more)).collect();
            if values.is_empty() && column.nullable {
                values.push("null".into());
            }
            if values.is_empty() && key.own {
                // The first row of all refers to itself.
                let parent = key.parent_columns.get(at).and_then(|name| table.column_like(name));
                values.push(values::value(parent.unwrap_or(column), engine, number));
                self.give(parent.filter(|parent| !self.has(&parent.name)), engine, number);
            }
            if values.is_empty() {
                values.push(values::value(column, engine, number));
            }
            if !self.has(name) {
                self.columns.push((column.name.clone(), values));
            }
        }
    }

    fn give(&mut self, column: Option<&Column>, engine: Engine, number: u64) {
        if let Some(column) = column {
            self.overriding |= engine == Engine::Postgres && column.identity.is_some();
            self.columns.push((column.name.clone(), vec![values::value(column, engine, number)]));
        }
    }

    /// How many rows there are to try.
    pub(super) fn variants(&self) -> usize {
        self.columns.iter().fold(1, |product: usize, (_, values)| product.saturating_mul(values.len().max(1)))
    }

    /// The statement that inserts one of them.
    pub(super) fn insert(&self, table: &str, variant: usize) -> String {
        if self.columns.is_empty() {
            return format!("insert into {} default values", quoted(table));
        }
        let (mut rest, mut names, mut values) = (variant, Vec::new(), Vec::new());
        for (name, choices) in &self.columns {
            names.push(quoted(name));
            let count = choices.len().max(1);
            values.push(choices.get(rest % count).map_or("null", String::as_str));
            rest /= count;
        }
        let overriding = if self.overriding { " overriding system value" } else { "" };
        format!("insert into {} ({}){overriding} values ({})", quoted(table), names.join(", "), values.join(", "))
    }
}

/// What a column may hold: one value, or several where a condition names it.
fn choices(column: &Column, engine: Engine, number: u64, conditions: &[Named]) -> Vec<String> {
    let name = column.name.to_lowercase();
    let naming: Vec<&Named> = conditions.iter().filter(|named| named.words.contains(&name)).collect();
    if naming.is_empty() && !values::is_open(column, engine) {
        return vec![values::value(column, engine, number)];
    }
    let named: Vec<String> = naming.iter().flat_map(|named| named.values.clone()).collect();
    values::candidates(column, engine, number, &named)
}

/// Whether two rows may not agree on a column, perhaps together with others.
fn must_be_unique(table: &Table, column: &str) -> bool {
    let names = |of: &KeyOf| match of {
        KeyOf::Column(name) => name == column,
        KeyOf::Expression(text) => condition::named(text).words.contains(&column.to_lowercase()),
    };
    table.primary_key.as_ref().is_some_and(|key| key.columns.iter().any(|name| name == column))
        || table.uniques.iter().any(|unique| unique.columns.iter().any(|part| names(&part.of)))
        || table.indexes.iter().any(|index| index.unique && index.keys.iter().any(|part| names(&part.of)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Check, LogicalType, PrimaryKey};

    fn table(columns: Vec<Column>) -> Table {
        Table { name: "t".into(), columns, ..Table::default() }
    }

    fn needed(name: &str, logical: LogicalType) -> Column {
        Column { nullable: false, ..Column::new(name, logical) }
    }

    #[test]
    fn a_default_is_left_to_the_engine_unless_two_rows_would_agree_on_it() {
        let with_default = |name: &str| Column { default: Some("0".into()), ..needed(name, LogicalType::Int) };
        let mut table = table(vec![with_default("a"), with_default("b")]);
        table.primary_key = Some(PrimaryKey { name: None, columns: vec!["b".into()] });
        let draft = Draft::of(&table, Engine::Postgres, 1001, 0, &[]);
        assert_eq!(draft.insert("t", 0), r#"insert into "t" ("b") values (1001)"#);
    }

    #[test]
    fn what_a_condition_lists_is_tried_in_turn() {
        let mut table = table(vec![needed("kind", LogicalType::Text)]);
        table.checks = vec![Check { name: None, expression: "kind in ('a', 'b')".into() }];
        let draft = Draft::of(&table, Engine::Postgres, 1001, 0, &[]);
        assert!(draft.variants() > 2);
        assert_eq!(draft.insert("t", 1), r#"insert into "t" ("kind") values ('a')"#);
    }

    #[test]
    fn a_row_refers_to_its_parents_in_turn_and_the_first_of_all_to_itself() {
        let table = table(vec![needed("id", LogicalType::Int), needed("up", LogicalType::Int)]);
        let mut keys = Keys {
            columns: vec!["up".into()],
            parent_columns: vec!["id".into()],
            own: true,
            rows: vec![vec!["'7'".into()], vec!["'8'".into()]],
        };
        let insert =
            |keys: &Keys| Draft::of(&table, Engine::Postgres, 1001, 1, std::slice::from_ref(keys)).insert("t", 0);
        assert_eq!(insert(&keys), r#"insert into "t" ("up", "id") values ('8', 1001)"#);
        keys.rows.clear();
        assert_eq!(insert(&keys), r#"insert into "t" ("id", "up") values (1001, 1001)"#);
    }

    #[test]
    fn a_table_that_needs_nothing_gets_what_the_engine_gives() {
        assert_eq!(Draft::default().insert("a\"b", 0), r#"insert into "a""b" default values"#);
    }
}
