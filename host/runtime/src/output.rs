//! The budget of bytes that a guest may write.
//! Never writes itself.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use host_base::Failure;

use crate::limits;

/// What one guest has written and may write, artifacts and files together.
#[derive(Debug)]
pub struct OutputBudget {
    bytes_max: u64,
    written_bytes: AtomicU64,
    exceeded: AtomicBool,
}

impl OutputBudget {
    /// Nothing written yet.
    #[must_use]
    pub const fn new(bytes_max: u64) -> Self {
        Self { bytes_max, written_bytes: AtomicU64::new(0), exceeded: AtomicBool::new(false) }
    }

    /// Takes `bytes` out of the budget.
    ///
    /// # Errors
    /// When there are not that many left. Then the call fails with this limit, whatever the guest
    /// itself makes of the refusal.
    pub fn take(&self, bytes: u64) -> Result<(), Failure> {
        let add = |written: u64| written.checked_add(bytes).filter(|sum| *sum <= self.bytes_max);
        match self.written_bytes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add) {
            Ok(_) => Ok(()),
            Err(_) => {
                self.exceeded.store(true, Ordering::Relaxed);
                Err(limits::output(self.bytes_max).0)
            }
        }
    }

    /// Bytes written so far.
    #[must_use]
    pub fn written_bytes(&self) -> u64 {
        self.written_bytes.load(Ordering::Relaxed)
    }

    /// Bytes that may still be written.
    #[must_use]
    pub fn left_bytes(&self) -> u64 {
        self.bytes_max - self.written_bytes()
    }

    /// The failure, if the guest ever asked for more than there was.
    pub(crate) fn exceeded(&self) -> Option<Failure> {
        self.exceeded.load(Ordering::Relaxed).then(|| limits::output(self.bytes_max).0)
    }
}
