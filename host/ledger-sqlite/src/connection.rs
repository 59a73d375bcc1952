//! Connections to the file and how each is set up.
//! Never leaves durability to a default.

use std::path::Path;
use std::time::Duration;

use host_ledger::LedgerError;
use rusqlite::{Connection, OpenFlags};

use crate::error::sqlite;

/// How long a connection waits for a lock. Only a checkpoint of another connection ever holds one.
const LOCK_WAIT: Duration = Duration::from_secs(10);
/// Prepared statements kept per connection; more than there are different ones.
const STATEMENTS_MAX: usize = 64;
/// Page cache of the writer and of one reader.
const WRITER_CACHE_BYTES: i64 = 16 << 20;
const READER_CACHE_BYTES: i64 = 4 << 20;
/// What stays of the write-ahead log after a checkpoint.
const LOG_FILE_BYTES_MAX: i64 = 64 << 20;

/// How much a commit waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// The disk has it: it survives a power cut.
    Disk,
    /// The operating system has it: it survives the end of the process.
    System,
}

pub(crate) fn open_writer(file: &Path, file_bytes_max: u64) -> Result<Connection, LedgerError> {
    let connection = open(file, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE, WRITER_CACHE_BYTES)?;
    let mode: String =
        connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0)).map_err(sqlite)?;
    if mode != "wal" {
        return Err(LedgerError::Storage(format!(
            "SQLite keeps its journal in mode `{mode}` here, but the ledger needs `wal`; is the data folder on a network file system?"
        )));
    }
    connection.pragma_update(None, "journal_size_limit", LOG_FILE_BYTES_MAX).map_err(sqlite)?;
    // On macOS a plain fsync leaves the data in the drive's cache; elsewhere these do nothing.
    connection.pragma_update(None, "fullfsync", true).map_err(sqlite)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true).map_err(sqlite)?;
    limit_size(&connection, file_bytes_max)?;
    Ok(connection)
}

pub(crate) fn open_reader(file: &Path) -> Result<Connection, LedgerError> {
    // Opened for writing, since the last connection to close has to fold the write-ahead log in.
    let connection = open(file, OpenFlags::SQLITE_OPEN_READ_WRITE, READER_CACHE_BYTES)?;
    connection.pragma_update(None, "query_only", true).map_err(sqlite)?;
    Ok(connection)
}

pub(crate) fn set_durability(connection: &Connection, durability: Durability) -> Result<(), LedgerError> {
    let mode = match durability {
        Durability::Disk => "full",
        Durability::System => "normal",
    };
    connection.pragma_update(None, "synchronous", mode).map_err(sqlite)
}

fn open(file: &Path, flags: OpenFlags, cache_bytes: i64) -> Result<Connection, LedgerError> {
    // Each connection is used by one thread at a time, so that SQLite need not lock it itself.
    let connection = Connection::open_with_flags(file, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(sqlite)?;
    connection.busy_timeout(LOCK_WAIT).map_err(sqlite)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    connection.pragma_update(None, "cache_size", -(cache_bytes / 1024)).map_err(sqlite)?;
    connection.pragma_update(None, "temp_store", "memory").map_err(sqlite)?;
    Ok(connection)
}

fn limit_size(connection: &Connection, file_bytes_max: u64) -> Result<(), LedgerError> {
    let page_bytes: u64 =
        connection.pragma_query_value(None, "page_size", |row| row.get::<_, i64>(0)).map_err(sqlite)?.cast_unsigned();
    let pages = i64::try_from(file_bytes_max / page_bytes.max(1)).unwrap_or(i64::MAX).clamp(1, i64::from(u32::MAX - 1));
    connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())).map_err(sqlite)
}
