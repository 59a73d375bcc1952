//! What the faces read of runs: lists, one run, its history, its log, and news of it.
//! Never answers from the drive's memory: what is shown is what the ledger holds.

use std::collections::BTreeMap;

use host_base::{Code, Failure, Millis, RunId, Value};
use host_ledger::{
    CallingPipeline, LogLine, MetricPoint, PIPELINE_KIND, Page, RunFilter, RunRecord, Sequence, StepRecord,
};
use tokio::sync::broadcast;

use crate::run::ledger_failure;
use crate::{Executor, LiveUpdate};

/// Runs on one page of a list.
const RUNS_PER_PAGE_MAX: usize = 200;
/// Steps in one answer, and one more to see whether there are others behind.
const STEPS_PER_ANSWER_MAX: usize = 10_001;
/// Entries, log lines or points in one answer.
const LINES_PER_ANSWER_MAX: usize = 10_000;

/// One committed entry of a run's history.
#[derive(Clone, Debug, PartialEq)]
pub struct RunUpdate {
    /// Its position; ask for what is behind it to go on.
    pub sequence: Sequence,
    /// When it happened.
    pub at_millis: Millis,
    /// The event as JSON, tagged with `event`.
    pub event: serde_json::Value,
}

impl Executor {
    /// Runs, newest first.
    pub async fn runs(&self, filter: &RunFilter, page: Option<&str>, limit: usize) -> Result<Page<RunRecord>, Failure> {
        let limit = limit.clamp(1, RUNS_PER_PAGE_MAX);
        self.shared.ledger.runs(filter, page, limit).await.map_err(ledger_failure)
    }

    /// Pipelines whose runs call the component of this digest, by name.
    pub async fn calling_pipelines(
        &self,
        component: &str,
        page: Option<&str>,
        limit: usize,
    ) -> Result<Page<CallingPipeline>, Failure> {
        let limit = limit.clamp(1, RUNS_PER_PAGE_MAX);
        self.shared.ledger.calling_pipelines(component, page, limit).await.map_err(ledger_failure)
    }

    /// One run.
    pub async fn run_record(&self, run: &RunId) -> Result<RunRecord, Failure> {
        let record = self.shared.ledger.run(run).await.map_err(ledger_failure)?;
        record.filter(|record| record.kind == PIPELINE_KIND).ok_or_else(|| no_such_run(run))
    }

    /// Some of a run's steps: those behind the one of this name, sorted by name, at most `limit`.
    pub async fn steps_behind(&self, run: &RunId, name: &str, limit: usize) -> Result<Vec<StepRecord>, Failure> {
        let limit = limit.clamp(1, STEPS_PER_ANSWER_MAX);
        self.shared.ledger.steps_behind(run, name, limit).await.map_err(ledger_failure)
    }

    /// All steps of a run, or all workers of a training job, sorted by name.
    pub async fn steps(&self, run: &RunId) -> Result<Vec<StepRecord>, Failure> {
        self.shared.ledger.steps(run).await.map_err(ledger_failure)
    }

    /// One run and all its steps, sorted by name.
    pub async fn run(&self, run: &RunId) -> Result<(RunRecord, Vec<StepRecord>), Failure> {
        let record = self.run_record(run).await?;
        Ok((record, self.steps(run).await?))
    }

    /// What a run gives, as its pipeline names it, as far as the run has come.
    pub async fn outputs(&self, run: &RunId) -> Result<BTreeMap<String, Value>, Failure> {
        let history = super::resume::history(&self.shared, run).await?;
        Ok(host_pipeline::run_outputs(&host_pipeline::replay(&history.events)?))
    }

    /// A run's committed history behind `after`, oldest first.
    pub async fn events(&self, run: &RunId, after: Sequence, limit: usize) -> Result<Vec<RunUpdate>, Failure> {
        let limit = limit.clamp(1, LINES_PER_ANSWER_MAX);
        let entries = self.shared.ledger.entries(run, after, limit).await.map_err(ledger_failure)?;
        let update = |entry: host_ledger::Entry| RunUpdate {
            sequence: entry.sequence,
            at_millis: entry.at_millis,
            event: entry.event,
        };
        Ok(entries.into_iter().map(update).collect())
    }

    /// A run's log lines behind `after`, also of one step only, oldest first.
    pub async fn logs(
        &self,
        run: &RunId,
        step: Option<&str>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<LogLine>, Failure> {
        let limit = limit.clamp(1, LINES_PER_ANSWER_MAX);
        self.shared.ledger.logs(run, step, after, limit).await.map_err(ledger_failure)
    }

    /// How far a run's history and its log have come.
    pub async fn run_position(&self, run: &RunId) -> Result<(Sequence, u64), Failure> {
        self.shared.ledger.run_position(run).await.map_err(ledger_failure)
    }

    /// The points of a run's series behind `after`, oldest first.
    pub async fn metrics(&self, run: &RunId, after: u64, limit: usize) -> Result<Vec<MetricPoint>, Failure> {
        let limit = limit.clamp(1, LINES_PER_ANSWER_MAX);
        self.shared.ledger.metrics(run, after, limit).await.map_err(ledger_failure)
    }

    /// News of a run from now on. Subscribe first, then read `events` and `logs`, and nothing is missed.
    #[must_use]
    pub fn watch(&self, run: &RunId) -> broadcast::Receiver<LiveUpdate> {
        self.shared.live.watch(run)
    }
}

pub(crate) fn no_such_run(run: &RunId) -> Failure {
    Failure::new(Code::NotFound, format!("there is no run {run}")).with_hint("list them with `sandmill run list`")
}
