//! A crew of sessions that takes jobs from one queue until it is empty.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::JoinSet;

use super::CopyError;
use crate::postgres::{Address, Session};

/// Jobs waiting for a worker.
pub struct Queue<J> {
    jobs: Mutex<VecDeque<J>>,
}

impl<J> Queue<J> {
    /// Takes the next job.
    pub fn take(&self) -> Option<J> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

/// Connects so many sessions with these settings.
pub async fn crew(target: &Address, workers: usize, settings: &str) -> Result<Vec<Session>, CopyError> {
    let connect = || async {
        let mut session = Session::connect(target).await?;
        session.execute("prepare a session", settings.to_owned()).await?;
        Ok(session)
    };
    futures::future::try_join_all((0..workers.max(1)).map(|_| connect())).await
}

/// Says good-bye to every session.
pub async fn dismiss(crew: Vec<Session>) {
    futures::future::join_all(crew.into_iter().map(Session::close)).await;
}

/// Lets a crew work off a queue; gives the crew back with all results, in no order. The first error ends everything.
pub async fn in_parallel<J, T, W, F>(
    crew: Vec<Session>,
    jobs: Vec<J>,
    work: W,
) -> Result<(Vec<Session>, Vec<T>), CopyError>
where
    J: Send + 'static,
    T: Send + 'static,
    W: Fn(Session, J) -> F + Clone + Send + 'static,
    F: Future<Output = Result<(Session, T), CopyError>> + Send,
{
    let queue = Arc::new(Queue { jobs: Mutex::new(jobs.into()) });
    let mut set = JoinSet::new();
    for session in crew {
        let (queue, work) = (Arc::clone(&queue), work.clone());
        set.spawn(async move {
            let (mut session, mut results) = (session, Vec::new());
            while let Some(job) = queue.take() {
                let (back, result) = work(session, job).await?;
                session = back;
                results.push(result);
            }
            Ok::<_, CopyError>((session, results))
        });
    }
    let (mut crew, mut results) = (Vec::new(), Vec::new());
    while let Some(ended) = set.join_next().await {
        let (session, mut part) = ended.map_err(|error| CopyError::Worker(error.to_string()))??;
        crew.push(session);
        results.append(&mut part);
    }
    Ok((crew, results))
}

/// Runs something that blocks on a thread of its own.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, CopyError> + Send + 'static,
) -> Result<T, CopyError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| CopyError::Worker(error.to_string()))?
}
