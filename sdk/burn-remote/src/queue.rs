//! Operations on their way to the host, and the one device that they are for.
//! Never holds an operation back from anything that depends on it: whoever waits sends first.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use burn_ir::OperationIr;

use crate::bindings::sandmill::tensor::devices::Device;
use crate::bindings::sandmill::tensor::types::Error;

/// The form of operations that this crate writes.
const OPERATIONS: &str = "burn-ir/0.22";
/// So many bytes are handed over together. The host computes while the guest writes down what follows.
const BATCH_BYTES: usize = 16 * 1024;

static QUEUE: OnceLock<Queue> = OnceLock::new();

/// The device and what was not handed to it yet.
pub struct Queue {
    device: Device,
    waiting: Mutex<Vec<u8>>,
}

/// The queue of this guest's device, which is opened when it is first asked for.
///
/// # Panics
/// When the step was granted no device, with the host's words.
pub fn queue() -> &'static Queue {
    QUEUE.get_or_init(|| match Device::open(OPERATIONS) {
        Ok(device) => Queue { device, waiting: Mutex::new(Vec::with_capacity(2 * BATCH_BYTES)) },
        Err(error) => panic!("the tensor device cannot be opened: {}", in_words(&error)),
    })
}

impl Queue {
    /// The device, once it has been told everything that waited.
    pub fn sent(&self) -> &Device {
        self.send(&mut self.waiting());
        &self.device
    }

    /// The device as it is, for what depends on no operation.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Adds an operation, and hands all of them over once they are a batch.
    pub fn push(&self, operation: &OperationIr) {
        let mut waiting = self.waiting();
        let bytes = std::mem::take(&mut *waiting);
        *waiting = match postcard::to_extend(operation, bytes) {
            Ok(bytes) => bytes,
            Err(error) => panic!("an operation cannot be written down: {error}"),
        };
        if waiting.len() >= BATCH_BYTES {
            self.send(&mut waiting);
        }
    }

    fn send(&self, waiting: &mut Vec<u8>) {
        if !waiting.is_empty() {
            self.device.run(waiting);
            waiting.clear();
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<u8>> {
        // A guest that panicked is gone, so the lock cannot be seen poisoned.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The error as one sentence.
pub fn in_words(error: &Error) -> &str {
    match error {
        Error::Unsupported(reason) | Error::InvalidArgument(reason) => reason,
    }
}
