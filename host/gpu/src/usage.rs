//! How many devices are open, and how much memory of theirs is taken.
//! Never asks a worker: each says with every answer what it has taken, and its end is its last word. During a long
//! submission, what is told is what was taken before it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::DeviceLimits;

/// The account of all devices that were opened with it. Clones are the same account.
#[derive(Clone, Debug, Default)]
pub struct DeviceUsage(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    open: AtomicU64,
    granted_bytes: AtomicU64,
    taken_bytes: AtomicU64,
}

/// What an account was at, at one time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DevicesInUse {
    /// Guests that have devices open: each has one process for all of them.
    pub open: u64,
    /// Bytes that these may take together.
    pub granted_bytes: u64,
    /// Bytes that their tensors, buffers and weights take.
    pub taken_bytes: u64,
}

/// One device in its account, until it is dropped.
pub(crate) struct OpenDevice {
    usage: DeviceUsage,
    granted_bytes: u64,
    taken_bytes: u64,
}

impl DeviceUsage {
    /// What is in use now. The three numbers are read one after the other and may be of different moments.
    #[must_use]
    pub fn now(&self) -> DevicesInUse {
        let Counts { open, granted_bytes, taken_bytes } = &*self.0;
        DevicesInUse {
            open: open.load(Ordering::Relaxed),
            granted_bytes: granted_bytes.load(Ordering::Relaxed),
            taken_bytes: taken_bytes.load(Ordering::Relaxed),
        }
    }

    pub(crate) fn opened(&self, limits: DeviceLimits) -> OpenDevice {
        let granted_bytes = limits.memory_bytes_max;
        self.0.open.fetch_add(1, Ordering::Relaxed);
        self.0.granted_bytes.fetch_add(granted_bytes, Ordering::Relaxed);
        OpenDevice { usage: self.clone(), granted_bytes, taken_bytes: 0 }
    }
}

impl OpenDevice {
    /// What the device has taken from now on, in place of what it had.
    pub(crate) fn taken(&mut self, bytes: u64) {
        // Both wrap around alike, so that the sum is right whichever is larger.
        self.usage.0.taken_bytes.fetch_add(bytes.wrapping_sub(self.taken_bytes), Ordering::Relaxed);
        self.taken_bytes = bytes;
    }
}

impl Drop for OpenDevice {
    fn drop(&mut self) {
        self.taken(0);
        self.usage.0.granted_bytes.fetch_sub(self.granted_bytes, Ordering::Relaxed);
        self.usage.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_counts_and_what_is_gone_does_not() {
        let usage = DeviceUsage::default();
        let limits = |memory_bytes_max| DeviceLimits { memory_bytes_max, submit_millis_max: 1 };
        let (mut first, mut second) = (usage.opened(limits(100)), usage.clone().opened(limits(50)));
        first.taken(80);
        second.taken(7);
        first.taken(30);
        assert_eq!(usage.now(), DevicesInUse { open: 2, granted_bytes: 150, taken_bytes: 37 });
        drop(first);
        assert_eq!(usage.now(), DevicesInUse { open: 1, granted_bytes: 50, taken_bytes: 7 });
        drop(second);
        assert_eq!(usage.now(), DevicesInUse::default());
    }
}
