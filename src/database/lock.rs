//! One runner at a time on one database, and who it is.

use std::path::Path;
use std::time::{Duration, Instant};

use super::{Access, Connection, Database, DatabaseError, Location, Mode, machine_user, open_file};
use crate::event::{Event, Observer, Silent};
use crate::sqlite::lock::FileLock;

/// The pause before a lock is tried for the second time; it doubles up to `LONGEST_PAUSE`.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);
/// After how long those who wait are told for whom, and how often then.
const SILENCE: Duration = Duration::from_secs(1);
const REMINDER: Duration = Duration::from_secs(15);

impl Database {
    /// Opens a database to change it, with its lock, as [`lock`](Self::lock) takes it.
    ///
    /// On SQLite the lock comes first: while another runner's transaction is larger than its cache, nobody can read.
    pub async fn open_locked(
        location: &Location,
        wait: Duration,
        purpose: &str,
        observer: &dyn Observer,
    ) -> Result<Self, DatabaseError> {
        let Some(path) = there_already(location) else {
            let mut database = Self::open(location, Access::Write).await?;
            database.lock_telling(wait, purpose, observer).await?;
            return Ok(database);
        };
        let mut waiting = Waiting::new(location.to_string(), wait, observer);
        let taken = loop {
            match FileLock::try_take(path, &note(purpose)) {
                Ok(Ok(taken)) => break taken,
                Ok(Err(holder)) => waiting.pause(holder).await?,
                Err(error) => {
                    // What is wrong with the database itself is told first.
                    open_file(path, Access::Write).await?;
                    return Err(error.into());
                }
            }
        };
        let mut database = Self::open(location, Access::Write).await?;
        if let Connection::Sqlite { lock, .. } = &mut database.connection {
            *lock = Some(taken);
        }
        Ok(database)
    }

    /// Takes the lock of the database for as long as this value lives: one runner at a time. The purpose is shown to others.
    pub async fn lock(&mut self, wait: Duration, purpose: &str) -> Result<(), DatabaseError> {
        self.lock_telling(wait, purpose, &Silent).await
    }

    async fn lock_telling(
        &mut self,
        wait: Duration,
        purpose: &str,
        observer: &dyn Observer,
    ) -> Result<(), DatabaseError> {
        let mut waiting = Waiting::new(self.location.clone(), wait, observer);
        while let Err(holder) = self.try_lock(purpose).await? {
            waiting.pause(holder).await?;
        }
        Ok(())
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

/// A SQLite file that is there; its lock can be taken before it is opened.
fn there_already(location: &Location) -> Option<&Path> {
    match location {
        // It is refused, and nothing is left beside it.
        Location::SqliteIn { mode: Mode::ReadOnly, .. } => None,
        location => location.file().filter(|path| path.is_file()),
    }
}

/// Somebody who waits for a lock.
struct Waiting<'o> {
    location: String,
    wait: Duration,
    observer: &'o dyn Observer,
    began: Instant,
    pause: Duration,
    /// After how long the observer is told next.
    tell_after: Duration,
}

impl<'o> Waiting<'o> {
    fn new(location: String, wait: Duration, observer: &'o dyn Observer) -> Self {
        Self { location, wait, observer, began: Instant::now(), pause: FIRST_PAUSE, tell_after: SILENCE }
    }

    /// Waits for the next attempt; fails when there is none.
    async fn pause(&mut self, holder: String) -> Result<(), DatabaseError> {
        let holder = if holder.is_empty() { "it has not said who it is".into() } else { holder };
        let waited = self.began.elapsed();
        let left = self.wait.saturating_sub(waited);
        if left.is_zero() {
            return Err(DatabaseError::Held { location: self.location.clone(), holder, waited });
        }
        if waited >= self.tell_after {
            self.observer.notice(&Event::Waiting { holder: &holder, left });
            self.tell_after = waited + REMINDER;
        }
        tokio::time::sleep(self.pause.min(left)).await;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
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
