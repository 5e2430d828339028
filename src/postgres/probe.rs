//! What a server can do and what its role may do, asked once at the start.

use serde::{Deserialize, Serialize};

use super::names::quote;
use super::{Address, PostgresError, Session};

/// The oldest server that is supported.
pub(super) const OLDEST: i64 = 12_00_00;

/// A server's answers.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Probe {
    /// The version as a number: 150018 is 15.18.
    pub version_number: i64,
    /// The version as the server writes it.
    pub version: String,
    /// The role that is connected.
    pub role: String,
    /// The schema in which unqualified names are created.
    pub current_schema: Option<String>,
    /// Whether long values can be packed with lz4.
    pub lz4: bool,
    /// Whether the server can make the image of a row itself.
    pub record_send: bool,
    /// Whether the role may take advisory locks.
    pub advisory_locks: bool,
    /// Whether the role may create schemas in this database.
    pub may_create_schema: bool,
    /// The encoding of the database.
    pub encoding: String,
    /// Whether the server only answers questions.
    pub read_only: bool,
}

impl Probe {
    /// Asks a server; fails when it cannot be a target, and says why.
    pub async fn ask(session: &mut Session, address: &Address) -> Result<Self, PostgresError> {
        let unsuitable = |why: String| PostgresError::Unsuitable { address: address.to_string(), why };
        let answer = session.text("ask the server what it can do", include_str!("probe.sql"), &[]).await?;
        let probe: Self = serde_json::from_str(&answer.unwrap_or_default())
            .map_err(|error| unsuitable(format!("its answer to the probe cannot be read ({error})")))?;
        match probe.obstacle() {
            Some(why) => Err(unsuitable(why)),
            None => {
                probe.log();
                Ok(probe)
            }
        }
    }

    fn obstacle(&self) -> Option<String> {
        if self.version_number < OLDEST {
            return Some(format!("it is PostgreSQL {}; 12 or newer is needed", self.version));
        }
        if self.encoding != "UTF8" {
            return Some(format!(
                "its encoding is {}, which cannot hold every text; create the database with `encoding 'UTF8' template \
                 template0`",
                self.encoding
            ));
        }
        if !self.advisory_locks {
            return Some(format!(
                "role {} may not take advisory locks, by which two copies keep apart; let an administrator run: grant \
                 execute on all functions in schema pg_catalog to {}",
                self.role,
                quote(&self.role)
            ));
        }
        self.read_only.then(|| "it is a read-only standby; name the primary server".into())
    }

    fn log(&self) {
        tracing::info!(
            version = self.version,
            role = self.role,
            schema = self.current_schema,
            compression = if self.lz4 { "lz4" } else { "pglz" },
            may_create_schema = self.may_create_schema,
            advisory_locks = self.advisory_locks,
            record_send = self.record_send,
            freeze = "not used: a chunk is a transaction of its own",
            "server: rows go by COPY BINARY, the proof is the digest of record_send's row image"
        );
    }

    /// The settings of a session that loads rows.
    ///
    /// Commits need not wait for the disk one by one: the run's last commit does, and makes all before it durable.
    pub fn loading_settings(&self) -> String {
        let compression = if self.lz4 { "set default_toast_compression = 'lz4';" } else { "" };
        format!(
            "{compression} set synchronous_commit = off; set timezone = 'UTC'; \
             set maintenance_work_mem = '256MB'"
        )
    }
}

/// How often the server process is asked for: a pooler that serves others too may give us the same one several times.
const ROUNDS: usize = 8;
/// What poolers answer who do not even let a transaction begin. Source: pgbouncer, "Config", `pool_mode`.
const PROTOCOL_VIOLATION: &str = "08P01";

/// Refuses a pooler that gives every transaction another server process: sessions, locks and COPY need one of their own.
///
/// Two connections are open at once. Where both report one process, or where one reports another process while the
/// other is inside a transaction, there is no process of our own.
pub async fn refuse_transaction_pooler(session: &mut Session, address: &Address) -> Result<(), PostgresError> {
    let mut other = Session::connect(address).await?;
    for _ in 0..ROUNDS {
        if shares_processes(session, &mut other).await? {
            return Err(PostgresError::Unsuitable {
                address: address.to_string(),
                why: "a connection pooler in transaction mode stands in front of it, and sessions of our own are needed; \
                      connect to the server itself (its own port, often 5432), or use the pooler's session mode"
                    .into(),
            });
        }
    }
    other.close().await;
    Ok(())
}

async fn shares_processes(session: &mut Session, other: &mut Session) -> Result<bool, PostgresError> {
    let ask = "select pg_backend_pid()::bigint";
    let before = session.number("ask for the server process", ask.into()).await?;
    match other.execute("begin a transaction", "begin".into()).await {
        Err(error) if error.code() == Some(PROTOCOL_VIOLATION) => return Ok(true),
        begun => begun?,
    }
    let others = other.number("ask for the server process", ask.into()).await?;
    let after = session.number("ask for the server process", ask.into()).await?;
    other.execute("end a transaction", "rollback".into()).await?;
    Ok(before != after || before == others)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe() -> Probe {
        Probe {
            version_number: 15_00_18,
            version: "15.18".into(),
            role: "me".into(),
            current_schema: Some("public".into()),
            lz4: true,
            record_send: true,
            advisory_locks: true,
            may_create_schema: true,
            encoding: "UTF8".into(),
            read_only: false,
        }
    }

    #[test]
    fn a_server_that_cannot_be_a_target_says_why() {
        assert_eq!(probe().obstacle(), None);
        let old = Probe { version_number: 11_00_22, version: "11.22".into(), ..probe() };
        assert!(old.obstacle().is_some_and(|why| why.contains("12 or newer")));
        let latin = Probe { encoding: "LATIN1".into(), ..probe() };
        assert!(latin.obstacle().is_some_and(|why| why.contains("LATIN1")));
        let standby = Probe { read_only: true, ..probe() };
        assert!(standby.obstacle().is_some_and(|why| why.contains("standby")));
    }

    #[test]
    fn lz4_is_asked_for_only_where_the_server_has_it() {
        assert!(probe().loading_settings().contains("lz4"));
        assert!(!Probe { lz4: false, ..probe() }.loading_settings().contains("lz4"));
    }
}
