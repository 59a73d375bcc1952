//! Each test program against the sandbox: refused by default, allowed as granted, stopped at its limits.
//! Never reaches the network beyond this machine.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a test fails by panicking, talks on stderr and says on stdout why it is skipped"
)]

mod cache;
mod commands;
mod exceptions;
mod failures;
mod grants;
mod handles;
mod http;
mod http_limits;
mod https;
mod interface;
mod kernel;
mod kernels;
mod limits;
mod models;
mod no_pool;
mod platform;
mod programs;
mod python;
mod support;
mod talk;
mod tensors;
mod train;
mod transfer;
mod values;
mod weights;
