//! COPY in binary, both ways: buffers of tuples out, one tuple after the other back into a digest.

use futures::StreamExt as _;
use sqlx::postgres::PgConnection;
use sqlx::postgres::PgCopyIn;

use super::binary::{HEADER_BYTES, TRAILER, starts_stream};
use super::{PostgresError, Session, failed};
use crate::value::digest::{RangeDigest, RowHash, RowHasher};

/// Pieces in which a buffer goes to the driver, so that one huge value is not copied whole once more.
const PIECE_BYTES: usize = 1 << 20;

/// A COPY into a table under way.
///
/// It must end in [`CopyIn::finish`] or [`CopyIn::abort`]; one that is dropped leaves its session unusable.
pub struct CopyIn<'s> {
    copy: PgCopyIn<&'s mut PgConnection>,
    what: String,
}

impl Session {
    /// Starts a COPY into these columns of a table; both are quoted already.
    pub async fn copy_in(&mut self, table: &str, columns: &str) -> Result<CopyIn<'_>, PostgresError> {
        let what = format!("load rows into {table}");
        let sql = format!("copy {table} ({columns}) from stdin (format binary)");
        let copy = self.connection.copy_in_raw(&sql).await.map_err(failed(&what))?;
        Ok(CopyIn { copy, what })
    }

    /// Digests every row that a query gives, in the binary form that COPY carries.
    ///
    /// `oids` are the types of the query's columns; `each` is called for every row.
    pub async fn digest(
        &mut self,
        what: &str,
        query: &str,
        oids: Vec<u32>,
        mut each: impl FnMut(),
    ) -> Result<RangeDigest, PostgresError> {
        let mut digest = RangeDigest::default();
        let add = |hash| {
            digest.add_row(hash);
            each();
        };
        self.hashes(what, query, RowHasher::new(oids), add).await?;
        Ok(digest)
    }

    /// Hashes every row that a query gives, in the binary form that COPY carries.
    pub async fn hashes(
        &mut self,
        what: &str,
        query: &str,
        mut hasher: RowHasher,
        mut each: impl FnMut(RowHash),
    ) -> Result<(), PostgresError> {
        let sql = format!("copy ({query}) to stdout (format binary)");
        let mut messages = self.connection.copy_out_raw(&sql).await.map_err(failed(what))?;
        let mut first = true;
        while let Some(message) = messages.next().await {
            let message = message.map_err(failed(what))?;
            let mut tuple: &[u8] = &message;
            if std::mem::take(&mut first) && starts_stream(tuple) {
                tuple = &tuple[HEADER_BYTES..];
            }
            // Source: PostgreSQL manual, "COPY Operations": a server sends one row in one message.
            if tuple.is_empty() || tuple == TRAILER {
                continue;
            }
            let torn = || failed(what)(sqlx::Error::Protocol("a row of COPY is not whole".into()));
            each(hasher.hash(tuple).ok_or_else(torn)?);
        }
        Ok(())
    }
}

impl CopyIn<'_> {
    /// Sends encoded tuples, or parts of them.
    pub async fn send(&mut self, bytes: &[u8]) -> Result<(), PostgresError> {
        for piece in bytes.chunks(PIECE_BYTES) {
            self.copy.send(piece).await.map_err(failed(&self.what))?;
        }
        Ok(())
    }

    /// Ends the COPY and returns the number of rows that the server took.
    pub async fn finish(self) -> Result<u64, PostgresError> {
        let Self { copy, what } = self;
        copy.finish().await.map_err(failed(&what))
    }

    /// Gives the COPY up; the server forgets what was sent.
    pub async fn abort(self) -> Result<(), PostgresError> {
        self.copy.abort("given up by the sender").await.map_err(failed(&self.what))
    }
}
