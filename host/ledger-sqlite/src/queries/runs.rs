//! Questions about runs: one, a page of them, and who calls a component.
//! Never reads a row that is not asked for but to see whether a page is the last.

use host_base::RunId;
use host_ledger::{CallingPipeline, LedgerError, Page, RunFilter, RunRecord, page_token};
use rusqlite::{Connection, Row, ToSql, params};

use super::{all, one, position};
use crate::columns::{get, json, limit as rows_max, optional_json, optional_unsigned, run_id, unsigned};

fn read_run(row: &Row<'_>) -> Result<RunRecord, LedgerError> {
    Ok(RunRecord {
        id: run_id(row, "id")?,
        kind: get(row, "kind")?,
        pipeline: get(row, "pipeline")?,
        parameters: json(row, "parameters")?,
        status: get(row, "status")?,
        submitted_at_millis: unsigned(row, "submitted_at_millis")?,
        finished_at_millis: optional_unsigned(row, "finished_at_millis")?,
        steps_total: unsigned(row, "steps_total")?,
        steps_finished: unsigned(row, "steps_finished")?,
        failure: optional_json(row, "failure")?,
        attributes: json(row, "attributes")?,
    })
}

pub(crate) fn runs(
    connection: &Connection,
    filter: &RunFilter,
    page: Option<&str>,
    limit: usize,
) -> Result<Page<RunRecord>, LedgerError> {
    let before = position(page_token::to_run(page)?);
    let rows = rows_max(Page::<RunRecord>::look_ahead(limit));
    let read = |row: &Row<'_>| Ok((unsigned(row, "sequence")?, read_run(row)?));
    // One statement per combination, so that each is answered from its own index, newest first, and
    // stops after a page.
    let (kind, from, order) = (filter.kind(), from(filter), order(filter));
    let mut conditions = String::new();
    let mut values: Vec<(&str, &dyn ToSql)> = vec![(":before", &before), (":rows", &rows), (":kind", &kind)];
    for (name, condition, value) in [
        (":component", " AND calls.component = :component", &filter.component),
        (":pipeline", " AND runs.pipeline = :pipeline", &filter.pipeline),
        (":status", " AND status = :status", &filter.status),
        (":experiment", " AND experiment = :experiment", &filter.experiment),
        (":schedule", " AND schedule = :schedule", &filter.schedule),
        // Without an index of its own: asked for seldom, and newest first, so that a page of a busy user is soon full.
        (":submitter", " AND json_extract(attributes, '$.submitter') = :submitter", &filter.submitter),
    ] {
        if let Some(value) = value {
            conditions.push_str(condition);
            values.push((name, value));
        }
    }
    if !filter.with_removed {
        conditions.push_str(" AND removed = 0");
    }
    let statement = format!(
        "SELECT runs.* FROM {from} WHERE {order} < :before AND kind = :kind{conditions}
         ORDER BY {order} DESC LIMIT :rows"
    );
    let found = all(connection, &statement, values.as_slice(), read)?;
    Ok(Page::cut(found, limit, page_token::of_run))
}

/// The index with the fewest runs in it that have to be looked at.
const fn from(filter: &RunFilter) -> &'static str {
    match filter {
        // A cross join is done in the order in which it is written.
        RunFilter { component: Some(_), .. } => "calls CROSS JOIN runs ON runs.sequence = calls.sequence",
        RunFilter { schedule: Some(_), .. } => "runs INDEXED BY runs_of_schedule",
        RunFilter { experiment: Some(_), .. } => "runs INDEXED BY runs_of_experiment",
        RunFilter { pipeline: Some(_), status: Some(_), .. } => "runs INDEXED BY runs_of_pipeline_and_status",
        RunFilter { pipeline: Some(_), .. } => "runs INDEXED BY runs_of_pipeline",
        RunFilter { status: Some(_), .. } => "runs INDEXED BY runs_of_status",
        RunFilter { kind: Some(_), .. } => "runs INDEXED BY runs_of_kind",
        _ => "runs",
    }
}

/// The column that the list is read in the order of.
const fn order(filter: &RunFilter) -> &'static str {
    match filter {
        RunFilter { component: Some(_), .. } => "calls.sequence",
        _ => "runs.sequence",
    }
}

pub(crate) fn run(connection: &Connection, run: &RunId) -> Result<Option<RunRecord>, LedgerError> {
    one(connection, "SELECT * FROM runs WHERE id = ?1", [run.as_str()], read_run)
}

/// Pipelines whose runs call a component; each is counted from the index alone.
pub(crate) fn calling_pipelines(
    connection: &Connection,
    component: &str,
    page: Option<&str>,
    limit: usize,
) -> Result<Page<CallingPipeline>, LedgerError> {
    let rows = rows_max(Page::<CallingPipeline>::look_ahead(limit));
    let statement = "SELECT calling.pipeline, calling.runs, runs.id, runs.submitted_at_millis
                     FROM (SELECT pipeline, count(*) AS runs, max(sequence) AS newest FROM calls
                           WHERE component = ?1 AND pipeline > ?2 GROUP BY pipeline ORDER BY pipeline LIMIT ?3) AS calling
                     JOIN runs ON runs.sequence = calling.newest ORDER BY calling.pipeline";
    let found = all(connection, statement, params![component, page_token::to_pipeline(page)?, rows], |row| {
        Ok(CallingPipeline {
            pipeline: get(row, "pipeline")?,
            runs: unsigned(row, "runs")?,
            newest_run: run_id(row, "id")?,
            newest_at_millis: unsigned(row, "submitted_at_millis")?,
        })
    })?;
    let names: Vec<String> = found.iter().map(|calling| calling.pipeline.clone()).collect();
    let named = names.iter().map(String::as_str).zip(found).collect();
    Ok(Page::cut(named, limit, page_token::of_pipeline))
}
