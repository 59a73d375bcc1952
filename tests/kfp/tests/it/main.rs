//! Pipelines that the stock SDK compiled.
//! Never passes silently where the SDK is missing: it says that it skipped.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

mod client;
mod compiled;
mod planned;
mod server;
