//! One runner at a time on one database, and who it is.

use std::time::{Duration, Instant};

use super::{Connection, Database, DatabaseError, machine_user};
use crate::sqlite::lock::FileLock;

/// The pause before a lock is tried for the second time; it doubles up to `LONGEST_PAUSE`.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

impl Database {
    /// Takes the lock of the database for as long as this value lives: one runner at a time. The purpose is shown to others.
    pub async fn lock(&mut self, wait: Duration, purpose: &str) -> Result<(), DatabaseError> {
        let began = Instant::now();
        let mut pause = FIRST_PAUSE;
        loop {
            let Err(holder) = self.try_lock(purpose).await? else { return Ok(()) };
            let left = wait.saturating_sub(began.elapsed());
            if left.is_zero() {
                let holder = if holder.is_empty() { "it has not said who it is".into() } else { holder };
                return Err(DatabaseError::Held { location: self.location.clone(), holder, waited: began.elapsed() });
            }
            tokio::time::sleep(pause.min(left)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn try_lock(&mut self, purpose: &str) -> Result<Result<(), String>, DatabaseError> {
        match &mut self.connection {
            Connection::Sqlite { lock: Some(_), .. } | Connection::Sqlite { path: None, .. } | Connection::Offline => {
                Ok(Ok(()))
            }
            Connection::Sqlite { path: Some(path), lock, .. } => match FileLock::try_take(path, &note(purpose))? {
                Ok(taken) => {
                    *lock = Some(taken);
                    Ok(Ok(()))
                }
                Err(holder) => Ok(Err(holder)),
            },
            Connection::Postgres(writer) => Ok(writer.try_lock(purpose).await?),
        }
    }

    /// Lets go of the lock.
    pub async fn unlock(&mut self) -> Result<(), DatabaseError> {
        match &mut self.connection {
            Connection::Sqlite { lock, .. } => drop(lock.take()),
            // It has gone with the session.
            Connection::Postgres(_) if self.lost => {}
            Connection::Offline => {}
            Connection::Postgres(writer) => writer.unlock().await?,
        }
        Ok(())
    }
}

/// Who holds a lock, what for and since when: for those who wait.
fn note(purpose: &str) -> String {
    let now = time::OffsetDateTime::now_utc();
    let (date, (hour, minute, second)) = (now.date(), now.time().as_hms());
    let user = machine_user();
    format!(
        "pid {}, strait {purpose}, user {user}, since {date} {hour:02}:{minute:02}:{second:02} UTC",
        std::process::id()
    )
}
