//! Training jobs as callers see them.
//! Never a worker's guest: what is told of a worker is how it is, not what it holds.

pub mod change;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::ArtifactRef;
use crate::problem::Problem;
use crate::run::Step;

/// A document to train by.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SubmitTrainJob {
    /// The TrainJob document, YAML or JSON; or a manifest of Kubeflow's Trainer or Training Operator that names a
    /// component.
    pub document: String,
    /// Data sets that the document leaves open, or others in their place.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub data_sets: BTreeMap<String, ArtifactRef>,
    /// Models that the document leaves open, or others in their place.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub models: BTreeMap<String, ArtifactRef>,
    /// A title for the job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What a document means, as a submission would take it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckedTrainJob {
    /// The document's name for it.
    pub name: String,
    /// The component's reference with its digest.
    pub component: String,
    /// Workers that it asks for.
    pub workers: u32,
    /// Steps that it makes at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps_max: Option<u64>,
    /// Data sets that whoever submits it has yet to give.
    pub open_data_sets: Vec<String>,
    /// Models that whoever submits it has yet to give.
    pub open_models: Vec<String>,
    /// What it asks of another platform that changes nothing here, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<String>,
}

/// A job that was accepted. It is durable: no crash loses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SubmittedTrainJob {
    /// Its id.
    pub job: String,
}

/// A training job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrainJob {
    /// Its id: a UUID that sorts by the time of submission.
    pub id: String,
    /// The title that it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The document's name for it.
    pub name: String,
    /// `running`, `suspending`, `suspended`, `succeeded`, `failed` or `cancelled`.
    pub status: String,
    /// Workers that the document asks for.
    pub workers: u64,
    /// When it was accepted, in milliseconds since 1970-01-01T00:00:00Z.
    pub submitted_at_millis: u64,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at_millis: Option<u64>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Problem>,
    /// What its first worker measured last; absent before the first step's end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<NewestPoints>,
}

/// What was measured last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewestPoints {
    /// In this step.
    pub step: u64,
    /// Metrics by name; none stands for what is no number.
    pub metrics: BTreeMap<String, Option<f64>>,
}

/// A training job with all that is kept of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrainJobDetail {
    /// The job.
    #[serde(flatten)]
    pub job: TrainJob,
    /// The component's reference with its digest.
    pub component: String,
    /// Hyper-parameters.
    pub settings: BTreeMap<String, serde_json::Value>,
    /// Where all random numbers come from.
    pub seed: u64,
    /// Steps that the job makes at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps_max: Option<u64>,
    /// Steps made, as far as that is kept: those of the last checkpoint, evaluation or end.
    pub step: u64,
    /// Groups of workers that it has had.
    pub generation: u64,
    /// Workers in the present group.
    pub size: u32,
    /// How often it was started again because a worker was lost.
    pub restarts: u32,
    /// How each worker is.
    pub worker_states: Vec<Step>,
    /// Checkpoints that it can go on from, the newest last.
    pub checkpoints: Vec<TrainCheckpoint>,
    /// What was measured last on what it is not trained with.
    pub evaluation: BTreeMap<String, Option<f64>>,
    /// Why training is at its end: `done`, `steps-max`, `no-better`, `target-reached` or `not-a-number`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What it made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<ArtifactRef>,
    /// Data sets that it learns from, by name; those that are still being fetched are not among them.
    pub data_sets: BTreeMap<String, ArtifactRef>,
    /// Models that it begins from, by name.
    pub models: BTreeMap<String, ArtifactRef>,
    /// All that it was planned with: limits, grants, policies.
    pub plan: serde_json::Value,
    /// Where the stream of its events goes on from what is said here.
    pub position: String,
}

/// A state that was written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrainCheckpoint {
    /// After this step.
    pub step: u64,
    /// Digest of what was written.
    pub digest: String,
    /// Its length.
    pub size_bytes: u64,
}

/// A page of jobs, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrainJobPage {
    /// The jobs.
    pub items: Vec<TrainJob>,
    /// Ask with `page` set to this for the page behind; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Which jobs to list. All conditions must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TrainJobQuery {
    /// Only jobs of this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Only jobs of this status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Jobs at most, up to 200 (50).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}
