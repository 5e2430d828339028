//! How often, and after which pauses, something is tried that another program's lock kept away.

use std::time::Duration;

use super::state;
use crate::database::{Begin, Database, DatabaseError};
use crate::event::{Event, Observer};

/// How often a revision is tried that did not get a lock in time.
const ATTEMPTS: u32 = 10;
/// How long the first pause between two attempts is; it doubles, until it is as long as an attempt itself.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// Counts attempts, and waits between them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// How many attempts there were, with the one that is under way.
    pub(super) attempts: u32,
    pause: Duration,
    longest_pause: Duration,
}

impl Patience {
    /// At the first attempt; each waits so long for a lock.
    pub(super) fn new(lock_timeout: Duration) -> Self {
        Self { attempts: 1, pause: FIRST_PAUSE, longest_pause: lock_timeout.max(FIRST_PAUSE) }
    }

    /// Waits for the next attempt at something, and says so; tells whether there is one.
    pub(super) async fn another(&mut self, what: &str, observer: &dyn Observer) -> bool {
        if self.attempts == ATTEMPTS {
            return false;
        }
        observer.notice(&Event::Retrying { what, attempt: self.attempts + 1, attempts: ATTEMPTS });
        tokio::time::sleep(with_jitter(self.pause)).await;
        self.pause = (self.pause * 2).min(self.longest_pause);
        self.attempts += 1;
        true
    }
}

/// Makes the runner's own tables where they are missing, as patiently as a revision is run.
pub(super) async fn ensure_records(
    database: &mut Database,
    lock_timeout: Duration,
    observer: &dyn Observer,
) -> Result<(), DatabaseError> {
    let mut patience = Patience::new(lock_timeout);
    while let Err(error) = attempt(database, lock_timeout).await {
        if !(error.may_pass() && patience.another("the runner's own tables", observer).await) {
            return Err(error);
        }
    }
    Ok(())
}

async fn attempt(database: &mut Database, lock_timeout: Duration) -> Result<(), DatabaseError> {
    if state::is_current(database).await? {
        return Ok(());
    }
    database.begin(Begin { lock_timeout: Some(lock_timeout), ..Begin::default() }).await?;
    match state::ensure(database).await {
        Ok(()) => database.commit().await,
        Err(error) => {
            // The first failure is the one to tell.
            database.rollback().await.ok();
            Err(error)
        }
    }
}

/// A pause that two runners do not have in common.
fn with_jitter(pause: Duration) -> Duration {
    let nanos = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |now| now.subsec_nanos());
    pause.mul_f64(0.75 + 0.5 * f64::from(nanos % 1000) / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_a_quarter_shorter_or_longer_at_most() {
        let pause = with_jitter(Duration::from_millis(100));
        assert!((75..=125).contains(&pause.as_millis()), "{pause:?}");
    }
}
