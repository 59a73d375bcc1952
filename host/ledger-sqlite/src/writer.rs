//! The one thread that writes: it drains its queue, commits all of it at once, then answers all.
//! Never answers before the commit, and never lets one bad append fail its neighbours.

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use host_base::{ArtifactRef, Millis, RunId};
use host_ledger::encoding::EncodedEntry;
use host_ledger::{CatalogueChange, LedgerError, LogLine, NewEntry, Sequence};
use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::commit::Committer;

/// Jobs that may wait for the writer; past that the caller waits.
const JOBS_QUEUED_MAX: usize = 4096;
/// Jobs in one commit.
const JOBS_PER_COMMIT_MAX: usize = 1024;
/// How long log lines wait for a commit that is made anyway.
const LOGS_WAIT: Duration = Duration::from_millis(50);
/// Lines that are worth a commit of their own at once.
const LOG_LINES_WAITING_MAX: usize = 4096;

/// Where the answer to a job goes.
pub(crate) type Reply<T> = oneshot::Sender<Result<T, LedgerError>>;

/// What the writer can be asked for.
#[derive(Debug)]
pub(crate) enum Job {
    /// Keep these entries, all or none.
    Append { entries: Vec<NewEntry>, encoded: Vec<EncodedEntry>, reply: Reply<Vec<Sequence>> },
    /// Keep this artifact unless it is known.
    Upload { artifact: ArtifactRef, at_millis: Millis, reply: Reply<()> },
    /// Change the catalogue, all or none.
    Catalogue { at_millis: Millis, changes: Vec<CatalogueChange>, encoded: Vec<String>, reply: Reply<()> },
    /// Keep these lines, soon.
    Logs { run: RunId, lines: Vec<LogLine> },
    /// Keep now what was asked before.
    Flush { reply: Reply<()> },
    /// Derive the views again.
    Rebuild { reply: Reply<()> },
    /// Keep what was asked before, and end.
    Close { reply: Reply<()> },
}

/// The sending side, and the thread to wait for.
#[derive(Debug)]
pub(crate) struct Writer {
    /// Taken away to end the thread.
    jobs: Option<Sender<Queued>>,
    room: Arc<Semaphore>,
    counters: Arc<Counters>,
    thread: Option<JoinHandle<()>>,
}

/// What the other threads may know of the writer's work.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub commits: AtomicU64,
    /// `Job::Logs` that are queued and not yet committed.
    pub waiting_logs: AtomicUsize,
}

struct Queued {
    job: Job,
    /// Given back when the job is taken into a commit.
    _room: OwnedSemaphorePermit,
}

impl Writer {
    /// Starts the thread. It holds `lock` until it ends.
    pub(crate) fn start(connection: Connection, lock: File) -> Result<Self, LedgerError> {
        let (jobs, queue) = mpsc::channel();
        let counters = Arc::new(Counters::default());
        let committer = Committer::new(connection, counters.clone())?;
        let thread = std::thread::Builder::new().name("ledger".to_owned()).spawn(move || {
            let closing = work(committer, &queue);
            drop(lock);
            if let Some((reply, result)) = closing {
                // Whoever asked may have gone away meanwhile.
                let _ = reply.send(result);
            }
        });
        let thread = thread.map_err(|error| LedgerError::Storage(format!("starting the ledger's thread: {error}")))?;
        let room = Arc::new(Semaphore::new(JOBS_QUEUED_MAX));
        Ok(Self { jobs: Some(jobs), room, counters, thread: Some(thread) })
    }

    pub(crate) fn commits(&self) -> u64 {
        self.counters.commits.load(Ordering::Relaxed)
    }

    pub(crate) fn has_waiting_logs(&self) -> bool {
        self.counters.waiting_logs.load(Ordering::Acquire) > 0
    }

    /// Queues a job in the order of the calls and waits for its answer.
    pub(crate) async fn send<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T, LedgerError> {
        let (reply, answer) = oneshot::channel();
        self.queue(job(reply)).await?;
        answer.await.map_err(|_| closed())?
    }

    /// Queues lines and does not wait for them.
    pub(crate) async fn send_logs(&self, run: RunId, lines: Vec<LogLine>) -> Result<(), LedgerError> {
        self.counters.waiting_logs.fetch_add(1, Ordering::AcqRel);
        let queued = self.queue(Job::Logs { run, lines }).await;
        if queued.is_err() {
            self.counters.waiting_logs.fetch_sub(1, Ordering::AcqRel);
        }
        queued
    }

    async fn queue(&self, job: Job) -> Result<(), LedgerError> {
        // Without a wait where there is room, so that calls made one behind the other, whichever
        // task polls them, are queued in that order.
        let room = match self.room.clone().try_acquire_owned() {
            Ok(room) => room,
            Err(_) => self.room.clone().acquire_owned().await.map_err(|_| closed())?,
        };
        let jobs = self.jobs.as_ref().ok_or_else(closed)?;
        jobs.send(Queued { job, _room: room }).map_err(|_| closed())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the ledger's thread panicked; what it acknowledged is kept");
        }
    }
}

fn closed() -> LedgerError {
    LedgerError::Storage("the ledger is closed".to_owned())
}

/// Jobs taken from the queue and not yet committed.
#[derive(Default)]
struct Group {
    jobs: Vec<Job>,
    /// When the oldest lines among them have waited long enough.
    logs_due: Option<Instant>,
    log_lines: usize,
    /// Whether someone waits for the commit.
    urgent: bool,
}

impl Group {
    fn add(&mut self, job: Job) {
        if let Job::Logs { lines, .. } = &job {
            self.log_lines += lines.len();
            self.logs_due.get_or_insert_with(|| Instant::now() + LOGS_WAIT);
        } else {
            self.urgent = true;
        }
        self.jobs.push(job);
    }

    fn is_due(&self) -> bool {
        self.urgent
            || self.log_lines >= LOG_LINES_WAITING_MAX
            || self.jobs.len() >= JOBS_PER_COMMIT_MAX
            || self.logs_due.is_some_and(|due| due <= Instant::now())
    }
}

/// Commits group by group until the end. Gives back whoever asked for it, and how it went: the
/// answer is sent only once the connection is closed and the lock is free.
fn work(mut committer: Committer, queue: &Receiver<Queued>) -> Option<(Reply<()>, Result<(), LedgerError>)> {
    loop {
        let (group, ended) = next_group(queue);
        if let Some(reply) = committer.carry_out(group.jobs) {
            // What is queued behind is dropped with the queue, and answered as closed.
            return Some((reply, committer.close()));
        }
        if ended {
            if let Err(error) = committer.close() {
                tracing::warn!(%error, "the write-ahead log was not folded in; the next start does it");
            }
            return None;
        }
    }
}

/// Waits until there is something to commit, and takes all that is queued. Also says whether the
/// senders are gone.
fn next_group(queue: &Receiver<Queued>) -> (Group, bool) {
    let mut group = Group::default();
    loop {
        let waited = match group.logs_due {
            None => queue.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(due) => queue.recv_timeout(due.saturating_duration_since(Instant::now())),
        };
        match waited {
            Ok(queued) => group.add(queued.job),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return (group, true),
        }
        while group.jobs.len() < JOBS_PER_COMMIT_MAX {
            let Ok(queued) = queue.try_recv() else { break };
            group.add(queued.job);
        }
        if group.is_due() {
            return (group, false);
        }
    }
}
