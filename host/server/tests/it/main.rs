//! The real server over a real executor, asked over HTTP.
//! Never a double of the executor: what is not run cannot be answered for.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod channels;
mod details;
mod jupyter;
mod login;
mod rig;
mod routes;
mod stream;
mod tokens;
mod train_stream;
