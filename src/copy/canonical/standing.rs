//! Where the source stands among a system's revisions: rows of an older structure are not yet what the schema means.

use std::sync::Arc;

use super::super::plan::Problem;
use super::super::workers::blocking;
use super::super::{CopyError, CopyOptions};
use super::{Canonical, Origin};
use crate::migrate::graph::Graph;
use crate::schema::{Table, histories};
use crate::sqlite::Snapshot;
use crate::sqlite::introspect::Structure;
use crate::sqlite::read::TableRead;

/// The runner's own table of a SQLite database, and its column.
const OWN: (&str, &str) = ("strait_version", "revision");

/// Finds every record of the source that names a revision of the system before its heads.
pub(in super::super) async fn problems(
    canonical: &Canonical,
    structure: &Structure,
    snapshot: &Arc<Snapshot>,
    options: &CopyOptions,
) -> Result<Vec<Problem>, CopyError> {
    let (Some(migrator), Origin::System(system)) = (&canonical.revisions, &canonical.origin) else {
        return Ok(Vec::new());
    };
    let mut problems = Vec::new();
    for (table, key) in structure.schema.tables.iter().zip(&structure.keys) {
        let excluded = options.exclude.iter().any(|name| name.eq_ignore_ascii_case(&table.name));
        let Some(column) = column_of_heads(table).filter(|_| !excluded) else { continue };
        let read = TableRead { table: table.name.clone(), key: key.clone(), columns: vec![column.to_owned()] };
        let snapshot = Arc::clone(snapshot);
        let stands_at = blocking(move || Ok(read.texts(&snapshot.lend())?)).await?;
        if is_behind(&migrator.graph, &stands_at) {
            problems.push(Problem::new(format!(
                "table {0} of the source says that it is at {1} of system {system}, and the schema is at {2}; bring a copy of \
                 the source there first (strait migrate up --system {system} --database-url COPY), or say --exclude {0} if \
                 that table means nothing any more",
                table.name,
                stands_at.join(", "),
                migrator.graph.rows_at_heads().join(", ")
            )));
        }
    }
    Ok(problems)
}

/// The column that holds the heads of what was applied, where a table is such a record.
fn column_of_heads(table: &Table) -> Option<&'static str> {
    let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    if (table.name.as_str(), columns.as_slice()) == (OWN.0, &[OWN.1]) {
        return Some(OWN.1);
    }
    histories::recognise(&table.name, &columns).filter(|shape| shape.row.heads_only).map(|shape| shape.row.id)
}

/// Whether these are revisions of the system, one of them not its last. A branch that was not taken is no matter.
fn is_behind(graph: &Graph, stands_at: &[String]) -> bool {
    stands_at.iter().all(|id| graph.contains(id)) && stands_at.iter().any(|id| !graph.is_head(id))
}
