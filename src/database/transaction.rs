//! Transactions: their beginning, their end, and how to tell that a script has ended one itself.

use std::time::{Duration, Instant};

use super::{Access, Connection, Database, DatabaseError, StatementError};
use crate::schema::Engine;
use crate::sqlite::writer::BUSY_TIMEOUT;

/// Going back to the savepoint puts the constraints' own times back, which the script may have set.
const CHECK_DEFERRED: &str = "savepoint strait_deferred; set constraints all immediate; \
                              rollback to savepoint strait_deferred; release savepoint strait_deferred";

/// Whether foreign keys are enforced in a transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForeignKeys {
    /// They are.
    #[default]
    On,
    /// They are not, on SQLite; PostgreSQL knows no such thing and enforces them.
    Off,
}

/// How a transaction begins.
#[derive(Clone, Copy, Debug, Default)]
pub struct Begin {
    /// How long a statement waits for a lock; without it, SQLite waits for five seconds and PostgreSQL for ever.
    pub lock_timeout: Option<Duration>,
    /// Whether foreign keys are enforced.
    pub foreign_keys: ForeignKeys,
    /// Whether nothing may be changed.
    pub read_only: bool,
}

/// What is known of the transaction that is open.
pub(super) struct Transaction {
    begin: Begin,
    /// The moment of its beginning, by which PostgreSQL tells whether it is still the same.
    began: Option<String>,
    pub(super) failed: bool,
}

impl Database {
    /// Begins a transaction; on SQLite it holds the right to write from its beginning, unless it is read-only.
    pub async fn begin(&mut self, begin: Begin) -> Result<(), DatabaseError> {
        if self.transaction.is_some() {
            return Err(DatabaseError::OutOfOrder { what: "a transaction begins inside another" });
        }
        let began = Instant::now();
        match self.begin_transaction(begin).await {
            Ok(transaction) => {
                self.transaction = Some(transaction);
                Ok(())
            }
            Err(said) => {
                let busy = said.retry && self.engine() == Engine::Sqlite;
                self.give_up(begin).await;
                match busy {
                    true => Err(DatabaseError::Busy { location: self.location.clone(), waited: began.elapsed() }),
                    false => Err(self.failure("begin a transaction", said)),
                }
            }
        }
    }

    /// Leaves nothing of a transaction that could not begin whole; what fails here has failed before, and was told.
    async fn give_up(&mut self, begin: Begin) {
        match &self.connection {
            Connection::Sqlite { .. } => self.settle(begin).await.ok(),
            Connection::Postgres(_) if self.lost => None,
            Connection::Offline => None,
            Connection::Postgres(_) => self.answer("rollback").await.map(drop).ok(),
        };
    }

    async fn begin_transaction(&mut self, begin: Begin) -> Result<Transaction, StatementError> {
        let mut opening = String::new();
        match &mut self.connection {
            Connection::Sqlite { writer, .. } => {
                writer.wait_for_locks(begin.lock_timeout.unwrap_or(BUSY_TIMEOUT)).await?;
                if begin.foreign_keys == ForeignKeys::Off {
                    // Inside a transaction this would do nothing, in silence.
                    opening.push_str("pragma foreign_keys = off; ");
                }
                opening.push_str(if begin.read_only { "pragma query_only = on; begin" } else { "begin immediate" });
                self.answer(&opening).await?;
                self.record(&opening.replace("; ", ";\n"));
                Ok(Transaction { begin, began: None, failed: false })
            }
            Connection::Postgres(_) | Connection::Offline => {
                opening.push_str(if begin.read_only { "begin read only" } else { "begin" });
                if let Some(timeout) = begin.lock_timeout {
                    opening.push_str(&format!("; {}", limit_waiting(timeout)));
                }
                self.answer(&opening).await?;
                self.record(&opening.replace("; ", ";\n"));
                let began = self.moment().await?;
                Ok(Transaction { begin, began, failed: false })
            }
        }
    }

    /// Whether the engine itself refuses rows that refer to nothing in the transaction that is open.
    pub fn watches_references(&self) -> bool {
        self.engine() == Engine::Postgres
            || self.transaction.as_ref().is_some_and(|open| open.begin.foreign_keys == ForeignKeys::On)
    }

    /// Has PostgreSQL check now what it checks only at the end of a transaction, and leaves everything as it is; SQLite knows no
    /// such question.
    pub async fn check_deferred(&mut self) -> Result<(), StatementError> {
        match &self.connection {
            Connection::Postgres(_) => self.answer(CHECK_DEFERRED).await.map(drop),
            Connection::Sqlite { .. } | Connection::Offline => Ok(()),
        }
    }

    /// Commits. When anything in the transaction failed, or the commit itself does, it is rolled back.
    pub async fn commit(&mut self) -> Result<(), DatabaseError> {
        let Some(transaction) = &self.transaction else {
            return Err(DatabaseError::OutOfOrder { what: "a transaction ends that has not begun" });
        };
        if transaction.failed {
            self.rollback().await?;
            return Err(DatabaseError::OutOfOrder { what: "a transaction is committed in which a statement failed" });
        }
        if !self.is_still_open().await? {
            self.rollback().await?;
            return Err(DatabaseError::EndedItself { location: self.location.clone() });
        }
        match self.answer("commit").await {
            Ok(_) => {
                self.record("commit");
                self.end().await
            }
            Err(said) if said.lost => Err(DatabaseError::Uncertain { location: self.location.clone(), source: said }),
            Err(said) => {
                self.rollback().await?;
                Err(self.failure("commit", said))
            }
        }
    }

    /// Rolls back; nothing happens when no transaction is open, or when the connection is lost and the engine did it.
    pub async fn rollback(&mut self) -> Result<(), DatabaseError> {
        if self.transaction.is_none() || self.lost {
            self.transaction = None;
            return Ok(());
        }
        let open = match &self.connection {
            // Some failures have rolled back already, and a second time would be an error.
            Connection::Sqlite { writer, .. } => !writer.is_idle().await.unwrap_or(true),
            Connection::Postgres(_) => true,
            Connection::Offline => false,
        };
        let rolled_back = if open { self.answer("rollback").await.map(drop) } else { Ok(()) };
        match rolled_back {
            Ok(()) => self.end().await,
            Err(said) if said.lost => {
                self.transaction = None;
                Ok(())
            }
            Err(said) => Err(self.failure("roll back", said)),
        }
    }

    /// The words in which the open transaction's time of waiting is set again on PostgreSQL.
    pub(super) fn lock_timeout_in_words(&self) -> Option<String> {
        self.transaction.as_ref()?.begin.lock_timeout.map(limit_waiting)
    }

    /// Sets the time again that the open transaction's statements may wait for a lock.
    pub(super) async fn keep_lock_timeout(&mut self) -> Result<(), StatementError> {
        let timeout = self.transaction.as_ref().and_then(|transaction| transaction.begin.lock_timeout);
        match (&self.connection, timeout) {
            (Connection::Sqlite { writer, .. }, timeout) => {
                Ok(writer.wait_for_locks(timeout.unwrap_or(BUSY_TIMEOUT)).await?)
            }
            (Connection::Postgres(_), Some(timeout)) => self.answer(&limit_waiting(timeout)).await.map(drop),
            (Connection::Postgres(_), None) | (Connection::Offline, _) => Ok(()),
        }
    }

    async fn end(&mut self) -> Result<(), DatabaseError> {
        match self.transaction.take() {
            Some(transaction) => self.settle(transaction.begin).await,
            None => Ok(()),
        }
    }

    /// Takes back what a transaction had set for itself outside of it.
    async fn settle(&mut self, begin: Begin) -> Result<(), DatabaseError> {
        let Connection::Sqlite { writer, .. } = &self.connection else { return Ok(()) };
        let mut settled = writer.wait_for_locks(BUSY_TIMEOUT).await;
        for (was_set, back) in [
            (begin.foreign_keys == ForeignKeys::Off, "pragma foreign_keys = on"),
            (begin.read_only && self.access == Access::Write, "pragma query_only = off"),
        ] {
            if was_set && settled.is_ok() {
                settled = writer.run(back).await.map(drop);
                if let Some(recorder) = &mut self.recorder {
                    recorder.statement(back);
                }
            }
        }
        settled.map_err(|said| self.failure("put the connection back in order", said.into()))
    }

    async fn is_still_open(&mut self) -> Result<bool, DatabaseError> {
        let found = match &self.connection {
            Connection::Sqlite { writer, .. } => writer.is_idle().await.map(|idle| !idle).map_err(Into::into),
            Connection::Postgres(_) | Connection::Offline => self
                .moment()
                .await
                .map(|moment| self.transaction.as_ref().is_some_and(|transaction| transaction.began == moment)),
        };
        found.map_err(|said| self.failure("look whether the transaction is still open", said))
    }

    /// The moment at which PostgreSQL's transaction began, to the microsecond, whatever the script has set.
    async fn moment(&mut self) -> Result<Option<String>, StatementError> {
        let sql = "select (extract(epoch from pg_catalog.now()) * 1000000)::bigint";
        Ok(self.answer(sql).await?.0.into_iter().flatten().next().flatten())
    }
}

fn limit_waiting(timeout: Duration) -> String {
    // Zero would mean to wait for ever.
    format!("set local lock_timeout = {}", timeout.as_millis().max(1))
}
