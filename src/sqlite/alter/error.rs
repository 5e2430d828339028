//! Why a table could not be altered.

/// Why a table of SQLite could not be altered; the transaction that it happened in must be rolled back.
#[derive(Debug, thiserror::Error)]
pub enum AlterError {
    /// There is no such table.
    #[error("there is no table {table}; check the name")]
    NoTable {
        /// The table as named.
        table: String,
    },
    /// It is there, but it is not an ordinary table.
    #[error("{table} is {kind}, not an ordinary table, and cannot be altered; drop it and create it anew")]
    NotATable {
        /// The table as named.
        table: String,
        /// What it is.
        kind: &'static str,
    },
    /// There is no such column.
    #[error("table {table} has no column {column}; it has {known}")]
    NoColumn {
        /// The table.
        table: String,
        /// The column as named.
        column: String,
        /// The columns that it has.
        known: String,
    },
    /// There is one already.
    #[error("table {table} has a column {column} already")]
    ColumnExists {
        /// The table.
        table: String,
        /// The column as named.
        column: String,
    },
    /// There is no such constraint.
    #[error("table {table} has no constraint named {name}; {known}")]
    NoConstraint {
        /// The table.
        table: String,
        /// The constraint as named.
        name: String,
        /// The names that it has.
        known: String,
    },
    /// There is one already, or there are several.
    #[error("table {table} has {count} constraint(s) named {name} already; give each a name of its own")]
    ConstraintExists {
        /// The table.
        table: String,
        /// The constraint as named.
        name: String,
        /// How many have this name.
        count: usize,
    },
    /// The stored text of a table is beyond us.
    #[error(
        "the stored CREATE statement of table {table} cannot be read at byte {at} (`{found}`); look at it with \
         `select sql from sqlite_schema where name = '{table}'` and alter the table by a script of your own"
    )]
    Unreadable {
        /// The table.
        table: String,
        /// The place.
        at: usize,
        /// What stands there.
        found: String,
    },
    /// The text of an edit is not what it should be.
    #[error("`{definition}` is not {wanted}: it cannot be read at byte {at} (`{found}`)")]
    Definition {
        /// The text as given.
        definition: String,
        /// What it should be.
        wanted: &'static str,
        /// The place.
        at: usize,
        /// What stands there.
        found: String,
    },
    /// A rebuild was asked for while foreign keys are enforced.
    #[error(
        "table {table} must be rebuilt, and foreign keys are enforced: dropping the old table would delete or change the \
         rows that refer to it; `pragma foreign_keys = off` before the transaction begins"
    )]
    ForeignKeysOn {
        /// The table.
        table: String,
    },
    /// A trigger of the connection alone would be lost.
    #[error("table {table} must be rebuilt, and the temporary trigger {trigger} on it would be lost; drop it first")]
    TemporaryTrigger {
        /// The table.
        table: String,
        /// The trigger.
        trigger: String,
    },
    /// There is no transaction to take the change back with.
    #[error("table {table} cannot be altered outside of a transaction; `begin immediate` first")]
    NoTransaction {
        /// The table.
        table: String,
    },
    /// Something else needs the column.
    #[error("column {column} of table {table} cannot be dropped: {user} uses it; drop or change that first")]
    ColumnInUse {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// What uses it, by kind and name.
        user: String,
    },
    /// A column that may not be null holds nulls.
    #[error(
        "column {column} of table {table} cannot be not null: {rows} row(s) hold null there; give them a value first with \
         `update`"
    )]
    HoldsNulls {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// How many rows.
        rows: u64,
    },
    /// Rows break a check that is to be added.
    #[error("`{check}` cannot be added to table {table}: {rows} row(s) break it; correct them first with `update`")]
    BreaksCheck {
        /// The table.
        table: String,
        /// The check.
        check: String,
        /// How many rows.
        rows: u64,
    },
    /// The key of a WITHOUT ROWID or a STRICT table is never null.
    #[error("column {column} of table {table} cannot be nullable: it belongs to the primary key, which {why}")]
    KeyIsNeverNull {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Why that is so.
        why: &'static str,
    },
    /// A new type would change values.
    #[error(
        "column {column} of table {table} cannot become {declared}: {rows} row(s) hold a value that SQLite would change; \
         say what becomes of them with `using`, or correct them first"
    )]
    NotExact {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The new type.
        declared: String,
        /// How many rows.
        rows: u64,
    },
    /// A copy of the rows would change values that nobody asked to change.
    #[error(
        "table {table} cannot be rebuilt: {rows} row(s) would not come back as they are, because they hold in {columns} \
         a value that its declared type would change; rewrite them first with `update`"
    )]
    ValuesChanged {
        /// The table.
        table: String,
        /// The columns in question.
        columns: String,
        /// How many rows.
        rows: u64,
    },
    /// Two changes at once hide each other.
    #[error(
        "the values of column {column} of table {table} cannot be compared while the table's key gets new values: change \
         the key and the column in two revisions"
    )]
    Unprovable {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// Rows would refer to nothing.
    #[error(
        "{rows} row(s) of table {child} would refer through ({columns}) to no row of {parent}; correct or delete them first"
    )]
    Violations {
        /// The table that refers.
        child: String,
        /// The columns that refer.
        columns: String,
        /// The table referred to.
        parent: String,
        /// How many rows.
        rows: u64,
    },
    /// A foreign key would have no key to refer to.
    #[error(
        "the foreign keys of table {child} would not work any more ({why}): the columns they refer to must be a primary key \
         or unique; drop or change the foreign key first"
    )]
    Mismatch {
        /// The table that refers.
        child: String,
        /// What SQLite says.
        why: String,
    },
    /// A table has not as many rows as before.
    #[error("table {table} had {before} row(s) and would have {after}; nothing was changed")]
    RowsChanged {
        /// The table.
        table: String,
        /// Its rows before.
        before: u64,
        /// And after.
        after: u64,
    },
    /// The structure did not come out as meant.
    #[error(
        "altering table {table} would change {what}, which was not meant; this is a fault of this program, please report it"
    )]
    Unintended {
        /// The table.
        table: String,
        /// What would change.
        what: String,
    },
    /// SQLite refused.
    #[error("cannot {what}")]
    Sqlite {
        /// What was tried.
        what: String,
        /// What SQLite says.
        source: rusqlite::Error,
    },
}

impl AlterError {
    pub(super) fn sqlite(what: impl Into<String>) -> impl FnOnce(rusqlite::Error) -> Self {
        let what = what.into();
        move |source| Self::Sqlite { what, source }
    }
}

/// The first characters of what stands at a place, for a message.
pub(super) fn excerpt(text: &str, at: usize) -> String {
    let rest = text.get(at..).unwrap_or_default();
    if rest.is_empty() { "its end".into() } else { rest.chars().take(24).collect() }
}
