//! Wakes whoever watches a run: new history, new log lines, progress.
//! Never the source of truth: what must not be missed is read from the ledger after the wake-up.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use host_base::RunId;
use tokio::sync::broadcast;

/// Updates that a slow watcher may lag behind; past that it re-reads the ledger.
const UPDATES_QUEUED_MAX: usize = 256;

/// One piece of news about a run.
#[derive(Clone, Debug, PartialEq)]
pub enum LiveUpdate {
    /// The run has new entries in the ledger: of its history, or points of its series.
    Committed,
    /// The run has new log lines in the ledger.
    Logged,
    /// How far a step has come. Not kept anywhere.
    Progress {
        /// The step.
        step: String,
        /// In the unit that the message names.
        done: u64,
        /// All there is, while known.
        total: Option<u64>,
        /// For people.
        message: String,
    },
}

/// The watchers of all runs.
#[derive(Default)]
pub(crate) struct LiveUpdates {
    channels: Mutex<HashMap<RunId, broadcast::Sender<LiveUpdate>>>,
}

impl LiveUpdates {
    /// Starts to watch a run, whether it is at work or not.
    pub(crate) fn watch(&self, run: &RunId) -> broadcast::Receiver<LiveUpdate> {
        let mut channels = self.lock();
        let channel = channels.entry(run.clone()).or_insert_with(|| broadcast::channel(UPDATES_QUEUED_MAX).0);
        channel.subscribe()
    }

    /// Tells the run's watchers, and forgets the channel once nobody listens.
    pub(crate) fn tell(&self, run: &RunId, update: LiveUpdate) {
        let mut channels = self.lock();
        if let Some(channel) = channels.get(run)
            && channel.send(update).is_err()
        {
            channels.remove(run);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<RunId, broadcast::Sender<LiveUpdate>>> {
        // A panic while the map was held cannot have left it half changed: each change is one call.
        self.channels.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
