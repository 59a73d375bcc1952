//! How much of what was granted is taken, counted before anything is made: one account for all devices of a guest.
//! Never measures: a tensor counts with the length that it has, whether or not it shares memory with another.

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

use host_gpu::DeviceError;

/// What a guest was granted, and how much of it is taken. Clones are the same room.
#[derive(Clone)]
pub struct Room {
    limit_bytes: u64,
    taken_bytes: Rc<Cell<u64>>,
}

/// Bytes that one device takes of a room, by the guest's names of its tensors. What it took is free again with it.
pub struct Memory {
    room: Room,
    by_id: HashMap<u64, u64>,
}

impl Room {
    pub fn new(limit_bytes: u64) -> Self {
        Self { limit_bytes, taken_bytes: Rc::default() }
    }

    /// What is taken now.
    pub fn taken_bytes(&self) -> u64 {
        self.taken_bytes.get()
    }
}

impl Memory {
    pub fn new(room: Room) -> Self {
        Self { room, by_id: HashMap::new() }
    }

    /// Counts something that is about to be made; of no known length means too long to count.
    pub fn take(&mut self, id: u64, bytes: Option<u64>, what: impl FnOnce() -> String) -> Result<(), DeviceError> {
        self.give_back(id);
        let Room { limit_bytes, taken_bytes } = &self.room;
        let sum = bytes.and_then(|bytes| taken_bytes.get().checked_add(bytes));
        match (bytes, sum) {
            (Some(bytes), Some(sum)) if sum <= *limit_bytes => {
                taken_bytes.set(sum);
                self.by_id.insert(id, bytes);
                Ok(())
            }
            _ => Err(DeviceError::MemoryLimit { limit_bytes: *limit_bytes, what: what() }),
        }
    }

    /// What it was counted with is free again.
    pub fn give_back(&mut self, id: u64) {
        let bytes = self.by_id.remove(&id).unwrap_or(0);
        self.free(bytes);
    }

    fn free(&self, bytes: u64) {
        self.room.taken_bytes.set(self.room.taken_bytes.get() - bytes);
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.free(self.by_id.values().sum());
    }
}

#[cfg(test)]
mod tests;
