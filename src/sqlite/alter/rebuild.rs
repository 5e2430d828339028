//! The rebuild: a new table from an edited text, the rows copied into it, everything else put back as it was.
//!
//! The old table steps aside under another name and the new one is created under its own: so the stored text is the edited
//! one to the byte, where a rename at the end would quote the name anew. Meanwhile `legacy_alter_table` keeps the rename
//! from other tables' references, from views and from triggers.
//!
//! Source: SQLite, "ALTER TABLE", "Making Other Kinds Of Table Schema Changes".

use rusqlite::{Connection, OptionalExtension as _};

use super::error::AlterError;
use super::shape::Shape;
use super::splice::{edited, find, read};
use super::standing::{Standing, hold_objects, objects_but};
use super::transfer::Transfer;
use super::{Edit, Script, Stored, dependents};
use crate::sqlite::quote;
use crate::sqlite::text::tokens::significant;

/// Makes edits that belong together by one rebuild.
pub(super) fn rebuild(script: &mut Script<'_>, table: &Stored, edits: &[&Edit]) -> Result<(), AlterError> {
    let connection = script.connection;
    if super::pragma(connection, "foreign_keys")? {
        return Err(AlterError::ForeignKeysOn { table: table.name.clone() });
    }
    check_no_temporary_trigger(connection, table)?;
    let target = plan_text(connection, table, edits)?;
    let moves_values = edits.iter().any(|edit| matches!(edit, Edit::SetType { using: Some(_), .. }));
    if target == table.sql && !moves_values {
        return Ok(());
    }
    let drops = edits.iter().any(|edit| matches!(edit, Edit::DropColumn { .. }));
    let broken_before = if drops { script.probe(&table.name)? } else { None };
    let standing = Standing::take(connection)?;
    let objects = objects_but(connection, &table.name)?;
    replace(script, table, &target, edits)?;
    hold_objects(&table.name, &objects, &objects_but(connection, &table.name)?)?;
    let found = super::stored(connection, &table.name)?;
    if found.sql != as_stored(&target)? {
        return Err(AlterError::Unintended { table: table.name.clone(), what: "its own text".into() });
    }
    standing.hold(connection)?;
    match (broken_before, drops.then(|| script.probe(&table.name)).transpose()?.flatten()) {
        (None, Some(user)) => Err(in_use(table, edits, user)),
        _ => Ok(()),
    }
}

fn check_no_temporary_trigger(connection: &Connection, table: &Stored) -> Result<(), AlterError> {
    let sql = "select name from temp.sqlite_schema where type = 'trigger' and tbl_name = ?1 collate nocase";
    let trigger = connection
        .query_row(sql, [&table.name], |row| row.get(0))
        .optional()
        .map_err(AlterError::sqlite("list the temporary triggers"))?;
    trigger.map_or(Ok(()), |trigger| Err(AlterError::TemporaryTrigger { table: table.name.clone(), trigger }))
}

/// The text after all edits; refuses those that cannot be.
fn plan_text(connection: &Connection, table: &Stored, edits: &[&Edit]) -> Result<String, AlterError> {
    let mut sql = table.sql.clone();
    for (at, edit) in edits.iter().enumerate() {
        match edit {
            Edit::DropColumn { name } => dependents::check_unused(connection, &read(&sql)?, name)?,
            Edit::SetNotNull { name, nullable: false } if !is_given(name, &edits[..at]) => {
                super::check_no_nulls(connection, &table.name, &find(&read(&table.sql)?, name)?.name)?;
            }
            _ => {}
        }
        sql = edited(&sql, edit)?;
    }
    Ok(sql)
}

/// A text as SQLite stores it: its first words in capitals, and nothing after its last token.
fn as_stored(sql: &str) -> Result<String, AlterError> {
    let cut = significant(sql).unwrap_or_default();
    let end = cut.iter().rev().find(|token| token.text(sql) != ";").map_or(sql.len(), |last| last.end);
    Ok(format!("CREATE TABLE {}", &sql[read(sql)?.name.start..end]))
}

/// Tells whether earlier edits give a column its values.
fn is_given(column: &str, edits: &[&Edit]) -> bool {
    edits.iter().any(|edit| match edit {
        Edit::SetType { name, using: Some(_), .. } => name.eq_ignore_ascii_case(column),
        Edit::AddColumn { definition } => {
            super::definition::column(definition).is_ok_and(|added| added.name.eq_ignore_ascii_case(column))
        }
        _ => false,
    })
}

fn in_use(table: &Stored, edits: &[&Edit], user: String) -> AlterError {
    let dropped = edits.iter().filter_map(|edit| match edit {
        Edit::DropColumn { name } => Some(name.as_str()),
        _ => None,
    });
    let column = dropped.collect::<Vec<_>>().join(", ");
    AlterError::ColumnInUse { table: table.name.clone(), column, user: format!("something else ({user})") }
}

fn replace(script: &mut Script<'_>, table: &Stored, target: &str, edits: &[&Edit]) -> Result<(), AlterError> {
    let connection = script.connection;
    let name = table.name.as_str();
    let from = Shape::of(connection, name)?;
    let (attached, high_water) = (attached(connection, name)?, high_water(connection, name)?);
    let counts_ids = read(&table.sql)?.has_word("autoincrement") && read(target)?.has_word("autoincrement");
    let old = free_name(connection, name)?;
    script.set_legacy(true)?;
    script.run(&format!("alter table main.{} rename to {}", quote(name), quote(&old)), || {
        format!("move table {name} aside")
    })?;
    script.run(target, || format!("create the new form of table {name}"))?;
    let transfer = Transfer::plan(name, &old, from, Shape::of(connection, name)?, edits);
    script.run(&transfer.statement()?, || format!("copy the rows of table {name} into its new form"))?;
    transfer.verify(connection)?;
    if counts_ids {
        carry_high_water(script, name, &old)?;
    }
    script.run(&format!("drop table main.{}", quote(&old)), || format!("drop the old form of table {name}"))?;
    script.set_legacy(false)?;
    if counts_ids && high_water != self::high_water(connection, name)? {
        return Err(AlterError::Unintended { table: table.name.clone(), what: "its highest id".into() });
    }
    for (kind, object, sql) in attached {
        script.run(&sql, || format!("create the {kind} {object} again"))?;
    }
    Ok(())
}

/// The table's own indexes and triggers, in the order they were created in.
fn attached(connection: &Connection, table: &str) -> Result<Vec<(String, String, String)>, AlterError> {
    let list = || -> rusqlite::Result<Vec<_>> {
        let mut statement = connection.prepare(
            "select type, name, sql from main.sqlite_schema
             where type in ('index', 'trigger') and tbl_name = ?1 collate nocase and sql is not null
             order by type, rowid",
        )?;
        let rows = statement.query_map([table], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        rows.collect()
    };
    list().map_err(AlterError::sqlite(format!("list the indexes and triggers of table {table}")))
}

fn free_name(connection: &Connection, table: &str) -> Result<String, AlterError> {
    let failed = || AlterError::sqlite("list the names in use");
    for number in 1_u32.. {
        let name = if number == 1 { format!("strait_old_{table}") } else { format!("strait_old_{number}_{table}") };
        let sql =
            "select count(*) from (select name from main.sqlite_schema union all select name from temp.sqlite_schema)
                   where name = ?1 collate nocase";
        let taken: i64 = connection.query_row(sql, [&name], |row| row.get(0)).map_err(failed())?;
        if taken == 0 {
            return Ok(name);
        }
    }
    unreachable!("there are more names than tables")
}

/// The table's rows in `sqlite_sequence`, as SQL values: rowid, name and sequence.
fn high_water(connection: &Connection, table: &str) -> Result<Vec<String>, AlterError> {
    let list = || -> rusqlite::Result<Vec<String>> {
        let there = "select count(*) from main.sqlite_schema where name = 'sqlite_sequence'";
        if connection.query_row(there, [], |row| row.get::<_, i64>(0))? == 0 {
            return Ok(Vec::new());
        }
        let mut statement = connection.prepare(
            "select format('%d, %s, %s', rowid, quote(name), quote(seq)) from main.sqlite_sequence where name = ?1",
        )?;
        let rows = statement.query_map([table], |row| row.get(0))?;
        rows.collect()
    };
    list().map_err(AlterError::sqlite(format!("read the highest id of table {table}")))
}

/// Carries the AUTOINCREMENT mark over, which the copy has set to the highest id that is still there. The mark itself stays
/// where it is kept: so the statements are the same whatever it is.
fn carry_high_water(script: &mut Script<'_>, table: &str, old: &str) -> Result<(), AlterError> {
    let what = || format!("keep the highest id of table {table}");
    let (name, old) = (table.replace('\'', "''"), old.replace('\'', "''"));
    script.run(&format!("delete from main.sqlite_sequence where name = '{name}'"), what)?;
    script.run(&format!("update main.sqlite_sequence set name = '{name}' where name = '{old}'"), what)
}
