//! What the stream of a training job's events carries besides its log.
//! Never the persisted form of history: the server translates, so that the ledger's can grow.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TrainCheckpoint;
use crate::artifact::ArtifactRef;
use crate::problem::Problem;

/// An entry of a job's history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobEvent {
    /// Its position in the ledger.
    pub sequence: u64,
    /// When it happened, in milliseconds since 1970-01-01T00:00:00Z.
    pub at_millis: u64,
    /// What happened.
    #[serde(flatten)]
    pub change: JobChange,
}

/// What happened to a job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "change", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum JobChange {
    /// The job was accepted. Always the first.
    Submitted {
        /// The document's name for it.
        name: String,
        /// Workers that it asks for.
        workers: u32,
        /// Whether it waits to be resumed.
        suspended: bool,
    },
    /// Data or a model was fetched.
    Fetched {
        /// From here.
        uri: String,
        /// And kept as this.
        artifact: ArtifactRef,
    },
    /// A group of workers begins.
    GroupBegan {
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
    CheckpointWritten {
        /// What was written.
        checkpoint: TrainCheckpoint,
    },
    /// A checkpoint turned out to be of no use; the job goes on from the one before it.
    CheckpointRefused {
        /// Which.
        digest: String,
        /// Why.
        failure: Problem,
    },
    /// The state was measured on what it is not trained with.
    Evaluated {
        /// After this step.
        step: u64,
        /// Names and values; none stands for what is no number.
        metrics: BTreeMap<String, Option<f64>>,
    },
    /// A worker was lost.
    WorkerLost {
        /// Which, counted from 0.
        rank: u32,
        /// After this step.
        step: u64,
        /// Why.
        failure: Problem,
    },
    /// The node stopped while the job was at work; it goes on from its last checkpoint.
    Interrupted,
    /// Someone asked for the job to wait.
    SuspendRequested,
    /// It waits; no worker is left.
    Suspended,
    /// Someone asked for it to go on.
    ResumeRequested,
    /// Training is at its end, and the model is about to be written.
    Ending {
        /// After this step.
        step: u64,
        /// Why: as `reason` of the job.
        reason: String,
    },
    /// The job ended.
    Finished {
        /// `succeeded`, `failed` or `cancelled`.
        status: String,
        /// After this step.
        step: u64,
        /// Why, where it did not succeed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failure: Option<Problem>,
        /// What it made.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        model: Option<ArtifactRef>,
    },
}

/// What one worker measured in one step, or an evaluation of a job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Points {
    /// Position in the ledger.
    pub sequence: u64,
    /// When it was reported, in milliseconds since 1970-01-01T00:00:00Z.
    pub at_millis: u64,
    /// `worker-0` and so on, or `evaluation`.
    pub step: String,
    /// The job's step, which is the position on the axes of the series.
    pub index: u64,
    /// Series by name; none stands for NaN and infinities, which JSON cannot hold.
    pub values: BTreeMap<String, Option<f64>>,
}
