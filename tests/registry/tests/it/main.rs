//! The registry rooms against each other, against another registry and against broken ones.
//! Never reaches beyond this machine.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod access;
mod artifacts;
mod bucket;
mod bulk;
mod disk;
mod docker;
mod endpoints;
mod faults;
mod foreign;
mod garbage;
mod guarded;
mod kit;
mod packages;
mod peers;
mod pushes;
mod server_faults;
mod signatures;
mod uploads;
