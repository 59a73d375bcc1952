//! Writes one run's entries, in order, without making the run wait for the disk.
//! Never drops an entry: while the ledger cannot be written, entries queue here and are tried again.

use std::sync::Arc;
use std::time::Duration;

use host_base::RunId;
use host_ledger::{LedgerError, NewEntry};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::LiveUpdate;
use crate::executor::Shared;

/// Entries that may wait to be committed; past that the run itself waits.
const ENTRIES_QUEUED_MAX: usize = 4096;
/// Entries committed in one call.
const ENTRIES_PER_COMMIT_MAX: usize = 512;
/// First and longest wait before a failed commit is tried again.
const RETRY_MILLIS: (u64, u64) = (100, 5_000);

/// The writing end of a run's history.
pub(crate) struct Journal {
    entries: mpsc::Sender<NewEntry>,
    writer: JoinHandle<()>,
}

impl Journal {
    /// Starts the writer of one run.
    pub(crate) fn start(shared: Arc<Shared>, run: RunId) -> Self {
        let (entries, queue) = mpsc::channel(ENTRIES_QUEUED_MAX);
        let tasks = shared.tasks.clone();
        let writer = tasks.spawn(write(shared, run, queue));
        Self { entries, writer }
    }

    /// Queues an entry. Returns before it is durable; order is kept.
    pub(crate) async fn append(&self, entry: NewEntry) {
        // The writer ends only after this sender is dropped, so the queue cannot be closed here.
        let _ = self.entries.send(entry).await;
    }

    /// Another sender for entries that are not the run's own decisions, such as metrics.
    pub(crate) fn sender(&self) -> mpsc::WeakSender<NewEntry> {
        self.entries.downgrade()
    }

    /// Waits until everything queued is durable (or the node stops and the disk still refuses).
    pub(crate) async fn close(self) {
        drop(self.entries);
        let _ = self.writer.await;
    }
}

async fn write(shared: Arc<Shared>, run: RunId, mut queue: mpsc::Receiver<NewEntry>) {
    let mut batch = Vec::new();
    while queue.recv_many(&mut batch, ENTRIES_PER_COMMIT_MAX).await > 0 {
        if commit(&shared, &run, std::mem::take(&mut batch)).await.is_err() {
            // The node stops and the disk still refuses. What was not committed was never
            // acknowledged either: after the restart those steps are attempted again.
            return;
        }
        shared.live.tell(&run, LiveUpdate::Committed);
    }
}

async fn commit(shared: &Shared, run: &RunId, batch: Vec<NewEntry>) -> Result<(), LedgerError> {
    let mut wait_millis = RETRY_MILLIS.0;
    loop {
        let Err(error) = shared.ledger.append(batch.clone()).await else { return Ok(()) };
        tracing::error!(%run, %error, entries = batch.len(), wait_millis, "history could not be committed; trying again");
        let pause = tokio::time::sleep(Duration::from_millis(wait_millis));
        if shared.stopping.run_until_cancelled(pause).await.is_none() {
            return Err(error);
        }
        wait_millis = (wait_millis * 2).min(RETRY_MILLIS.1);
    }
}
