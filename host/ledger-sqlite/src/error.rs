//! From SQLite's errors to the port's.
//! Never lets an error of rusqlite out of this room.

use std::fmt::Display;

use host_ledger::LedgerError;
use rusqlite::ErrorCode;

/// What a failed call into SQLite means to the caller.
#[expect(clippy::needless_pass_by_value, reason = "the shape that `map_err` calls")]
pub(crate) fn sqlite(error: rusqlite::Error) -> LedgerError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => LedgerError::Full(error.to_string()),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => LedgerError::Corrupt(error.to_string()),
        _ => LedgerError::Storage(error.to_string()),
    }
}

/// The same for what the file system says.
pub(crate) fn file(what: &str, error: &std::io::Error) -> LedgerError {
    let text = format!("{what}: {error}");
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => LedgerError::Full(text),
        _ => LedgerError::Storage(text),
    }
}

/// A column that holds what this version never writes.
pub(crate) fn unreadable(column: &str, reason: impl Display) -> LedgerError {
    LedgerError::Corrupt(format!("column {column}: {reason}"))
}
