//! Runs on the wire: submit, list, show, log lines, news.
//! Never says how a run goes on; the server tells what the ledger holds.

use std::collections::BTreeMap;

use host_base::{Usage, Value};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::problem::Problem;

/// A run to be made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SubmitRequest {
    /// A Pipeline document, YAML or JSON.
    pub document: String,
    /// Parameters by name: `{"plain": …}`, or `{"artifact": {…}}` as an upload answered.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub parameters: BTreeMap<String, Value>,
}

/// A run that was accepted. It is durable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Submitted {
    /// The run's id.
    pub id: String,
}

/// A run, without its steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// Its id, a UUID that sorts by the time of submission.
    pub id: String,
    /// The pipeline's name.
    pub pipeline: String,
    /// The parameters it was given, defaults filled in.
    pub parameters: serde_json::Value,
    /// `running`, `cancelling`, `succeeded`, `failed` or `cancelled`.
    pub status: String,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub submitted_at_millis: u64,
    /// Milliseconds since 1970-01-01T00:00:00Z; none while it runs.
    pub finished_at_millis: Option<u64>,
    /// Number of steps.
    pub steps_total: u64,
    /// Steps that have ended.
    pub steps_finished: u64,
}

/// A run with its steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunDetail {
    /// The run.
    #[serde(flatten)]
    pub run: Run,
    /// Its steps, sorted by name.
    pub steps: Vec<Step>,
}

/// A step of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// The author's name for it.
    pub name: String,
    /// `waiting`, `running`, `backoff`, `succeeded`, `failed`, `skipped` or `cancelled`.
    pub status: String,
    /// Attempts begun so far.
    pub attempts: u32,
    /// Whether an earlier result stood in.
    pub reused: bool,
    /// The component's reference with its digest.
    pub component: String,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub started_at_millis: Option<u64>,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub finished_at_millis: Option<u64>,
    /// Outputs by name: `{"plain": …}` or `{"artifact": {…}}`.
    pub outputs: Option<serde_json::Value>,
    /// Why its last attempt failed.
    pub failure: Option<Problem>,
    /// What its last attempt used.
    #[schemars(with = "Option<serde_json::Value>")]
    pub usage: Option<Usage>,
}

/// A page of runs, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunList {
    /// The runs.
    pub runs: Vec<Run>,
    /// Ask with `page` set to this for more; none on the last page.
    pub next: Option<String>,
}

/// Which runs to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RunQuery {
    /// Only of this pipeline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pipeline: Option<String>,
    /// Only of this status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Runs on a page, 1 to 200 (50).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

/// Which log lines to answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LogQuery {
    /// Only of this step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// Only behind this sequence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    /// Lines at most, 1 to 10,000 (1,000).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

/// Log lines, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LogLines {
    /// The lines. Ask again with `after` set to the last one's sequence for more.
    pub lines: Vec<LogLine>,
}

/// One log line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LogLine {
    /// Position within the run, counted from 1.
    pub sequence: u64,
    /// Milliseconds since 1970-01-01T00:00:00Z.
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

/// One piece of news, as server-sent event. Only `history` and `log` survive in the ledger and resume
/// where a reader left off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum RunNews {
    /// Something happened to the run.
    History {
        /// Position in the ledger.
        sequence: u64,
        /// Milliseconds since 1970-01-01T00:00:00Z.
        at_millis: u64,
        /// What happened, tagged with `event`.
        event: serde_json::Value,
    },
    /// A step wrote a log line.
    Log(LogLine),
    /// How far a step has come.
    Progress {
        /// The step.
        step: String,
        /// In the unit that the message names.
        done: u64,
        /// All there is, while known.
        total: Option<u64>,
        /// For people.
        message: String,
    },
    /// A point of a live series.
    Metric {
        /// The step.
        step: String,
        /// The series.
        name: String,
        /// Position on the series' axis.
        index: u64,
        /// None for NaN and infinities.
        value: Option<f64>,
    },
    /// The run has ended and nothing follows.
    End {
        /// How it ended.
        status: String,
    },
}
