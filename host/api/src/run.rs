//! Runs as callers see them.
//! Never their plan: a run shows its steps, not how they were compiled.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::Value;
use crate::problem::Problem;

/// A document to run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SubmitRequest {
    /// The Pipeline document, YAML or JSON, or a compiled Kubeflow pipeline.
    pub document: String,
    /// What the document's parameters are set to.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, Value>,
    /// A title for the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Name of the experiment that it goes to; made where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experiment: Option<String>,
}

/// A run that was accepted. It is durable: no crash loses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Submitted {
    /// Its id.
    pub run: String,
}

/// A run, without its steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// Its id: a UUID that sorts by the time of submission.
    pub id: String,
    /// The title that it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The pipeline's name.
    pub pipeline: String,
    /// Id of the experiment that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experiment: Option<String>,
    /// Id of the schedule that it is a firing of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<String>,
    /// Parameters, defaults filled in.
    pub parameters: BTreeMap<String, Value>,
    /// `running`, `cancelling`, `succeeded`, `failed` or `cancelled`.
    pub status: String,
    /// When it was accepted, in milliseconds since 1970-01-01T00:00:00Z.
    pub submitted_at_millis: u64,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at_millis: Option<u64>,
    /// Number of steps.
    pub steps_total: u64,
    /// Steps that have ended.
    pub steps_finished: u64,
    /// What ended the run, where it was not its steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Problem>,
}

/// A run and its steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunDetail {
    /// The run.
    #[serde(flatten)]
    pub run: Run,
    /// Its steps, sorted by name.
    pub steps: Vec<Step>,
    /// The last of these steps, where there are more behind it: ask with `after` for those.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// How far history and log had come before this was read: a stream of events with `after` set to this tells
    /// everything that these steps do not show yet.
    #[serde(default)]
    pub position: String,
}

/// Which of a run's steps to show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct StepQuery {
    /// Only steps of this status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Only steps behind the one of this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Steps at most, up to 10,000 (1,000).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

/// A step of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Its path: the author's name for it, behind those of what it is inside of, with `/` between.
    pub name: String,
    /// `step`, or what holds steps: `group`, `loop`, `iteration`, `condition`.
    pub kind: String,
    /// What it is inside of; none in the outermost graph.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// `waiting`, `running`, `backoff`, `succeeded`, `failed`, `skipped` or `cancelled`.
    pub status: String,
    /// Attempts begun so far.
    pub attempts: u32,
    /// Whether an earlier result stood in.
    pub reused: bool,
    /// The component's reference with its digest; empty for what only holds steps.
    pub component: String,
    /// Whose signature of the component counted at submission; absent where the node's policy names no keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<Signer>,
    /// When its first attempt began, or an earlier result was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at_millis: Option<u64>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at_millis: Option<u64>,
    /// Outputs by name, once there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outputs: Option<BTreeMap<String, Value>>,
    /// Why its last attempt failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Problem>,
    /// What its last attempt used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
}

/// Who vouched for a component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Signer {
    /// What the node's policy calls the key.
    pub name: String,
    /// The key's fingerprint: SHA-256 of the public key in DER.
    pub key: String,
}

/// What an attempt used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// From start to end of the guest call, in microseconds.
    pub wall_micros: u64,
    /// Time spent computing, in milliseconds, counted in steps of 10.
    pub cpu_millis: u64,
    /// Most linear memory held at once.
    pub memory_bytes_peak: u64,
    /// Artifacts and files written.
    pub output_bytes: u64,
    /// Log text kept.
    pub log_bytes: u64,
    /// Log messages dropped past the limit.
    pub log_messages_dropped: u64,
}

/// A page of runs, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunPage {
    /// The runs.
    pub items: Vec<Run>,
    /// Ask with `page` set to this for the page behind; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Which runs to list. All conditions must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RunQuery {
    /// Only runs of this pipeline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pipeline: Option<String>,
    /// Only runs of this status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Only runs of the experiment of this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub experiment: Option<String>,
    /// Only firings of the schedule of this id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule: Option<String>,
    /// Only runs that call the component of this digest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// The `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Runs at most, up to 200 (50).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

/// A line of a step's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LogLine {
    /// Position within the run, counted from 1.
    pub sequence: u64,
    /// When it was written, in milliseconds since 1970-01-01T00:00:00Z.
    pub at_millis: u64,
    /// The step that wrote it.
    pub step: String,
    /// In which attempt.
    pub attempt: u32,
    /// `stdout`, `stderr`, or the level: trace, debug, info, warn, error.
    pub stream: String,
    /// The text, without a line end.
    pub text: String,
}

/// Lines of a run's log, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LogLines {
    /// The lines. Ask again with `after` set to the last one's `sequence` for what comes behind.
    pub items: Vec<LogLine>,
    /// Ask again with `after` set to this for what was not looked at yet; absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

/// Which lines of a log to read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LogQuery {
    /// Only lines of this step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// Only lines that hold this text, capitals and small letters being the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    /// Only lines behind this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    /// Lines at most, up to 10,000 (1,000).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}
