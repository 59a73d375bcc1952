//! Each test program against the sandbox: refused by default, allowed as granted, stopped at its limits.
//! Never reaches the network beyond this machine.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking and talks on stderr")]

mod cache;
mod commands;
mod failures;
mod grants;
mod handles;
mod http;
mod interface;
mod limits;
mod programs;
mod support;
mod talk;
mod values;
