//! refinery on our databases: its `Runner` brings a list of numbered scripts to either engine.

use refinery_core::Migration;
use refinery_core::traits::r#async::{AsyncMigrate, AsyncQuery, AsyncTransaction};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Begin, Database, DatabaseError, Row};

/// A database as refinery drives it.
pub struct ForRefinery<'d>(pub &'d mut Database);

impl AsyncTransaction for ForRefinery<'_> {
    type Error = DatabaseError;

    /// Runs all of them or none. Where the caller has a transaction open they run inside it, and its end is the caller's: so
    /// a script, refinery's record of it and the caller's own records are committed together.
    async fn execute<'a, T: Iterator<Item = &'a str> + Send + 'a>(
        &'a mut self,
        queries: T,
    ) -> Result<usize, DatabaseError> {
        let database = &mut *self.0;
        if database.in_transaction() {
            return run_all(database, queries).await;
        }
        database.begin(Begin::default()).await?;
        match run_all(database, queries).await {
            Ok(changed) => database.commit().await.map(|()| changed),
            Err(error) => {
                // The first failure is the one to tell.
                database.rollback().await.ok();
                Err(error)
            }
        }
    }
}

async fn run_all<'a>(
    database: &mut Database,
    queries: impl Iterator<Item = &'a str> + Send,
) -> Result<usize, DatabaseError> {
    let mut changed = 0;
    for query in queries {
        changed += database.run_script("run a numbered script", query).await?;
    }
    Ok(usize::try_from(changed).unwrap_or(usize::MAX))
}

impl AsyncQuery<Vec<Migration>> for ForRefinery<'_> {
    async fn query<'a>(&'a mut self, query: &'a str) -> Result<Vec<Migration>, DatabaseError> {
        applied_migrations(self.0, query).await
    }
}

impl AsyncMigrate for ForRefinery<'_> {}

/// Reads rows of refinery's table: version, name, moment and checksum.
pub async fn applied_migrations(database: &mut Database, sql: &str) -> Result<Vec<Migration>, DatabaseError> {
    let rows = database.query("read the table of refinery", sql, &[]).await?;
    let applied: Result<Vec<_>, _> = rows.iter().map(applied_migration).collect();
    applied.map_err(|what| DatabaseError::Unreadable {
        table: "the table of refinery".into(),
        location: database.location().to_owned(),
        what: what.into(),
    })
}

fn applied_migration(row: &Row) -> Result<Migration, &'static str> {
    let [version, name, moment, checksum] = row.as_slice() else { return Err("rows of another shape") };
    let text = |cell: &Option<String>| cell.clone().unwrap_or_default();
    let version = text(version).parse().map_err(|_| "a version that is no number of its size")?;
    let moment =
        OffsetDateTime::parse(&text(moment), &Rfc3339).map_err(|_| "a moment that is not in RFC 3339's form")?;
    let checksum = text(checksum).parse().map_err(|_| "a checksum that is no number of 64 bits")?;
    Ok(Migration::applied(version, text(name), moment, checksum))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: [&str; 4]) -> Row {
        cells.map(|cell| Some(cell.to_owned())).to_vec()
    }

    #[test]
    fn a_row_of_refinery_is_read_and_one_of_somebody_else_is_not() {
        let good = ["3", "add_email", "2026-11-21T09:12:03.5Z", "18446744073709551615"];
        let read = applied_migration(&row(good)).expect("it is refinery's");
        assert_eq!((read.version(), read.name(), read.checksum()), (3, "add_email", u64::MAX));
        for (at, wrong) in [(0, "99999999999"), (0, "three"), (2, "yesterday"), (3, "-1")] {
            let mut cells = good;
            cells[at] = wrong;
            assert!(applied_migration(&row(cells)).is_err(), "{wrong}");
        }
        assert!(applied_migration(&vec![None, None, None, None]).is_err());
        assert!(applied_migration(&Row::new()).is_err());
    }
}
