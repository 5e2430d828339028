//! Alembic's `alembic_version`: one row for each head.

use std::collections::BTreeSet;

use super::Book;
use crate::database::Database;
use crate::migrate::error::MigrateError;
use crate::migrate::graph::VersionChange;
use crate::schema::Engine;

/// The width that Alembic gives its column. Source: Alembic, `ddl/impl.py`.
const USUAL_WIDTH: usize = 32;
/// A width that later ids will not need to widen again.
const AMPLE_WIDTH: usize = 255;
const COLUMNS: &str = "version_num varchar(32) not null, constraint alembic_version_pkc primary key (version_num)";

/// The rows of the table.
pub(super) async fn read(book: &Book, database: &mut Database) -> Result<BTreeSet<String>, MigrateError> {
    let sql = format!("select version_num from {}", book.table);
    let rows = database.query("read the table of Alembic", &sql, &[]).await?;
    Ok(rows.into_iter().filter_map(|row| row.into_iter().next().flatten()).collect())
}

/// Changes the rows as a step changes ours.
pub(super) async fn record(book: &Book, database: &mut Database, change: &VersionChange) -> Result<(), MigrateError> {
    book.ensure(database, COLUMNS).await?;
    let (table, what) = (&book.table, "move the table of Alembic");
    let new = change.insert.iter().chain(change.update.iter().map(|(_, to)| to));
    if let Some(longest) = new.map(|id| id.chars().count()).max() {
        widen(book, database, longest).await?;
    }
    for id in &change.delete {
        let sql = format!("delete from {table} where version_num = $1");
        let changed = database.execute(what, &sql, &[Some(id)]).await?;
        expect_row(book, database, changed, id).await?;
    }
    if let Some((from, to)) = &change.update {
        let sql = format!("update {table} set version_num = $1 where version_num = $2");
        let changed = database.execute(what, &sql, &[Some(to), Some(from)]).await?;
        expect_row(book, database, changed, from).await?;
    }
    for id in &change.insert {
        let sql = format!("insert into {table} (version_num) values ($1)");
        database.execute(what, &sql, &[Some(id)]).await?;
    }
    Ok(())
}

/// A row that is not there was moved by Alembic meanwhile, or by the script.
async fn expect_row(book: &Book, database: &mut Database, changed: u64, row: &str) -> Result<(), MigrateError> {
    // A script that is only written down has no rows.
    if changed == 1 || database.is_recording() {
        return Ok(());
    }
    let theirs = super::in_words(&read(book, database).await?);
    let (table, ours) = (book.shown.clone(), row.to_owned());
    let mend = book.tool.stamp_at(&BTreeSet::from([row.to_owned()]));
    Err(MigrateError::BookkeepingDiffers { tool: book.tool.tool(), table, theirs, ours, mend })
}

/// Makes the rows the given heads, whatever they were.
pub(super) async fn set(book: &Book, database: &mut Database, heads: &BTreeSet<String>) -> Result<(), MigrateError> {
    book.ensure(database, COLUMNS).await?;
    let there = read(book, database).await?;
    let delete = there.difference(heads).cloned().collect();
    let insert = heads.difference(&there).cloned().collect();
    record(book, database, &VersionChange { delete, insert, update: None }).await
}

/// Makes room for a long id: SQLite takes it as it is, PostgreSQL would refuse it.
async fn widen(book: &Book, database: &mut Database, characters: usize) -> Result<(), MigrateError> {
    if characters <= USUAL_WIDTH || database.engine() == Engine::Sqlite {
        return Ok(());
    }
    let what = "widen the table of Alembic";
    if database.is_recording() {
        // The column's width when the script is run is not known: it is given room enough for any.
        let sql = format!(
            "alter table {} alter column version_num type varchar({})",
            book.table,
            characters.max(AMPLE_WIDTH)
        );
        database.execute(what, &sql, &[]).await?;
        return Ok(());
    }
    // The type's modifier counts four bytes more than the characters; a type without a width has none.
    let sql = "select cast(atttypmod - 4 as text) from pg_catalog.pg_attribute where attrelid = cast(cast($1 as text) as \
               regclass) and attname = 'version_num' and atttypmod > 4";
    let rows = database.query(what, sql, &[Some(&book.table)]).await?;
    let width: Option<usize> = rows.into_iter().flatten().flatten().next().and_then(|width| width.parse().ok());
    if width.is_some_and(|width| width < characters) {
        let sql = format!("alter table {} alter column version_num type varchar({characters})", book.table);
        database.execute(what, &sql, &[]).await?;
    }
    Ok(())
}
