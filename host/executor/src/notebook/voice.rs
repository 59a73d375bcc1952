//! What a session says, to everybody who listens; what its cells said lately is kept for who comes back.
//! Never waits for a listener, and never keeps more than its limits: the oldest goes first.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use host_cap_kernel::{Bundle, ErrorReport, Said};
use tokio::sync::broadcast;

use super::session::{Asked, Heard, HeardFrom};

/// Things heard and not yet passed on by a slow listener; beyond this, it misses the oldest.
const UNHEARD_MAX: usize = 4_096;
/// Things that cells said and that are kept. Fewer than a connection holds unsent, so that all of them fit in one.
const KEPT_MAX: usize = 2_048;
/// What these may hold together, in bytes.
const KEPT_BYTES_MAX: usize = 8 << 20;

/// A session's voice. Clones are the same voice.
#[derive(Clone)]
pub(super) struct Voice {
    listeners: broadcast::Sender<Heard>,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    heard: VecDeque<Heard>,
    bytes: usize,
    /// Who asked for the cell under way.
    cell: Option<Asked>,
}

impl Default for Voice {
    fn default() -> Self {
        Self { listeners: broadcast::channel(UNHEARD_MAX).0, kept: Arc::default() }
    }
}

impl Voice {
    /// Tells all listeners.
    pub(super) fn say(&self, heard: Heard) {
        // Under the lock, so that nobody who comes back hears something twice or not at all.
        let mut kept = self.kept();
        kept.take(&heard);
        // Without a listener there is nobody to miss it.
        self.listeners.send(heard).ok();
    }

    /// Everything from now on.
    pub(super) fn listen(&self) -> broadcast::Receiver<Heard> {
        self.listeners.subscribe()
    }

    /// What cells said lately, and everything from now on.
    pub(super) fn listen_again(&self) -> (Vec<Heard>, broadcast::Receiver<Heard>) {
        let kept = self.kept();
        (kept.heard.iter().cloned().collect(), self.listeners.subscribe())
    }

    /// The question under way was answered: it is not asked again.
    pub(super) fn answered(&self) {
        self.kept().heard.retain(|heard| !matches!(heard.what, HeardFrom::Question { .. }));
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// Keeps it where it belongs to a cell: that it began, what it said, that it is done.
    fn take(&mut self, heard: &Heard) {
        if matches!(heard.what, HeardFrom::CellBegan { .. }) {
            self.cell.clone_from(&heard.asked);
        }
        let (Some(cell), Some(asked)) = (&self.cell, &heard.asked) else { return };
        if !Arc::ptr_eq(cell, asked) {
            return;
        }
        if matches!(heard.what, HeardFrom::Idle) {
            self.cell = None;
        }
        self.bytes += bytes_of(&heard.what);
        self.heard.push_back(heard.clone());
        while self.heard.len() > KEPT_MAX || self.bytes > KEPT_BYTES_MAX {
            let Some(oldest) = self.heard.pop_front() else { return };
            self.bytes -= bytes_of(&oldest.what);
        }
    }
}

fn bytes_of(what: &HeardFrom) -> usize {
    match what {
        HeardFrom::CellBegan { code, .. } => code.len(),
        HeardFrom::Said { said: Said::Text { text, .. }, .. } => text.len(),
        HeardFrom::Said { said: Said::Shown { bundle, .. } | Said::Value(bundle), .. } => bundle_bytes(bundle),
        HeardFrom::CellFailed(ErrorReport { message, traceback, .. }) => {
            message.len() + traceback.iter().map(String::len).sum::<usize>()
        }
        _ => 0,
    }
}

fn bundle_bytes(bundle: &Bundle) -> usize {
    bundle.representations.iter().map(|(_, content)| content.len()).sum()
}

#[cfg(test)]
mod tests;
