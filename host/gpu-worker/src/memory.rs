//! How much of what was granted is taken, counted before anything is made.
//! Never measures: a tensor counts with the length that it has, whether or not it shares memory with another.

use std::collections::HashMap;

use host_gpu::DeviceError;

/// Bytes by the guest's names of its tensors.
pub struct Memory {
    limit_bytes: u64,
    taken_bytes: u64,
    by_id: HashMap<u64, u64>,
}

impl Memory {
    pub fn new(limit_bytes: u64) -> Self {
        Self { limit_bytes, taken_bytes: 0, by_id: HashMap::new() }
    }

    /// Counts something that is about to be made; of no known length means too long to count.
    pub fn take(&mut self, id: u64, bytes: Option<u64>, what: impl FnOnce() -> String) -> Result<(), DeviceError> {
        self.give_back(id);
        let sum = bytes.and_then(|bytes| self.taken_bytes.checked_add(bytes));
        match (bytes, sum) {
            (Some(bytes), Some(sum)) if sum <= self.limit_bytes => {
                self.taken_bytes = sum;
                self.by_id.insert(id, bytes);
                Ok(())
            }
            _ => Err(DeviceError::MemoryLimit { limit_bytes: self.limit_bytes, what: what() }),
        }
    }

    /// What is taken now.
    pub const fn taken_bytes(&self) -> u64 {
        self.taken_bytes
    }

    /// What it was counted with is free again.
    pub fn give_back(&mut self, id: u64) {
        self.taken_bytes -= self.by_id.remove(&id).unwrap_or(0);
    }
}

#[cfg(test)]
mod tests;
