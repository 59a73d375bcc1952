//! The views' rows as maps.
//! Never knows the history they are derived from.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use host_base::RunId;

use crate::catalogue::CatalogueRows;
use crate::derive::{ArtifactPosition, ViewRows};
use crate::{
    ArtifactRecord, ArtifactUse, CachedResult, CatalogueItem, LedgerError, MetricPoint, RunRecord, Sequence, StepRecord,
};

#[derive(Debug, Default)]
pub(super) struct Rows {
    /// By the position that introduced them.
    pub runs: BTreeMap<Sequence, RunRecord>,
    pub introduced: HashMap<RunId, Sequence>,
    /// Which runs call a component, by its digest.
    pub calls: HashMap<String, BTreeSet<Sequence>>,
    pub steps: HashMap<RunId, BTreeMap<String, StepRecord>>,
    /// Each digest once, where it was made first.
    pub artifacts: BTreeMap<ArtifactPosition, ArtifactRecord>,
    pub first_made: HashMap<String, ArtifactPosition>,
    pub made_by_runs: HashMap<RunId, BTreeMap<ArtifactPosition, ArtifactRecord>>,
    /// By digest, oldest first.
    pub uses: HashMap<String, Vec<ArtifactUse>>,
    pub cached: HashMap<String, CachedResult>,
    pub metrics: HashMap<RunId, Vec<MetricPoint>>,
    pub catalogue: Catalogue,
}

/// What users name, by the change that introduced it.
#[derive(Clone, Debug, Default)]
pub(super) struct Catalogue {
    pub items: BTreeMap<u64, CatalogueItem>,
}

impl Rows {
    /// Whether a run that was introduced here calls the component, where one is named.
    pub(super) fn calls(&self, sequence: Sequence, component: Option<&str>) -> bool {
        component.is_none_or(|component| self.calls.get(component).is_some_and(|runs| runs.contains(&sequence)))
    }

    pub(super) fn find_run(&self, run: &RunId) -> Option<&RunRecord> {
        self.introduced.get(run).and_then(|sequence| self.runs.get(sequence))
    }
}

impl ViewRows for Rows {
    fn run(&self, run: &RunId) -> Result<Option<RunRecord>, LedgerError> {
        Ok(self.find_run(run).cloned())
    }

    fn insert_run(&mut self, sequence: Sequence, record: RunRecord) -> Result<(), LedgerError> {
        self.introduced.insert(record.id.clone(), sequence);
        self.runs.insert(sequence, record);
        Ok(())
    }

    fn update_run(&mut self, record: RunRecord) -> Result<(), LedgerError> {
        if let Some(sequence) = self.introduced.get(&record.id) {
            self.runs.insert(*sequence, record);
        }
        Ok(())
    }

    fn step(&self, run: &RunId, name: &str) -> Result<Option<StepRecord>, LedgerError> {
        Ok(self.steps.get(run).and_then(|steps| steps.get(name)).cloned())
    }

    fn put_step(&mut self, run: &RunId, record: StepRecord) -> Result<(), LedgerError> {
        self.steps.entry(run.clone()).or_default().insert(record.name.clone(), record);
        Ok(())
    }

    fn put_call(&mut self, run: &RunId, component: &str) -> Result<(), LedgerError> {
        if let Some(sequence) = self.introduced.get(run) {
            self.calls.entry(component.to_owned()).or_default().insert(*sequence);
        }
        Ok(())
    }

    fn put_artifact(&mut self, position: ArtifactPosition, record: ArtifactRecord) -> Result<(), LedgerError> {
        if let Some(run) = &record.run {
            self.made_by_runs.entry(run.clone()).or_default().insert(position, record.clone());
        }
        let digest = record.artifact.digest.to_string();
        match self.first_made.get(&digest).copied() {
            Some(first) if first <= position => return Ok(()),
            Some(later) => drop(self.artifacts.remove(&later)),
            None => {}
        }
        self.first_made.insert(digest, position);
        self.artifacts.insert(position, record);
        Ok(())
    }

    fn put_use(&mut self, _position: ArtifactPosition, digest: &str, used: ArtifactUse) -> Result<(), LedgerError> {
        let uses = self.uses.entry(digest.to_owned()).or_default();
        if !uses.contains(&used) {
            uses.push(used);
        }
        Ok(())
    }

    fn put_cached(&mut self, key: &str, result: CachedResult) -> Result<(), LedgerError> {
        self.cached.insert(key.to_owned(), result);
        Ok(())
    }

    fn put_metric(&mut self, run: &RunId, point: MetricPoint) -> Result<(), LedgerError> {
        let points = self.metrics.entry(run.clone()).or_default();
        points.push(MetricPoint { sequence: points.len() as u64 + 1, ..point });
        Ok(())
    }
}

impl CatalogueRows for Catalogue {
    fn item(&self, kind: &str, id: &str) -> Result<Option<CatalogueItem>, LedgerError> {
        Ok(self.items.values().find(|item| item.kind == kind && item.id == id).cloned())
    }

    fn id_of_name(&self, kind: &str, owner: &str, name: &str) -> Result<Option<String>, LedgerError> {
        let named = |item: &&CatalogueItem| item.kind == kind && item.owner == owner && item.name == name;
        Ok(self.items.values().find(named).map(|item| item.id.clone()))
    }

    fn put_item(&mut self, item: CatalogueItem) -> Result<(), LedgerError> {
        self.items.insert(item.position, item);
        Ok(())
    }

    fn remove_item(&mut self, kind: &str, id: &str) -> Result<(), LedgerError> {
        self.items.retain(|_, item| item.kind != kind || item.id != id);
        Ok(())
    }
}
