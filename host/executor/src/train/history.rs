//! What the faces read of jobs: lists, one job, and its history.
//! Never answers from a drive's memory: what is shown is what the ledger holds.

use host_base::{Code, Failure, RunId};
use host_ledger::{Page, RunFilter, RunRecord, StepRecord};
use host_training::{Kept, Plan};

use crate::Executor;
use crate::run::ledger_failure;
use crate::train::TRAIN_JOB_KIND;
use crate::train::resume::history;

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

    /// One job with all that is kept of it.
    pub async fn job(&self, job: &RunId) -> Result<JobInsight, Failure> {
        let record = self.job_record(job).await?;
        let workers = self.shared.ledger.steps(job).await.map_err(ledger_failure)?;
        let records = history(&self.shared, job).await?.records;
        let (plan, kept) = host_training::kept(&records)?;
        Ok(JobInsight { record, workers, plan: plan.as_ref().clone(), kept })
    }
}
