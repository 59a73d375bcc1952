//! To write a component in Rust: `#[step]`, `#[trainable]`, the handles of `sandmill:data`, logs and progress.
//! Never reaches anything by itself; all it can do is what the host hands to the step.
//!
//! The same code builds twice. In a wasm build the handles are resources of the host; in any other
//! build they live in memory, so a step is tested by calling it.

#[cfg(target_family = "wasm")]
#[allow(clippy::all, missing_docs, unsafe_code, unused_qualifications, reason = "generated from WIT")]
#[doc(hidden)]
pub mod bindings;
pub mod collective;
mod failure;
mod handles;
#[cfg(feature = "http")]
pub mod http;
pub mod log;
pub mod metric;
mod metrics;
#[cfg(feature = "onnx")]
pub mod onnx;
pub mod prelude;
pub mod progress;
mod run;
#[cfg(feature = "table")]
pub mod table;
#[cfg(not(target_family = "wasm"))]
pub mod testing;
#[cfg(test)]
mod tests;
pub mod train;

pub use failure::{Context, Failure, Result};
pub use handles::{
    Artifact, ClassScores, ConfusionMatrix, DataError, DataSet, Description, Handle, Metrics, Model, Reader, Writer,
};
pub use metrics::MetricsBuilder;
pub use run::{RunContext, context};
pub use sdk_guest_macros::{step, trainable};

/// What the code behind `#[step]` refers to. Nothing here is meant to be written by hand.
#[cfg(target_family = "wasm")]
#[doc(hidden)]
pub mod __private {
    pub use crate::bindings;
    pub use wit_bindgen;
}
