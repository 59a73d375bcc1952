//! What is read: one function per question, each a prepared statement over an index.
//! Never writes.

use host_base::RunId;
use host_ledger::derive::ArtifactPosition;
use host_ledger::view::ARTIFACT_USES_MAX;
use host_ledger::{
    ArtifactRecord, ArtifactUse, CachedResult, CatalogueItem, Entry, LedgerError, LogLine, MetricPoint, Page, Sequence,
    StepRecord, page_token,
};
use rusqlite::{Connection, Params, Row, named_params, params};

use crate::columns::{get, json, limit as rows_max, optional_json, optional_unsigned, run_id, unsigned};
use crate::error::sqlite;

mod runs;

pub(crate) use runs::{calling_pipelines, run, runs};

fn all<T>(
    connection: &Connection,
    statement: &str,
    values: impl Params,
    read: impl Fn(&Row<'_>) -> Result<T, LedgerError>,
) -> Result<Vec<T>, LedgerError> {
    let mut prepared = connection.prepare_cached(statement).map_err(sqlite)?;
    let mut rows = prepared.query(values).map_err(sqlite)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(sqlite)? {
        found.push(read(row)?);
    }
    Ok(found)
}

fn one<T>(
    connection: &Connection,
    statement: &str,
    values: impl Params,
    read: impl Fn(&Row<'_>) -> Result<T, LedgerError>,
) -> Result<Option<T>, LedgerError> {
    let mut prepared = connection.prepare_cached(statement).map_err(sqlite)?;
    let mut rows = prepared.query(values).map_err(sqlite)?;
    rows.next().map_err(sqlite)?.map(read).transpose()
}

/// The newest entry's position; 0 where there is none.
pub(crate) fn last_entry(connection: &Connection) -> Result<Sequence, LedgerError> {
    let statement = "SELECT coalesce(max(sequence), 0) AS last FROM entries";
    Ok(one(connection, statement, [], |row| unsigned(row, "last"))?.unwrap_or_default())
}

pub(crate) fn is_known_run(connection: &Connection, run: &RunId) -> Result<bool, LedgerError> {
    let statement = "SELECT 1 FROM entries WHERE run = ?1 LIMIT 1";
    Ok(one(connection, statement, [run.as_str()], |_| Ok(()))?.is_some())
}

pub(crate) fn read_entry(row: &Row<'_>) -> Result<Entry, LedgerError> {
    Ok(Entry {
        sequence: unsigned(row, "sequence")?,
        run: run_id(row, "run")?,
        at_millis: unsigned(row, "at_millis")?,
        event: json(row, "event")?,
        facts: json(row, "facts")?,
    })
}

pub(crate) fn entries(
    connection: &Connection,
    run: &RunId,
    after: Sequence,
    limit: usize,
) -> Result<Vec<Entry>, LedgerError> {
    let statement = "SELECT sequence, run, at_millis, event, facts FROM entries
                     WHERE run = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3";
    all(connection, statement, params![run.as_str(), position(after), rows_max(limit)], read_entry)
}

/// The last entry and the last log line of a run; each a look at the end of an index.
pub(crate) fn run_position(connection: &Connection, run: &RunId) -> Result<(Sequence, u64), LedgerError> {
    let statement = "SELECT (SELECT coalesce(max(sequence), 0) FROM entries WHERE run = ?1) AS entry,
                            (SELECT coalesce(max(sequence), 0) FROM logs WHERE run = ?1) AS line";
    let read = |row: &Row<'_>| Ok((unsigned(row, "entry")?, unsigned(row, "line")?));
    Ok(one(connection, statement, [run.as_str()], read)?.unwrap_or_default())
}

fn read_step(row: &Row<'_>) -> Result<StepRecord, LedgerError> {
    Ok(StepRecord {
        name: get(row, "name")?,
        status: get(row, "status")?,
        attempts: get(row, "attempts")?,
        reused: get(row, "reused")?,
        component: get(row, "component")?,
        started_at_millis: optional_unsigned(row, "started_at_millis")?,
        finished_at_millis: optional_unsigned(row, "finished_at_millis")?,
        outputs: optional_json(row, "outputs")?,
        failure: optional_json(row, "failure")?,
        usage: optional_json(row, "usage")?,
        kind: get(row, "kind")?,
        parent: get(row, "parent")?,
    })
}

pub(crate) fn steps(connection: &Connection, run: &RunId) -> Result<Vec<StepRecord>, LedgerError> {
    all(connection, "SELECT * FROM steps WHERE run = ?1 ORDER BY name", [run.as_str()], read_step)
}

pub(crate) fn steps_behind(
    connection: &Connection,
    run: &RunId,
    name: &str,
    limit: usize,
) -> Result<Vec<StepRecord>, LedgerError> {
    let statement = "SELECT * FROM steps WHERE run = ?1 AND name > ?2 ORDER BY name LIMIT ?3";
    all(connection, statement, params![run.as_str(), name, rows_max(limit)], read_step)
}

pub(crate) fn step(connection: &Connection, run: &RunId, name: &str) -> Result<Option<StepRecord>, LedgerError> {
    one(connection, "SELECT * FROM steps WHERE run = ?1 AND name = ?2", [run.as_str(), name], read_step)
}

pub(crate) fn unfinished_runs(connection: &Connection) -> Result<Vec<RunId>, LedgerError> {
    let statement = "SELECT id FROM runs WHERE finished_at_millis IS NULL ORDER BY sequence";
    all(connection, statement, [], |row| run_id(row, "id"))
}

pub(crate) fn cached(connection: &Connection, key: &str) -> Result<Option<CachedResult>, LedgerError> {
    one(connection, "SELECT run, outputs FROM cached_results WHERE key = ?1", [key], |row| {
        Ok(CachedResult { run: run_id(row, "run")?, outputs: json(row, "outputs")? })
    })
}

pub(crate) fn artifacts(
    connection: &Connection,
    run: Option<&RunId>,
    page: Option<&str>,
    limit: usize,
) -> Result<Page<ArtifactRecord>, LedgerError> {
    let before = page_token::to_artifact(page)?;
    let (sequence, part) = (position(before.sequence), position(before.part));
    let rows = rows_max(Page::<ArtifactRecord>::look_ahead(limit));
    let read = |row: &Row<'_>| {
        let position = ArtifactPosition { sequence: unsigned(row, "sequence")?, part: unsigned(row, "part")? };
        Ok((position, json::<ArtifactRecord>(row, "record")?))
    };
    let found = match run {
        None => {
            let statement = "SELECT sequence, part, record FROM artifacts WHERE (sequence, part) < (:sequence, :part)
                             ORDER BY sequence DESC, part DESC LIMIT :rows";
            all(connection, statement, named_params! { ":sequence": sequence, ":part": part, ":rows": rows }, read)
        }
        Some(run) => {
            let statement = "SELECT sequence, part, record FROM made
                             WHERE run = :run AND (sequence, part) < (:sequence, :part)
                             ORDER BY sequence DESC, part DESC LIMIT :rows";
            let values = named_params! { ":run": run.as_str(), ":sequence": sequence, ":part": part, ":rows": rows };
            all(connection, statement, values, read)
        }
    }?;
    Ok(Page::cut(found, limit, page_token::of_artifact))
}

pub(crate) fn artifact(connection: &Connection, digest: &str) -> Result<Option<ArtifactRecord>, LedgerError> {
    one(connection, "SELECT record FROM artifacts WHERE digest = ?1", [digest], |row| json(row, "record"))
}

pub(crate) fn artifact_uses(connection: &Connection, digest: &str) -> Result<Vec<ArtifactUse>, LedgerError> {
    let statement = "SELECT run, step, parameter FROM uses WHERE digest = ?1
                     ORDER BY sequence DESC, part DESC LIMIT ?2";
    all(connection, statement, params![digest, rows_max(ARTIFACT_USES_MAX)], |row| {
        Ok(ArtifactUse { run: run_id(row, "run")?, step: get(row, "step")?, parameter: get(row, "parameter")? })
    })
}

pub(crate) fn logs(
    connection: &Connection,
    run: &RunId,
    step: Option<&str>,
    after: u64,
    limit: usize,
) -> Result<Vec<LogLine>, LedgerError> {
    let read = |row: &Row<'_>| {
        Ok(LogLine {
            sequence: unsigned(row, "sequence")?,
            at_millis: unsigned(row, "at_millis")?,
            step: get(row, "step")?,
            attempt: get(row, "attempt")?,
            stream: get(row, "stream")?,
            text: get(row, "text")?,
        })
    };
    let (after, rows) = (position(after), rows_max(limit));
    match step {
        None => {
            let statement = "SELECT * FROM logs WHERE run = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3";
            all(connection, statement, params![run.as_str(), after, rows], read)
        }
        Some(step) => {
            let statement = "SELECT * FROM logs INDEXED BY logs_of_step
                             WHERE run = ?1 AND step = ?4 AND sequence > ?2 ORDER BY sequence LIMIT ?3";
            all(connection, statement, params![run.as_str(), after, rows, step], read)
        }
    }
}

pub(crate) fn metrics(
    connection: &Connection,
    run: &RunId,
    after: u64,
    limit: usize,
) -> Result<Vec<MetricPoint>, LedgerError> {
    let statement = "SELECT * FROM metrics WHERE run = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3";
    all(connection, statement, params![run.as_str(), position(after), rows_max(limit)], read_point)
}

pub(crate) fn last_metrics(
    connection: &Connection,
    run: &RunId,
    limit: usize,
) -> Result<Vec<MetricPoint>, LedgerError> {
    let statement = "SELECT * FROM metrics WHERE run = ?1 ORDER BY sequence DESC LIMIT ?2";
    let mut points = all(connection, statement, params![run.as_str(), rows_max(limit)], read_point)?;
    points.reverse();
    Ok(points)
}

fn read_point(row: &Row<'_>) -> Result<MetricPoint, LedgerError> {
    Ok(MetricPoint {
        sequence: unsigned(row, "sequence")?,
        at_millis: unsigned(row, "at_millis")?,
        step: get(row, "step")?,
        name: get(row, "name")?,
        index: unsigned(row, "axis")?,
        value: get(row, "value")?,
    })
}

fn read_item(row: &Row<'_>) -> Result<CatalogueItem, LedgerError> {
    Ok(CatalogueItem {
        position: unsigned(row, "position")?,
        kind: get(row, "kind")?,
        id: get(row, "id")?,
        owner: get(row, "owner")?,
        name: get(row, "name")?,
        created_at_millis: unsigned(row, "created_at_millis")?,
        changed_at_millis: unsigned(row, "changed_at_millis")?,
        record: json(row, "record")?,
    })
}

pub(crate) fn catalogue(
    connection: &Connection,
    kind: &str,
    owner: Option<&str>,
) -> Result<Vec<CatalogueItem>, LedgerError> {
    match owner {
        None => all(connection, "SELECT * FROM catalogue WHERE kind = ?1 ORDER BY position", [kind], read_item),
        Some(owner) => {
            let statement = "SELECT * FROM catalogue WHERE kind = ?1 AND owner = ?2 ORDER BY position";
            all(connection, statement, [kind, owner], read_item)
        }
    }
}

pub(crate) fn catalogue_item(
    connection: &Connection,
    kind: &str,
    id: &str,
) -> Result<Option<CatalogueItem>, LedgerError> {
    one(connection, "SELECT * FROM catalogue WHERE kind = ?1 AND id = ?2", [kind, id], read_item)
}

pub(crate) fn catalogue_id(
    connection: &Connection,
    kind: &str,
    owner: &str,
    name: &str,
) -> Result<Option<String>, LedgerError> {
    let statement = "SELECT id FROM catalogue WHERE kind = ?1 AND owner = ?2 AND name = ?3";
    one(connection, statement, [kind, owner, name], |row| get(row, "id"))
}

/// A position to compare with; what lies past every position is cut to the largest.
fn position(of: u64) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}
