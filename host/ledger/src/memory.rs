//! The ledger in memory, for tests and simulation.
//! Never durable: it acknowledges at once and forgets with the process.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use host_base::{ArtifactRef, Millis, RunId};

use crate::derive::{self, ArtifactPosition};
use crate::view::ARTIFACT_USES_MAX;
use crate::{
    ArtifactRecord, ArtifactUse, CachedResult, CallingPipeline, CatalogueChange, CatalogueItem, Entry, Ledger,
    LedgerError, LogLine, MetricPoint, NewEntry, Page, RunFilter, RunRecord, Sequence, StepRecord, catalogue, encoding,
    page_token,
};

mod rows;

use rows::Rows;

/// A ledger that lives as long as it is held.
#[derive(Debug, Default)]
pub struct MemoryLedger {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    entries: Vec<Entry>,
    /// Indexes into `entries`.
    entries_of_runs: HashMap<RunId, Vec<usize>>,
    uploads: Vec<(ArtifactPosition, ArtifactRecord)>,
    changes: Vec<(Millis, CatalogueChange)>,
    logs: HashMap<RunId, Vec<LogLine>>,
    rows: Rows,
}

impl MemoryLedger {
    /// An empty ledger.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A thread that panicked while it held the lock is a test that fails already.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Ledger for MemoryLedger {
    async fn append(&self, entries: Vec<NewEntry>) -> Result<Vec<Sequence>, LedgerError> {
        // Nothing is kept in this form here; what cannot be written down is refused by every ledger alike.
        encoding::encode(&entries)?;
        let mut state = self.state();
        let state = &mut *state;
        let told = entries.iter().map(|entry| (&entry.run, entry.facts.as_slice()));
        derive::check(told, |run| Ok(state.entries_of_runs.contains_key(run)))?;
        let mut sequences = Vec::with_capacity(entries.len());
        for NewEntry { run, at_millis, event, facts } in entries {
            let sequence = state.entries.len() as Sequence + 1;
            let entry = Entry { sequence, run, at_millis, event, facts };
            derive::apply(&mut state.rows, &entry)?;
            state.entries_of_runs.entry(entry.run.clone()).or_default().push(state.entries.len());
            state.entries.push(entry);
            sequences.push(sequence);
        }
        Ok(sequences)
    }

    async fn entries(&self, run: &RunId, after: Sequence, limit: usize) -> Result<Vec<Entry>, LedgerError> {
        let state = self.state();
        let Some(indexes) = state.entries_of_runs.get(run) else { return Ok(Vec::new()) };
        let behind = indexes.partition_point(|index| state.entries[*index].sequence <= after);
        Ok(indexes[behind..].iter().take(limit).map(|index| state.entries[*index].clone()).collect())
    }

    async fn run_position(&self, run: &RunId) -> Result<(Sequence, u64), LedgerError> {
        let state = self.state();
        let last = state.entries_of_runs.get(run).and_then(|indexes| indexes.last());
        let line = state.logs.get(run).and_then(|lines| lines.last());
        Ok((last.map_or(0, |index| state.entries[*index].sequence), line.map_or(0, |line| line.sequence)))
    }

    async fn runs(&self, filter: &RunFilter, page: Option<&str>, limit: usize) -> Result<Page<RunRecord>, LedgerError> {
        let before = page_token::to_run(page)?;
        let state = self.state();
        let calls = |sequence: &Sequence| state.rows.calls(*sequence, filter.component.as_deref());
        let runs = state.rows.runs.range(..before).rev().filter(|(sequence, _)| calls(sequence));
        let found =
            runs.filter(|(_, record)| filter.fits(record)).map(|(sequence, record)| (*sequence, record.clone()));
        Ok(Page::cut(found.take(Page::<RunRecord>::look_ahead(limit)).collect(), limit, page_token::of_run))
    }

    async fn calling_pipelines(
        &self,
        component: &str,
        page: Option<&str>,
        limit: usize,
    ) -> Result<Page<CallingPipeline>, LedgerError> {
        let behind = page_token::to_pipeline(page)?;
        let state = self.state();
        let calling = state.rows.calls.get(component).into_iter().flatten();
        let mut by_pipeline: BTreeMap<&str, CallingPipeline> = BTreeMap::new();
        for record in calling.filter_map(|sequence| state.rows.runs.get(sequence)) {
            let before = by_pipeline.get(record.pipeline.as_str()).map_or(0, |before| before.runs);
            let calling = CallingPipeline {
                pipeline: record.pipeline.clone(),
                runs: before + 1,
                newest_run: record.id.clone(),
                newest_at_millis: record.submitted_at_millis,
            };
            by_pipeline.insert(&record.pipeline, calling);
        }
        let found = by_pipeline.into_iter().filter(|(name, _)| *name > behind);
        let found = found.take(Page::<CallingPipeline>::look_ahead(limit)).collect();
        Ok(Page::cut(found, limit, page_token::of_pipeline))
    }

    async fn run(&self, run: &RunId) -> Result<Option<RunRecord>, LedgerError> {
        Ok(self.state().rows.find_run(run).cloned())
    }

    async fn steps(&self, run: &RunId) -> Result<Vec<StepRecord>, LedgerError> {
        Ok(self.state().rows.steps.get(run).map(|steps| steps.values().cloned().collect()).unwrap_or_default())
    }

    async fn steps_behind(&self, run: &RunId, name: &str, limit: usize) -> Result<Vec<StepRecord>, LedgerError> {
        let state = self.state();
        let Some(steps) = state.rows.steps.get(run) else { return Ok(Vec::new()) };
        let behind = steps.range::<str, _>((Bound::Excluded(name), Bound::Unbounded));
        Ok(behind.take(limit).map(|(_, step)| step.clone()).collect())
    }

    async fn unfinished_runs(&self) -> Result<Vec<RunId>, LedgerError> {
        let state = self.state();
        let unfinished = state.rows.runs.values().filter(|record| record.finished_at_millis.is_none());
        Ok(unfinished.map(|record| record.id.clone()).collect())
    }

    async fn cached(&self, key: &str) -> Result<Option<CachedResult>, LedgerError> {
        Ok(self.state().rows.cached.get(key).cloned())
    }

    async fn record_upload(&self, artifact: &ArtifactRef, at_millis: Millis) -> Result<(), LedgerError> {
        let mut state = self.state();
        if state.rows.first_made.contains_key(artifact.digest.to_string().as_str()) {
            return Ok(());
        }
        let position = ArtifactPosition::of_upload(state.entries.len() as Sequence, state.uploads.len() as u64 + 1);
        let record = ArtifactRecord::uploaded(artifact.clone(), at_millis);
        state.uploads.push((position, record.clone()));
        derive::ViewRows::put_artifact(&mut state.rows, position, record)
    }

    async fn artifacts(
        &self,
        run: Option<&RunId>,
        page: Option<&str>,
        limit: usize,
    ) -> Result<Page<ArtifactRecord>, LedgerError> {
        let before = page_token::to_artifact(page)?;
        let state = self.state();
        let none = BTreeMap::new();
        let listed = match run {
            Some(run) => state.rows.made_by_runs.get(run).unwrap_or(&none),
            None => &state.rows.artifacts,
        };
        let found = listed.range(..before).rev().map(|(position, record)| (*position, record.clone()));
        Ok(Page::cut(found.take(Page::<ArtifactRecord>::look_ahead(limit)).collect(), limit, page_token::of_artifact))
    }

    async fn artifact(&self, digest: &str) -> Result<Option<ArtifactRecord>, LedgerError> {
        let state = self.state();
        let position = state.rows.first_made.get(digest);
        Ok(position.and_then(|position| state.rows.artifacts.get(position)).cloned())
    }

    async fn artifact_uses(&self, digest: &str) -> Result<Vec<ArtifactUse>, LedgerError> {
        let state = self.state();
        let uses = state.rows.uses.get(digest).map(Vec::as_slice).unwrap_or_default();
        Ok(uses.iter().rev().take(ARTIFACT_USES_MAX).cloned().collect())
    }

    async fn append_logs(&self, run: &RunId, lines: Vec<LogLine>) -> Result<(), LedgerError> {
        let mut state = self.state();
        let kept = state.logs.entry(run.clone()).or_default();
        for line in lines {
            kept.push(LogLine { sequence: kept.len() as u64 + 1, ..line });
        }
        Ok(())
    }

    async fn logs(
        &self,
        run: &RunId,
        step: Option<&str>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<LogLine>, LedgerError> {
        let state = self.state();
        let lines = state.logs.get(run).map(Vec::as_slice).unwrap_or_default();
        let behind = lines.iter().filter(|line| line.sequence > after);
        Ok(behind.filter(|line| step.is_none_or(|step| step == line.step)).take(limit).cloned().collect())
    }

    async fn metrics(&self, run: &RunId, after: u64, limit: usize) -> Result<Vec<MetricPoint>, LedgerError> {
        let state = self.state();
        let points = state.rows.metrics.get(run).map(Vec::as_slice).unwrap_or_default();
        Ok(points.iter().filter(|point| point.sequence > after).take(limit).cloned().collect())
    }

    async fn last_metrics(&self, run: &RunId, limit: usize) -> Result<Vec<MetricPoint>, LedgerError> {
        let state = self.state();
        let points = state.rows.metrics.get(run).map(Vec::as_slice).unwrap_or_default();
        Ok(points.iter().skip(points.len().saturating_sub(limit)).cloned().collect())
    }

    async fn change_catalogue(&self, at_millis: Millis, changes: Vec<CatalogueChange>) -> Result<(), LedgerError> {
        catalogue::encode(&changes)?;
        let mut state = self.state();
        // Tried on a copy: all changes are kept or none.
        let mut catalogue = state.rows.catalogue.clone();
        for (number, change) in (state.changes.len() as u64 + 1..).zip(&changes) {
            catalogue::apply(&mut catalogue, number, at_millis, change)?;
        }
        state.rows.catalogue = catalogue;
        state.changes.extend(changes.into_iter().map(|change| (at_millis, change)));
        Ok(())
    }

    async fn catalogue(&self, kind: &str, owner: Option<&str>) -> Result<Vec<CatalogueItem>, LedgerError> {
        let state = self.state();
        let items = state.rows.catalogue.items.values();
        let listed = items.filter(|item| item.kind == kind && owner.is_none_or(|owner| owner == item.owner));
        Ok(listed.cloned().collect())
    }

    async fn catalogue_item(&self, kind: &str, id: &str) -> Result<Option<CatalogueItem>, LedgerError> {
        catalogue::CatalogueRows::item(&self.state().rows.catalogue, kind, id)
    }

    async fn rebuild_views(&self) -> Result<(), LedgerError> {
        let mut state = self.state();
        let mut rows = Rows::default();
        for entry in &state.entries {
            derive::apply(&mut rows, entry)?;
        }
        for (position, record) in &state.uploads {
            derive::ViewRows::put_artifact(&mut rows, *position, record.clone())?;
        }
        for (number, (at_millis, change)) in (1..).zip(&state.changes) {
            catalogue::apply(&mut rows.catalogue, number, *at_millis, change)?;
        }
        state.rows = rows;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
