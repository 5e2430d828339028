//! The rows on their way from the old form of a table to the new one, and the proof that none of them changed.

use rusqlite::Connection;

use super::error::AlterError;
use super::shape::Shape;
use super::{Edit, definition};
use crate::sqlite::quote;

/// A column that numbers rows for a comparison.
const NUMBER: &str = "\"strait's number\"";

/// How many columns one query compares: SQLite gives at most 2000 columns.
const COMPARED_AT_ONCE: usize = 500;

/// What happens to the rows of a table between two forms of it.
pub(super) struct Transfer<'e> {
    pub(super) table: &'e str,
    /// The name that the old form has meanwhile.
    pub(super) old: &'e str,
    from: Shape,
    to: Shape,
    carried: Vec<Carried<'e>>,
}

/// A column that both forms have.
struct Carried<'e> {
    name: String,
    /// The expression that gives the new value.
    using: Option<&'e str>,
    /// The new type, where it has one.
    declared: Option<&'e str>,
}

impl<'e> Transfer<'e> {
    /// Plans which column takes its values from where.
    pub(super) fn plan(table: &'e str, old: &'e str, from: Shape, to: Shape, edits: &[&'e Edit]) -> Self {
        let carried =
            to.stored.iter().filter(|column| (from.stores(column) || is_kept(column, edits)) && !is_new(column, edits));
        let carried = carried.map(|column| Carried {
            name: column.clone(),
            using: retyped(column, edits).and_then(|(_, using)| using),
            declared: retyped(column, edits).map(|(declared, _)| declared),
        });
        let carried = carried.collect();
        Self { table, old, from, to, carried }
    }

    /// The statement that copies the rows, with their rowids where they have any.
    pub(super) fn statement(&self) -> Result<String, AlterError> {
        // A new column that is the rowid itself starts with the rowids that are there.
        let free = self.to.alias.as_ref().is_none_or(|alias| !self.carries(alias));
        let kept = self.from.rowid.zip(self.to.rowid).filter(|_| free);
        let kept = kept.map(|(from, to)| (to.to_owned(), from.to_owned()));
        let columns = self.carried.iter().map(|column| {
            let name = quote(&column.name);
            let value = column.using.map_or_else(|| Ok(name.clone()), definition::expression)?;
            Ok((name, value))
        });
        let columns = columns.collect::<Result<Vec<_>, AlterError>>()?;
        let (into, values): (Vec<_>, Vec<_>) = kept.into_iter().chain(columns).unzip();
        // `or abort`: a constraint's own ON CONFLICT clause could drop rows in silence.
        Ok(format!(
            "insert or abort into main.{table} ({into}) select {values} from main.{old} as {table} not indexed",
            table = quote(self.table),
            old = quote(self.old),
            into = into.join(", "),
            values = values.join(", "),
        ))
    }

    /// Refuses a copy that has changed a value which was to stay as it is.
    pub(super) fn verify(&self, connection: &Connection) -> Result<(), AlterError> {
        let checked: Vec<_> = self.carried.iter().filter(|column| column.using.is_none()).collect();
        let Some(pairing) = self.pairing().filter(|_| !checked.is_empty()) else {
            return self.verify_as_sets(connection, &checked);
        };
        let (mut missing, mut counts) = (0, Vec::new());
        for part in checked.chunks(COMPARED_AT_ONCE) {
            let found = self.count_changed(connection, &pairing, part)?;
            missing = found[0];
            counts.extend(part.iter().copied().zip(found[1..].iter().copied()));
        }
        self.judge(missing, &counts)
    }

    /// Counts the rows that are missing, then for each column those that hold another value there.
    fn count_changed(
        &self,
        connection: &Connection,
        pairing: &Pairing,
        columns: &[&Carried<'_>],
    ) -> Result<Vec<u64>, AlterError> {
        let Pairing { old, new, target, condition } = pairing;
        let missing = format!("sum({target} is null)");
        let changed = columns.iter().map(|column| format!("sum(not ({}))", same(column)));
        let sums: Vec<_> = std::iter::once(missing).chain(changed).collect();
        let sql = format!("select {} from {old} as o left join {new} as n on {condition}", sums.join(", "));
        let read = |row: &rusqlite::Row<'_>| {
            let sum = |index| row.get::<_, Option<i64>>(index).map(|sum| sum.unwrap_or(0).unsigned_abs());
            (0..sums.len()).map(sum).collect()
        };
        connection
            .query_row(&sql, [], read)
            .map_err(AlterError::sqlite(format!("compare the rows of table {}", self.table)))
    }

    fn judge(&self, missing: u64, counts: &[(&Carried<'_>, u64)]) -> Result<(), AlterError> {
        let table = self.table.to_owned();
        let changed = |retyped: bool| {
            counts.iter().filter(move |(column, rows)| *rows > 0 && column.declared.is_some() == retyped)
        };
        if let Some((column, rows)) = changed(true).next() {
            let declared = column.declared.unwrap_or_default().to_owned();
            return Err(AlterError::NotExact { table, column: column.name.clone(), declared, rows: *rows });
        }
        let rows = changed(false).map(|(_, rows)| *rows).chain([missing]).max().unwrap_or(0);
        let columns: Vec<_> = changed(false).map(|(column, _)| column.name.as_str()).collect();
        let columns = if columns.is_empty() { "its key".to_owned() } else { columns.join(", ") };
        if rows > 0 { Err(AlterError::ValuesChanged { table, columns, rows }) } else { Ok(()) }
    }

    fn carries(&self, column: &str) -> bool {
        self.carried.iter().any(|carried| carried.name.eq_ignore_ascii_case(column))
    }

    /// How a row of the new form is found from the old one.
    fn pairing(&self) -> Option<Pairing> {
        let is_plain = |key: &String| {
            self.carried.iter().any(|column| column.using.is_none() && column.name.eq_ignore_ascii_case(key))
        };
        let keys: Vec<_> = match (&self.to.alias, self.to.without_rowid) {
            (Some(alias), _) => vec![alias.clone()],
            (None, true) => self.to.key.clone(),
            (None, false) => return Some(self.pairing_by_place()),
        };
        keys.iter().all(is_plain).then(|| {
            // The first finds rows by the key's own collation, the second tells apart what that takes for equal.
            let equal =
                |key: &String| format!("o.{key} = n.{key} and o.{key} = n.{key} collate binary", key = quote(key));
            let equal: Vec<_> = keys.iter().map(equal).collect();
            let target = format!("n.{}", quote(&keys[0]));
            Pairing { old: self.old_form(), new: self.new_form(), target, condition: equal.join(" and ") }
        })
    }

    /// By rowid; where columns have taken its names, by order, which the copy has kept.
    fn pairing_by_place(&self) -> Pairing {
        let (old, new) = (self.old_form(), self.new_form());
        match (self.from.rowid, self.to.rowid) {
            (Some(from), Some(to)) => {
                Pairing { old, new, target: format!("n.{to}"), condition: format!("n.{to} = o.{from}") }
            }
            _ => {
                let numbered =
                    |form: &str| format!("(select *, row_number() over () as {NUMBER} from {form} not indexed)");
                let (old, new) = (numbered(&old), numbered(&new));
                Pairing { old, new, target: format!("n.{NUMBER}"), condition: format!("n.{NUMBER} = o.{NUMBER}") }
            }
        }
    }

    fn old_form(&self) -> String {
        format!("main.{}", quote(self.old))
    }

    fn new_form(&self) -> String {
        format!("main.{}", quote(self.table))
    }

    /// Compares rows that cannot be told apart by a key: each that was there must be there still.
    fn verify_as_sets(&self, connection: &Connection, checked: &[&Carried<'_>]) -> Result<(), AlterError> {
        if let Some(column) = checked.iter().find(|column| column.declared.is_some()) {
            return Err(AlterError::Unprovable { table: self.table.to_owned(), column: column.name.clone() });
        }
        if checked.is_empty() {
            return Ok(());
        }
        let values = checked.iter().flat_map(|column| {
            let name = quote(&column.name);
            [
                format!("typeof({name})"),
                format!("+{name} collate binary"),
                format!("iif(typeof({name}) = 'real', quote({name}), 0)"),
            ]
        });
        let values = values.collect::<Vec<_>>().join(", ");
        let (old, table) = (quote(self.old), quote(self.table));
        let sql =
            format!("select count(*) from (select {values} from main.{old} except select {values} from main.{table})");
        let rows: i64 = connection
            .query_row(&sql, [], |row| row.get(0))
            .map_err(AlterError::sqlite(format!("compare the rows of table {}", self.table)))?;
        let columns = checked.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ");
        let (table, rows) = (self.table.to_owned(), rows.unsigned_abs());
        if rows > 0 { Err(AlterError::ValuesChanged { table, columns, rows }) } else { Ok(()) }
    }
}

struct Pairing {
    old: String,
    new: String,
    /// A column of the new form that is null only when the row is missing.
    target: String,
    condition: String,
}

/// The condition that a value came over as it was: the same bytes in the same class, or, under a new type, one that
/// gives the old one back.
fn same(column: &Carried<'_>) -> String {
    let name = quote(&column.name);
    let (o, n) = (format!("o.{name}"), format!("n.{name}"));
    // A unary plus takes a column's affinity away; `quote` tells -0.0 from 0.0.
    let identical = format!(
        "typeof({o}) = typeof({n}) and +{o} is +{n} collate binary and (typeof({o}) <> 'real' or quote({o}) is quote({n}))"
    );
    if column.declared.is_none() {
        return identical;
    }
    format!(
        "case typeof({o}) || '>' || typeof({n})
         when 'text>integer' then cast({n} as text) is +{o} collate binary
         when 'text>real' then cast({n} as text) is +{o} collate binary
         when 'integer>text' then cast({n} as integer) is +{o}
         when 'integer>real' then {o} between -9007199254740992 and 9007199254740992
         when 'real>integer' then quote(cast({n} as real)) is quote({o})
         when 'real>text' then quote(cast({n} as real)) is quote({o})
         else {identical} end"
    )
}

fn is_new(column: &str, edits: &[&Edit]) -> bool {
    edits.iter().any(|edit| match edit {
        Edit::AddColumn { definition } => {
            super::definition::column(definition).is_ok_and(|added| added.name.eq_ignore_ascii_case(column))
        }
        _ => false,
    })
}

/// Tells whether a column keeps the values that were computed.
fn is_kept(column: &str, edits: &[&Edit]) -> bool {
    edits.iter().any(|edit| matches!(edit, Edit::DropExpression { name } if name.eq_ignore_ascii_case(column)))
}

/// The last type that the edits give to a column, and how.
fn retyped<'e>(column: &str, edits: &[&'e Edit]) -> Option<(&'e str, Option<&'e str>)> {
    edits.iter().rev().find_map(|edit| match edit {
        Edit::SetType { name, declared, using } if name.eq_ignore_ascii_case(column) => {
            Some((declared.as_str(), using.as_deref()))
        }
        _ => None,
    })
}
