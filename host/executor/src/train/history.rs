//! What the faces read of jobs: lists, one job, and its history.
//! Never answers from a drive's memory: what is shown is what the ledger holds.

use std::collections::BTreeMap;

use host_base::{Code, Failure, RunId};
use host_ledger::{Page, RunFilter, RunRecord, StepRecord};
use host_training::{Kept, Plan};

use crate::Executor;
use crate::run::ledger_failure;
use crate::train::TRAIN_JOB_KIND;
use crate::train::resume::history;
use crate::train::worker::worker_name;

/// Points of one worker that are looked through for its newest step, at most.
const POINTS_OF_A_WORKER_MAX: u64 = 16;
/// Points that are looked through in all.
const POINTS_SEARCHED_MAX: u64 = 4_096;

/// A job with all that is kept of it.
#[derive(Clone, Debug)]
pub struct JobInsight {
    /// As lists show it.
    pub record: RunRecord,
    /// Its workers.
    pub workers: Vec<StepRecord>,
    /// What it carries out.
    pub plan: Plan,
    /// What its records say.
    pub kept: Kept,
}

/// What a job's first worker measured last.
#[derive(Clone, Debug, PartialEq)]
pub struct NewestPoints {
    /// In this step.
    pub step: u64,
    /// Names and values; none stands for what is no number.
    pub metrics: BTreeMap<String, Option<f64>>,
}

impl Executor {
    /// Jobs, newest first.
    pub async fn jobs(&self, filter: RunFilter, page: Option<&str>, limit: usize) -> Result<Page<RunRecord>, Failure> {
        let filter = RunFilter { kind: Some(TRAIN_JOB_KIND.to_owned()), ..filter };
        self.runs(&filter, page, limit).await
    }

    /// One job as lists show it.
    pub async fn job_record(&self, job: &RunId) -> Result<RunRecord, Failure> {
        let record = self.shared.ledger.run(job).await.map_err(ledger_failure)?;
        record.filter(|record| record.kind == TRAIN_JOB_KIND).ok_or_else(|| {
            Failure::new(Code::NotFound, format!("there is no training job {job}"))
                .with_hint("list them with `sandmill train list`")
        })
    }

    /// What a job's first worker measured last; none where that is nothing yet.
    pub async fn newest_points(&self, job: &RunRecord) -> Result<Option<NewestPoints>, Failure> {
        let searched = (POINTS_OF_A_WORKER_MAX * (job.steps_total + 1)).min(POINTS_SEARCHED_MAX);
        let searched = usize::try_from(searched).unwrap_or(usize::MAX);
        let points = self.shared.ledger.last_metrics(&job.id, searched).await.map_err(ledger_failure)?;
        let first = worker_name(0);
        let own = || points.iter().filter(|point| point.step == first);
        // After a restart steps are made again, so that the newest is not the one with the largest number.
        let Some(step) = own().next_back().map(|point| point.index) else { return Ok(None) };
        let metrics = own().filter(|point| point.index == step).map(|point| (point.name.clone(), point.value));
        Ok(Some(NewestPoints { step, metrics: metrics.collect() }))
    }

    /// One job with all that is kept of it.
    pub async fn job(&self, job: &RunId) -> Result<JobInsight, Failure> {
        let record = self.job_record(job).await?;
        let workers = self.shared.ledger.steps(job).await.map_err(ledger_failure)?;
        let records = history(&self.shared, job).await?.records;
        let (plan, kept) = host_training::kept(&records)?;
        Ok(JobInsight { record, workers, plan: plan.as_ref().clone(), kept })
    }
}
