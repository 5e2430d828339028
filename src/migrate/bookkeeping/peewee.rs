//! peewee-migrate's `migratehistory`: a row for each revision, the last one last.

use super::Book;
use crate::database::Database;
use crate::migrate::error::MigrateError;
use crate::migrate::folder::Revision;
use crate::migrate::graph::Way;
use crate::schema::Engine;

/// Adds or removes the row of a revision.
pub(super) async fn record(
    book: &Book,
    database: &mut Database,
    revision: &Revision,
    way: Way,
) -> Result<(), MigrateError> {
    ensure(book, database).await?;
    let (table, what) = (&book.table, "move the table of peewee");
    let name = book.names.get(&revision.id).cloned().unwrap_or_else(|| name_of(revision));
    if way == Way::Down {
        let sql = format!("delete from {table} where name = $1");
        database.execute(what, &sql, &[Some(&name)]).await?;
        return Ok(());
    }
    let now = match database.engine() {
        // Six digits after the second, as every version of peewee reads them.
        Engine::Sqlite => "strftime('%Y-%m-%d %H:%M:%f', 'now') || '000'",
        Engine::Postgres => "(now() at time zone 'utc')",
    };
    let sql = format!(
        "insert into {table} (name, migrated_at) select cast($1 as text), {now} where not exists (select 1 from {table} \
         where name = cast($1 as text))"
    );
    database.execute(what, &sql, &[Some(&name)]).await?;
    Ok(())
}

/// Makes the table tell of the applied revisions; rows that mean none of the folder's stay.
pub(super) async fn set(
    book: &Book,
    database: &mut Database,
    applied: &[&Revision],
    revisions: &[Revision],
) -> Result<(), MigrateError> {
    let is_applied = |revision: &&Revision| applied.iter().any(|one| one.id == revision.id);
    for revision in revisions.iter().filter(|revision| !is_applied(revision)) {
        record(book, database, revision, Way::Down).await?;
    }
    for revision in applied {
        record(book, database, revision, Way::Up).await?;
    }
    Ok(())
}

/// Source: peewee-migrate, `models.py`, and what peewee makes of it in each engine.
async fn ensure(book: &Book, database: &mut Database) -> Result<(), MigrateError> {
    let columns = match database.engine() {
        Engine::Sqlite => "id integer not null primary key, name varchar(255) not null, migrated_at datetime not null",
        Engine::Postgres => "id serial primary key, name varchar(255) not null, migrated_at timestamp not null",
    };
    book.ensure(database, columns).await
}

/// The name that peewee-migrate would give the file: three digits and words.
fn name_of(revision: &Revision) -> String {
    let digits = revision.id.bytes().take_while(u8::is_ascii_digit).count();
    if digits >= 3 && revision.id[digits..].starts_with('_') {
        return revision.id.clone();
    }
    format!("{:03}_{}", revision.number, revision.slug)
}
