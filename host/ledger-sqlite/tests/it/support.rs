//! Ledgers in temporary folders.
//! Never leaves a folder behind.

use std::path::Path;
use std::sync::Arc;

use host_ledger_sqlite::SqliteLedger;
use tempfile::TempDir;

/// A new ledger. The folder goes away with the guard.
pub fn fresh() -> (Arc<SqliteLedger>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (Arc::new(SqliteLedger::open(folder.path()).unwrap()), folder)
}

/// What SQLite says of the file's soundness.
pub fn integrity(folder: &Path) -> String {
    let connection = rusqlite::Connection::open(folder.join("ledger.sqlite3")).unwrap();
    connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap()
}
