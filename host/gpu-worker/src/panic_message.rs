//! Burn tells what is wrong by panicking; here a panic becomes an error.
//! Never lets a panic end the worker without an answer.

use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::{Mutex, PoisonError};

use host_gpu::DeviceError;

/// A message is cut to this: some hold whole backtraces.
const MESSAGE_BYTES_MAX: usize = 1024;

/// What the last panic of any thread said. Backends compute on threads of their own.
static LAST: Mutex<Option<String>> = Mutex::new(None);

/// From here on, panics are kept instead of printed.
pub fn keep() {
    std::panic::set_hook(Box::new(|info| {
        let message = message_of(info);
        // The first panic is the cause; what follows is threads that relied on the one that is gone.
        LAST.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(message);
    }));
}

/// Does something of Burn's.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, DeviceError> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| {
        let message = LAST.lock().unwrap_or_else(PoisonError::into_inner).take();
        DeviceError::InvalidOperation(message.unwrap_or_else(|| "no reason was given".to_owned()))
    })
}

fn message_of(info: &PanicHookInfo<'_>) -> String {
    let payload = info.payload();
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason was given");
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line[..line.floor_char_boundary(MESSAGE_BYTES_MAX)].to_owned()
}
