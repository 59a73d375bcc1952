//! Between columns and Rust's types: unsigned numbers, run ids, JSON.
//! Never loses a bit: SQLite's integers are signed, so that large unsigned ones are kept as negative.

use host_base::RunId;
use host_ledger::LedgerError;
use rusqlite::Row;
use rusqlite::types::FromSql;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{sqlite, unreadable};

/// A column's value.
pub(crate) fn get<T: FromSql>(row: &Row<'_>, column: &str) -> Result<T, LedgerError> {
    row.get(column).map_err(|error| unreadable(column, error))
}

pub(crate) fn unsigned(row: &Row<'_>, column: &str) -> Result<u64, LedgerError> {
    get::<i64>(row, column).map(i64::cast_unsigned)
}

pub(crate) fn optional_unsigned(row: &Row<'_>, column: &str) -> Result<Option<u64>, LedgerError> {
    Ok(get::<Option<i64>>(row, column)?.map(i64::cast_unsigned))
}

pub(crate) fn run_id(row: &Row<'_>, column: &str) -> Result<RunId, LedgerError> {
    get::<String>(row, column)?.parse().map_err(|error| unreadable(column, error))
}

pub(crate) fn json<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> Result<T, LedgerError> {
    let text = row.get_ref(column).map_err(sqlite)?.as_str().map_err(|error| unreadable(column, error))?;
    serde_json::from_str(text).map_err(|error| unreadable(column, error))
}

pub(crate) fn optional_json<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> Result<Option<T>, LedgerError> {
    let text = get::<Option<String>>(row, column)?;
    text.map(|text| serde_json::from_str(&text).map_err(|error| unreadable(column, error))).transpose()
}

pub(crate) fn to_json(value: &impl Serialize) -> Result<String, LedgerError> {
    serde_json::to_string(value).map_err(|error| LedgerError::Refused(error.to_string()))
}

pub(crate) fn optional_to_json(value: Option<&impl Serialize>) -> Result<Option<String>, LedgerError> {
    value.map(to_json).transpose()
}

/// A row count as SQLite's LIMIT takes it.
pub(crate) fn limit(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
