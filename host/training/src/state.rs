//! A job's state: what its records say, and where its workers are.
//! Never changes but through `advance`.

use std::collections::BTreeMap;
use std::sync::Arc;

use host_base::{ArtifactRef, Failure};
use serde::{Deserialize, Serialize};

use crate::{Checkpoint, Plan, Reason, Record, Watch};

/// How a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobStatus {
    /// At work, or about to be.
    Running,
    /// About to wait; its state is being written down.
    Suspending,
    /// Waiting, without workers.
    Suspended,
    /// Ended with a model.
    Succeeded,
    /// Ended without.
    Failed,
    /// Ended because someone asked for it.
    Cancelled,
}

impl JobStatus {
    /// Whether it has ended.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

/// A job.
#[derive(Clone, Debug, PartialEq)]
pub struct JobState {
    /// What it carries out.
    pub plan: Arc<Plan>,
    /// What its records say.
    pub kept: Kept,
    /// Where its workers are.
    pub(crate) live: Live,
}

impl JobState {
    /// Where its workers are.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        self.live.phase
    }

    /// Steps made so far, those behind the last checkpoint included.
    #[must_use]
    pub const fn step(&self) -> u64 {
        self.live.step
    }
}

/// What a job's records say.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// How it is.
    pub status: JobStatus,
    /// Groups that it has had.
    pub generation: u64,
    /// Workers in the present one.
    pub size: u32,
    /// Times that it was started again because a worker was lost.
    pub restarts: u32,
    /// Times that the node stopped under it since its last checkpoint.
    pub interruptions: u32,
    /// What was fetched, by where it came from.
    pub fetched: BTreeMap<String, ArtifactRef>,
    /// The newest last.
    pub checkpoints: Vec<Checkpoint>,
    /// The last evaluation.
    pub evaluation: BTreeMap<String, Option<f64>>,
    /// Steps made, as far as records tell.
    pub step: u64,
    /// Why training is at its end.
    pub reason: Option<Reason>,
    /// Why it did not succeed.
    pub failure: Option<Failure>,
    /// What it made.
    pub model: Option<ArtifactRef>,
}

impl Kept {
    pub(crate) fn new(plan: &Plan) -> Self {
        Self {
            status: if plan.suspend { JobStatus::Suspended } else { JobStatus::Running },
            generation: 0,
            size: plan.workers,
            restarts: 0,
            interruptions: 0,
            fetched: BTreeMap::new(),
            checkpoints: Vec::new(),
            evaluation: BTreeMap::new(),
            step: 0,
            reason: None,
            failure: None,
            model: None,
        }
    }

    /// Takes a record in. Returns the checkpoints that nothing goes on from any more.
    pub fn apply(&mut self, plan: &Plan, record: &Record) -> Vec<ArtifactRef> {
        match record {
            Record::Submitted { .. } => *self = Self::new(plan),
            Record::Fetched { uri, artifact } => {
                self.fetched.insert(uri.clone(), artifact.clone());
            }
            Record::Began { generation, size, restarts, from_step } => {
                (self.generation, self.size, self.restarts) = (*generation, *size, *restarts);
                self.step = *from_step;
                self.reason = None;
            }
            Record::Checkpointed { checkpoint } => return self.add(plan, checkpoint),
            Record::CheckpointRefused { digest, .. } => {
                let (refused, whole) =
                    self.checkpoints.drain(..).partition(|checkpoint| checkpoint.artifact.digest == *digest);
                self.checkpoints = whole;
                return artifacts(refused);
            }
            Record::Evaluated { step, metrics } => {
                self.step = *step;
                self.evaluation.clone_from(metrics);
            }
            Record::WorkerLost { .. } => {}
            Record::Interrupted => self.interruptions += 1,
            Record::SuspendRequested => self.status = JobStatus::Suspending,
            Record::Suspended => self.status = JobStatus::Suspended,
            Record::ResumeRequested => {
                self.status = JobStatus::Running;
                (self.restarts, self.interruptions) = (0, 0);
                (self.failure, self.reason) = (None, None);
            }
            Record::Ending { step, reason } => {
                self.step = *step;
                self.reason = Some(*reason);
            }
            Record::Finished { status, step, failure, model } => {
                (self.status, self.step) = (*status, *step);
                self.failure.clone_from(failure);
                self.model.clone_from(model);
            }
        }
        Vec::new()
    }

    /// Adds a checkpoint, and says which ones are past what is kept. The same content may stand for several steps.
    fn add(&mut self, plan: &Plan, checkpoint: &Checkpoint) -> Vec<ArtifactRef> {
        self.step = checkpoint.step;
        self.interruptions = 0;
        self.checkpoints.push(checkpoint.clone());
        let surplus = self.checkpoints.len().saturating_sub(plan.checkpoints_kept.max(1) as usize);
        let dropped: Vec<Checkpoint> = self.checkpoints.drain(..surplus).collect();
        let is_kept = |artifact: &ArtifactRef| {
            self.checkpoints.iter().any(|checkpoint| checkpoint.artifact.digest == artifact.digest)
        };
        artifacts(dropped).into_iter().filter(|artifact| !is_kept(artifact)).collect()
    }
}

fn artifacts(checkpoints: Vec<Checkpoint>) -> Vec<ArtifactRef> {
    checkpoints.into_iter().map(|checkpoint| checkpoint.artifact).collect()
}

/// What all workers are doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// There are none.
    #[default]
    Idle,
    /// There are none yet: data is being fetched.
    Fetching,
    /// They are being started.
    Starting,
    /// They go back to a checkpoint.
    Restoring,
    /// They make a step.
    Stepping,
    /// They measure their state.
    Evaluating,
    /// The first one writes the state down.
    Checkpointing,
    /// The first one writes the model.
    Finishing,
    /// One was lost, and the others are waited for.
    Breaking,
}

/// Where a job's workers are. Lost with the process.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Live {
    pub(crate) phase: Phase,
    pub(crate) workers: Vec<Worker>,
    /// Steps made.
    pub(crate) step: u64,
    pub(crate) watch: Watch,
    /// Whether it is time for a checkpoint.
    pub(crate) checkpoint_due: bool,
    /// The step of the last checkpoint; none before the first.
    pub(crate) checkpoint_step: Option<u64>,
    /// Why training is at its end, once it is.
    pub(crate) ending: Option<Reason>,
    /// The worker that was lost, and why.
    pub(crate) lost: Option<(u32, Failure)>,
    pub(crate) fetching: usize,
}

/// One worker.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Worker {
    pub(crate) busy: bool,
    pub(crate) alive: bool,
    /// Whether it knows its job.
    pub(crate) ready: bool,
    pub(crate) done: bool,
    pub(crate) metrics: Vec<(String, f64)>,
}

impl Worker {
    pub(crate) const fn starting() -> Self {
        Self { busy: true, alive: true, ready: false, done: false, metrics: Vec::new() }
    }
}
