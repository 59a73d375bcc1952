//! The views' rows in their tables: what `host_ledger::derive` reads and writes.
//! Never commits; the transaction is the caller's.

use host_base::RunId;
use host_ledger::catalogue::CatalogueRows;
use host_ledger::derive::{ArtifactPosition, ViewRows};
use host_ledger::{
    ArtifactRecord, ArtifactUse, CachedResult, CatalogueItem, LedgerError, MetricPoint, RunRecord, Sequence, StepRecord,
};
use rusqlite::{Connection, params};

use crate::columns::{optional_to_json, to_json};
use crate::error::sqlite;
use crate::queries;

/// Rows behind a connection that is inside a transaction.
pub(crate) struct Rows<'connection>(pub &'connection Connection);

impl Rows<'_> {
    fn execute(&self, statement: &str, values: impl rusqlite::Params) -> Result<(), LedgerError> {
        self.0.prepare_cached(statement).and_then(|mut prepared| prepared.execute(values)).map_err(sqlite)?;
        Ok(())
    }
}

impl ViewRows for Rows<'_> {
    fn run(&self, run: &RunId) -> Result<Option<RunRecord>, LedgerError> {
        queries::run(self.0, run)
    }

    fn insert_run(&mut self, sequence: Sequence, record: RunRecord) -> Result<(), LedgerError> {
        self.execute(
            "INSERT INTO runs (sequence, id, pipeline, status, submitted_at_millis, finished_at_millis, steps_total,
                 steps_finished, parameters, attributes, experiment, schedule, removed, kind)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            params![
                sequence.cast_signed(),
                record.id.as_str(),
                record.pipeline,
                record.status,
                record.submitted_at_millis.cast_signed(),
                record.finished_at_millis.map(u64::cast_signed),
                record.steps_total.cast_signed(),
                record.steps_finished.cast_signed(),
                to_json(&record.parameters)?,
                to_json(&record.attributes)?,
                record.attributes.experiment,
                record.attributes.firing.as_ref().map(|firing| &firing.schedule),
                record.attributes.removed,
                record.kind,
            ],
        )
    }

    fn update_run(&mut self, record: RunRecord) -> Result<(), LedgerError> {
        // Name, parameters and time of submission never change, so that most updates touch no index.
        self.execute(
            "UPDATE runs SET status = ?2, finished_at_millis = ?3, steps_finished = ?4, steps_total = ?5, failure = ?6,
                 attributes = ?7, experiment = ?8, schedule = ?9, removed = ?10
             WHERE id = ?1",
            params![
                record.id.as_str(),
                record.status,
                record.finished_at_millis.map(u64::cast_signed),
                record.steps_finished.cast_signed(),
                record.steps_total.cast_signed(),
                optional_to_json(record.failure.as_ref())?,
                to_json(&record.attributes)?,
                record.attributes.experiment,
                record.attributes.firing.as_ref().map(|firing| &firing.schedule),
                record.attributes.removed,
            ],
        )
    }

    fn step(&self, run: &RunId, name: &str) -> Result<Option<StepRecord>, LedgerError> {
        queries::step(self.0, run, name)
    }

    fn put_step(&mut self, run: &RunId, record: StepRecord) -> Result<(), LedgerError> {
        self.execute(
            "INSERT OR REPLACE INTO steps (run, name, status, attempts, reused, component, started_at_millis,
                 finished_at_millis, outputs, failure, usage, kind, parent)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            params![
                run.as_str(),
                record.name,
                record.status,
                record.attempts,
                record.reused,
                record.component,
                record.started_at_millis.map(u64::cast_signed),
                record.finished_at_millis.map(u64::cast_signed),
                optional_to_json(record.outputs.as_ref())?,
                optional_to_json(record.failure.as_ref())?,
                optional_to_json(record.usage.as_ref())?,
                record.kind,
                record.parent,
            ],
        )
    }

    fn put_call(&mut self, run: &RunId, component: &str) -> Result<(), LedgerError> {
        self.execute(
            "INSERT OR IGNORE INTO calls (component, sequence, pipeline)
             SELECT ?1, sequence, pipeline FROM runs WHERE id = ?2",
            params![component, run.as_str()],
        )
    }

    fn put_artifact(&mut self, position: ArtifactPosition, record: ArtifactRecord) -> Result<(), LedgerError> {
        let (sequence, part) = (position.sequence.cast_signed(), position.part.cast_signed());
        let json = to_json(&record)?;
        if let Some(run) = &record.run {
            let statement = "INSERT INTO made (run, sequence, part, record) VALUES (?1, ?2, ?3, ?4)";
            self.execute(statement, params![run.as_str(), sequence, part, json])?;
        }
        self.execute(
            "INSERT INTO artifacts (digest, sequence, part, record) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (digest) DO UPDATE
             SET sequence = excluded.sequence, part = excluded.part, record = excluded.record
             WHERE (excluded.sequence, excluded.part) < (artifacts.sequence, artifacts.part)",
            params![record.artifact.digest.to_string(), sequence, part, json],
        )
    }

    fn put_use(&mut self, position: ArtifactPosition, digest: &str, used: ArtifactUse) -> Result<(), LedgerError> {
        let (sequence, part) = (position.sequence.cast_signed(), position.part.cast_signed());
        self.execute(
            "INSERT INTO uses (digest, run, step, parameter, sequence, part) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO NOTHING",
            params![digest, used.run.as_str(), used.step, used.parameter, sequence, part],
        )
    }

    fn put_cached(&mut self, key: &str, result: CachedResult) -> Result<(), LedgerError> {
        self.execute(
            "INSERT OR REPLACE INTO cached_results (key, run, outputs) VALUES (?1, ?2, ?3)",
            params![key, result.run.as_str(), to_json(&result.outputs)?],
        )
    }

    fn put_metric(&mut self, run: &RunId, point: MetricPoint) -> Result<(), LedgerError> {
        self.execute(
            "INSERT INTO metrics (run, sequence, at_millis, step, name, axis, value)
             SELECT ?1, 1 + coalesce(max(sequence), 0), ?2, ?3, ?4, ?5, ?6 FROM metrics WHERE run = ?1",
            params![
                run.as_str(),
                point.at_millis.cast_signed(),
                point.step,
                point.name,
                point.index.cast_signed(),
                point.value,
            ],
        )
    }
}

impl CatalogueRows for Rows<'_> {
    fn item(&self, kind: &str, id: &str) -> Result<Option<CatalogueItem>, LedgerError> {
        queries::catalogue_item(self.0, kind, id)
    }

    fn id_of_name(&self, kind: &str, owner: &str, name: &str) -> Result<Option<String>, LedgerError> {
        queries::catalogue_id(self.0, kind, owner, name)
    }

    fn put_item(&mut self, item: CatalogueItem) -> Result<(), LedgerError> {
        self.execute(
            "INSERT OR REPLACE INTO catalogue (position, kind, id, owner, name, created_at_millis, changed_at_millis, record)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                item.position.cast_signed(),
                item.kind,
                item.id,
                item.owner,
                item.name,
                item.created_at_millis.cast_signed(),
                item.changed_at_millis.cast_signed(),
                to_json(&item.record)?,
            ],
        )
    }

    fn remove_item(&mut self, kind: &str, id: &str) -> Result<(), LedgerError> {
        self.execute("DELETE FROM catalogue WHERE kind = ?1 AND id = ?2", params![kind, id])
    }
}
