//! The `sandmill` binary as people and scripts meet it: arguments in, text and exit codes out.
//! Never calls a room directly; what cannot be seen from outside is tested in its room.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bad_input;
mod components;
mod help;
mod node;
mod notebook;
mod offline;
mod registry;
mod runs;
mod schedules;
mod server;
mod tls;
mod tool;
mod train;
mod train_sources;
mod trust;
mod wit;
