//! What earlier copies noted of the units of numbers, so that the same numbers are read in the same way again.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::CopyError;
use super::choice::Chosen;
use super::matching::ColumnPlan;
use super::state::{Ways, is_same_file, may_read};
use super::units::FoundUnit;
use crate::postgres::Session;
use crate::postgres::names::literal;

/// How a run read the numbers of one column.
pub(crate) struct Recorded {
    run: i64,
    chosen: Chosen,
}

#[derive(Deserialize)]
struct Run {
    id: i64,
    source: PathBuf,
    #[serde(flatten)]
    ways: Ways,
}

/// Reads what the runs noted that copied this file into this schema, the last one first.
pub(crate) async fn recorded(session: &mut Session, schema: &str, source: &Path) -> Result<Vec<Recorded>, CopyError> {
    let what = "read the notes of earlier runs";
    if !may_read(session, "run").await? {
        return Ok(Vec::new());
    }
    // As an object, because an older version noted less.
    let sql = format!(
        "select to_jsonb(r)::text from strait.run r where r.target_schema = {} and r.finished_at is not null \
         and r.undone_at is null order by r.id desc",
        literal(schema)
    );
    let mut all = Vec::new();
    for run in session.texts(what, sql).await?.into_iter().flatten() {
        let Ok(Run { id, source: copied, ways }) = serde_json::from_str(&run) else { continue };
        if is_same_file(&copied, source) {
            all.extend(ways.choices.into_iter().flatten().map(|chosen| Recorded { run: id, chosen }));
        }
    }
    Ok(all)
}

/// Has the numbers of a table's columns read as the last run did that noted it, where nobody says now what they mean; gives
/// what is to be known of it.
pub(crate) fn follow(all: &[Recorded], table: &str, columns: &mut [ColumnPlan]) -> Vec<String> {
    let mut notices = Vec::new();
    for column in columns.iter_mut().filter(|column| column.reading.unit.is_none()) {
        let noted = all.iter().find_map(|Recorded { run, chosen }| {
            let is_it = (chosen.table.as_str(), &chosen.column) == (table, &column.source);
            is_it.then(|| Some((run, chosen, chosen.found_unit()?))).flatten()
        });
        let Some((run, chosen, found)) = noted else { continue };
        found.put_on(column);
        if let FoundUnit { unit: Some(unit), .. } = found {
            let by = chosen.by.join(", ");
            notices.push(format!(
                "column {table}.{}: its numbers are read as {unit}, as in run {run} ({by})",
                column.source
            ));
        }
    }
    notices
}
