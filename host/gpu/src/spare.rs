//! The memory of a large content that was read, kept for the next one: on many machines, getting new memory for a
//! content takes longer than filling it.
//! Never more than one content, and never what was in it: whoever gets it sees what was read into it since.

use std::sync::{Arc, Mutex, PoisonError};

/// Smaller contents are not worth it: the allocator keeps memory for those.
const SPARE_BYTES_MIN: usize = 1 << 20;
/// Larger ones would take too much from everybody else on the machine.
const SPARE_BYTES_MAX: usize = 64 << 20;

/// One content's memory, for all devices of a node.
#[derive(Clone, Debug, Default)]
pub struct SpareContent(Arc<Mutex<Option<Arc<Vec<u8>>>>>);

impl SpareContent {
    /// Empty memory with room for so many bytes.
    pub(crate) fn room_for(&self, bytes: usize) -> Vec<u8> {
        if bytes < SPARE_BYTES_MIN {
            return Vec::with_capacity(bytes);
        }
        // Whoever read it last may not be done with it yet, or this one is larger.
        let kept = self.place().take().and_then(Arc::into_inner).filter(|kept| kept.capacity() >= bytes);
        kept.map_or_else(
            || Vec::with_capacity(bytes),
            |mut kept| {
                kept.clear();
                kept
            },
        )
    }

    /// A content to be read, whose memory is kept for the next one once it was.
    pub(crate) fn lend(&self, content: Vec<u8>) -> Arc<Vec<u8>> {
        let lent = Arc::new(content);
        if (SPARE_BYTES_MIN..=SPARE_BYTES_MAX).contains(&lent.capacity()) {
            *self.place() = Some(lent.clone());
        }
        lent
    }

    fn place(&self) -> std::sync::MutexGuard<'_, Option<Arc<Vec<u8>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
