//! Files and space: how large the source is and what lies beside it, and what is free where the server keeps its data.

use std::path::Path;

use super::outcome::Room;
use crate::copy::CopyError;
use crate::postgres::Session;
use crate::sqlite::{is_in_wal_mode, wal_of};

/// Looks at the source's files.
pub(super) fn of_source(source: &Path, room: &mut Room) {
    let bytes = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
    room.source_bytes = bytes(source);
    room.wal = is_in_wal_mode(source);
    room.wal_bytes = bytes(&wal_of(source));
}

/// Asks what is free where the server keeps its data: only a server on this machine that tells its folder can be asked.
pub(super) async fn on_target(session: &mut Session) -> Result<Option<u64>, CopyError> {
    let sql = "select setting from pg_settings where name = 'data_directory' and (inet_server_addr() is null or \
               inet_server_addr() = inet_client_addr())";
    let folder = session.texts("ask where the server keeps its data", sql.into()).await?;
    let folder = folder.into_iter().flatten().next();
    let free = folder.and_then(|folder| rustix::fs::statvfs(folder.as_str()).ok());
    Ok(free.map(|space| space.f_bavail.saturating_mul(space.f_frsize)))
}
