//! What a call has used so far. Shared with the call's owner, so that a call that is dropped half-way
//! still has its numbers.
//! Never limits anything.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How the parts of one call hold its meter.
pub(crate) type SharedMeter = Arc<Meter>;

/// Counters of one call.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    memory_bytes_peak: AtomicU64,
    cpu_ticks: AtomicU64,
}

impl Meter {
    pub(crate) fn memory_grew_to(&self, bytes: u64) {
        self.memory_bytes_peak.fetch_max(bytes, Ordering::Relaxed);
    }

    pub(crate) fn memory_bytes_peak(&self) -> u64 {
        self.memory_bytes_peak.load(Ordering::Relaxed)
    }

    /// Counts one tick and returns how many there have been.
    pub(crate) fn tick(&self) -> u64 {
        self.cpu_ticks.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(crate) fn cpu_ticks(&self) -> u64 {
        self.cpu_ticks.load(Ordering::Relaxed)
    }
}
