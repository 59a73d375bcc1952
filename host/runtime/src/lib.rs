//! The sandbox: engine, admission, limits, typed calls, compiled-code cache.
//! Never knows a pipeline, a registry or a ledger; it is handed bytes, values and limits.

pub mod call;

pub use call::{CallReport, CallRequest, CallTarget, LogStream, SharedObserver, StepContext, StepObserver};
