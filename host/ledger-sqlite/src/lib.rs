//! The ledger on SQLite: one file, one writing thread, commits shared by everyone who waits.
//! Never acknowledges an entry before the disk has it, and never decides what an entry means.

mod columns;
mod commit;
mod connection;
mod error;
mod ledger;
mod queries;
mod readers;
mod rows;
mod schema;
mod writer;

pub use ledger::{SqliteConfig, SqliteLedger};
