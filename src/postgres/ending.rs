//! A session that is dropped while the server works for it: the server is told to end that, too.

use std::time::Duration;

use super::{Address, Session};

/// How long is waited at most until the server has ended what nobody waits for.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often the server is asked whether it has.
const PAUSE: Duration = Duration::from_millis(20);

/// Ends the server's work when it is dropped in the middle of it: a socket that closes is seen by some servers after a while,
/// and by others only when the statement is done. Then, the lock and the transaction are gone when the drop returns.
pub(super) struct Ending {
    address: Address,
    process: Option<i64>,
    at_work: bool,
}

impl Ending {
    pub(super) fn new(address: Address) -> Self {
        Self { address, process: None, at_work: false }
    }

    /// Names the server's process, which serves this session alone from now on.
    pub(super) fn watch(&mut self, process: i64) {
        self.process = Some(process);
    }

    /// Notes whether an answer is awaited.
    pub(super) fn note(&mut self, at_work: bool) {
        self.at_work = at_work;
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        let Some(process) = self.process.filter(|_| self.at_work) else { return };
        let address = self.address.clone();
        // On a thread of its own: the one that drops may belong to a runtime, which does not wait.
        let end = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            runtime.block_on(async { tokio::time::timeout(PATIENCE, end(&address, process)).await.ok()? })
        };
        tracing::debug!(process, "end the work of a session");
        let ended = std::thread::Builder::new().name("end of a session".into()).spawn(end);
        // What cannot be reached cannot be ended; the server finds out by itself that nobody is there.
        ended.ok().and_then(|thread| thread.join().ok());
    }
}

async fn end(address: &Address, process: i64) -> Option<()> {
    let mut session = Session::connect(address).await.ok()?;
    let ask = format!(
        "select count(pg_catalog.pg_terminate_backend(pid)) from pg_catalog.pg_stat_activity where pid = {process}"
    );
    while session.number("end the work of a session", ask.clone()).await.ok()? > 0 {
        tokio::time::sleep(PAUSE).await;
    }
    session.close().await;
    Some(())
}
