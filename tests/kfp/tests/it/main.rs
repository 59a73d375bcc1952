//! Pipelines that the stock SDK compiled.
//! Never passes silently where the SDK is missing: it says that it skipped.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking and talks on stderr")]

mod client;
mod compiled;
mod imports;
mod large;
mod packages;
mod planned;
mod platforms;
mod server;
