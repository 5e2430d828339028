//! The rows that copies have set aside on a target: told, shown, written out, and loaded once they fit.
//!
//! A copy keeps such a row in the transaction of its chunk, with its key, its reason and every stored value as an SQL
//! literal of the source. [`list`] counts them, [`each`] goes through them, and [`retry`](retry::retry) reads them in the
//! source again.

mod alike;
mod attempt;
mod lots;
mod meeting;
mod missing;
pub mod outcome;
mod plans;
pub mod retry;
mod standing;
mod waiting;

use serde::de::DeserializeOwned;

use crate::copy::CopyError;
use crate::copy::prepare::choose_schema;
use crate::postgres::names::literal;
use crate::postgres::probe::{Probe, refuse_transaction_pooler};
use crate::postgres::{Address, Session};
use outcome::{Kept, Reasons, RejectList};

/// How many rejects are fetched at once.
const PAGE: u64 = 100;

/// Which rejects are meant.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// The schema that the copies filled; the connection's own when absent.
    pub schema: Option<String>,
    /// Those of this run alone.
    pub run: Option<i64>,
    /// Those of these source tables alone; of all when empty.
    pub tables: Vec<String>,
}

/// A target, and what of its rejects is meant.
struct Place {
    session: Session,
    schema: String,
    only: String,
}

impl Place {
    /// Connects to a target and finds the schema.
    async fn open(target: &Address, selection: &Selection) -> Result<Self, CopyError> {
        let mut session = Session::connect(target).await?;
        refuse_transaction_pooler(&mut session, target).await?;
        let probe = Probe::ask(&mut session, target).await?;
        let schema = choose_schema(&mut session, target, &probe, selection.schema.as_deref()).await?;
        let only = selection.only(&schema);
        Ok(Self { session, schema, only })
    }

    /// Whether any copy keeps rejects here.
    async fn has_notes(&mut self) -> Result<bool, CopyError> {
        let sql = "select (to_regclass('strait.reject') is not null)::int::bigint";
        Ok(self.session.number("look for rejects", sql.into()).await? == 1)
    }
}

/// One object for each row of a query that gives JSON as text.
async fn objects<T: DeserializeOwned>(session: &mut Session, what: &str, sql: String) -> Result<Vec<T>, CopyError> {
    let rows = session.texts(what, sql).await?.into_iter().flatten();
    let read = |text: String| serde_json::from_str(&text).map_err(|error| CopyError::Notes(error.to_string()));
    rows.map(read).collect()
}

impl Selection {
    /// SQL that is true of the rejects that are meant, in `strait.reject j join strait.run r`.
    fn only(&self, schema: &str) -> String {
        let mut only = format!("r.target_schema = {}", literal(schema));
        if let Some(run) = self.run {
            only.push_str(&format!(" and r.id = {run}"));
        }
        if !self.tables.is_empty() {
            let names: Vec<String> = self.tables.iter().map(|name| format!("lower({})", literal(name))).collect();
            only.push_str(&format!(" and lower(j.table_name) in ({})", names.join(", ")));
        }
        only
    }
}

/// Counts the rejects of a target by run, table, column and reason.
pub async fn list(target: &Address, selection: &Selection) -> Result<RejectList, CopyError> {
    let mut place = Place::open(target, selection).await?;
    let reasons: Vec<Reasons> = if place.has_notes().await? {
        let only = &place.only;
        let sql = format!(
            "{} where {only} group by r.id, j.table_name, j.column_name, j.reason order by r.id, min(j.id)",
            include_str!("list.sql")
        );
        objects(&mut place.session, "count the rejects", sql).await?
    } else {
        Vec::new()
    };
    let Place { session, schema, .. } = place;
    session.close().await;
    Ok(RejectList::new(target, schema, reasons))
}

/// Goes through the rejects of a target in the order in which they were kept, until `visit` has seen enough.
pub async fn each<E: From<CopyError>>(
    target: &Address,
    selection: &Selection,
    mut visit: impl FnMut(&Kept) -> Result<bool, E>,
) -> Result<(), E> {
    let mut place = Place::open(target, selection).await?;
    if !place.has_notes().await? {
        place.session.close().await;
        return Ok(());
    }
    let mut after = 0;
    loop {
        let only = &place.only;
        let sql = format!(
            "select json_build_object('id', j.id, 'run', j.run, 'table', j.table_name, 'key', j.row_key, 'column', \
             j.column_name, 'reason', j.reason, 'row', j.stored)::text from strait.reject j join strait.run r on r.id = \
             j.run where {only} and j.id > {after} order by j.id limit {PAGE}"
        );
        let page: Vec<Kept> = objects(&mut place.session, "read the rejects", sql).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for kept in &page {
            if !visit(kept)? {
                place.session.close().await;
                return Ok(());
            }
        }
    }
    place.session.close().await;
    Ok(())
}
