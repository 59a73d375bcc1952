//! The ledger on SQLite from outside: the contract, durability, full disks, speed.
//! Never looks into the database but to ask SQLite itself whether it is sound.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]
#![expect(clippy::print_stderr, reason = "measurements and reasons for skipping are for people")]

mod contract;
mod files;
mod full_disk;
mod group_commit;
mod kill;
mod large_history;
mod same_answers;
mod support;
