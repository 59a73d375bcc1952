//! What is written down of a job: all that it must know after a restart.
//! Never what only its running workers know; that is in the last checkpoint.

use std::collections::BTreeMap;
use std::sync::Arc;

use host_base::{ArtifactRef, Failure};
use registry_oci::Digest;
use serde::{Deserialize, Serialize};

use crate::{JobStatus, Plan, Watch};

/// An entry of a job's history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Record {
    /// The job was accepted. Always the first.
    #[serde(rename = "train-submitted")]
    Submitted {
        /// What it carries out.
        plan: Arc<Plan>,
    },
    /// Data or a model was fetched.
    #[serde(rename = "train-fetched")]
    Fetched {
        /// From here.
        uri: String,
        /// And kept as this.
        artifact: ArtifactRef,
    },
    /// A group of workers begins.
    #[serde(rename = "train-began")]
    Began {
        /// Counts the groups of the job, from 1.
        generation: u64,
        /// Workers in it.
        size: u32,
        /// How often the job was started again because a worker was lost.
        restarts: u32,
        /// The step that it goes on from; 0 for a start from nothing.
        from_step: u64,
    },
    /// The state was written down.
    #[serde(rename = "train-checkpointed")]
    Checkpointed {
        /// What was written.
        checkpoint: Checkpoint,
    },
    /// A checkpoint turned out to be of no use.
    #[serde(rename = "train-checkpoint-refused")]
    CheckpointRefused {
        /// Which.
        digest: Digest,
        /// Why.
        failure: Failure,
    },
    /// The state was measured.
    #[serde(rename = "train-evaluated")]
    Evaluated {
        /// After this step.
        step: u64,
        /// Names and values; none stands for what is no number.
        metrics: BTreeMap<String, Option<f64>>,
    },
    /// A worker was lost.
    #[serde(rename = "train-worker-lost")]
    WorkerLost {
        /// Which.
        rank: u32,
        /// After this step.
        step: u64,
        /// Why.
        failure: Failure,
    },
    /// The node stopped while the job was at work.
    #[serde(rename = "train-interrupted")]
    Interrupted,
    /// Someone asked for the job to wait.
    #[serde(rename = "train-suspend-requested")]
    SuspendRequested,
    /// It waits; no worker is left.
    #[serde(rename = "train-suspended")]
    Suspended,
    /// Someone asked for it to go on.
    #[serde(rename = "train-resume-requested")]
    ResumeRequested,
    /// Training is at its end, and the model is about to be written.
    #[serde(rename = "train-ending")]
    Ending {
        /// After this step.
        step: u64,
        /// Why.
        reason: Reason,
    },
    /// The job has ended.
    #[serde(rename = "train-finished")]
    Finished {
        /// How.
        status: JobStatus,
        /// After this step.
        step: u64,
        /// Why, where it did not succeed.
        failure: Option<Failure>,
        /// What it made.
        model: Option<ArtifactRef>,
    },
}

/// Why training is at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The workers have nothing more to learn.
    Done,
    /// As many steps were made as the job may make.
    StepsMax,
    /// The metric became no better for too long.
    NoBetter,
    /// The metric is good enough.
    TargetReached,
    /// A metric was no number; the model is that of the last checkpoint.
    NotANumber,
}

/// A state that was written down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Checkpoint {
    /// After this step.
    pub step: u64,
    /// What the first worker wrote.
    pub artifact: ArtifactRef,
    /// What the decider must know to go on from there.
    pub watch: Watch,
    /// Why training was at its end already, where it was: then only the model is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Reason>,
}
