//! The tables, and how an older file becomes a newer one.
//! Never changes a migration that was released: a new one is added behind it.

use host_ledger::LedgerError;
use rusqlite::{Connection, TransactionBehavior};

use crate::error::sqlite;

/// One batch of statements per version of the file; `PRAGMA user_version` counts those already done.
const MIGRATIONS: &[&str] = &[
    include_str!("schema/0001-history-and-views.sql"),
    include_str!("schema/0002-steps-within-steps.sql"),
    include_str!("schema/0003-catalogue-and-attributes.sql"),
    include_str!("schema/0004-kinds-of-work.sql"),
    include_str!("schema/0005-callers-of-components.sql"),
];

/// The views' tables. Everything in them can be derived again from the tables of the history.
pub(crate) const VIEW_TABLES: &[&str] =
    &["runs", "calls", "steps", "artifacts", "made", "uses", "cached_results", "metrics", "catalogue"];

/// Brings the file up to this version.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), LedgerError> {
    let done: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(sqlite)?;
    let known = MIGRATIONS.len() as u32;
    if done > known {
        return Err(LedgerError::Corrupt(format!(
            "the file has version {done}, and this program knows versions up to {known}; use the newer program that wrote it"
        )));
    }
    for (version, statements) in (1_u32..).zip(MIGRATIONS).skip(done as usize) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sqlite)?;
        transaction.execute_batch(statements).map_err(sqlite)?;
        transaction.pragma_update(None, "user_version", version).map_err(sqlite)?;
        transaction.commit().map_err(sqlite)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
