//! How far the step's work has come.
//! Never decides how often is often enough; the host thins what it shows.

#[cfg(target_family = "wasm")]
use crate::bindings::sandmill::step::progress as backend;
#[cfg(not(target_family = "wasm"))]
use crate::testing as backend;

/// `done` out of `total`, in whatever unit the message names; no total while it is not known.
pub fn report(done: u64, total: impl Into<Option<u64>>, message: &str) {
    #[cfg(target_family = "wasm")]
    backend::report(done, total.into(), message);
    #[cfg(not(target_family = "wasm"))]
    backend::write_progress(done, total.into(), message);
}
