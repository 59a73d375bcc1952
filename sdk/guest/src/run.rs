//! Which run and step this is.
//! Never for anything but messages: a result that depends on it would make caching wrong.

#[cfg(target_family = "wasm")]
pub use crate::bindings::sandmill::step::context::Context as RunContext;
#[cfg(not(target_family = "wasm"))]
pub use crate::testing::RunContext;

/// The run, the pipeline, the step and the attempt. For messages only.
#[must_use]
pub fn context() -> RunContext {
    #[cfg(target_family = "wasm")]
    return crate::bindings::sandmill::step::context::get();
    #[cfg(not(target_family = "wasm"))]
    return crate::testing::run_context();
}
