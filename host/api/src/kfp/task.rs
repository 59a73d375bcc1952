//! Tasks of a run: a step, or a part of its control flow.
//! Never with an artifact's bytes; its id leads to them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Timestamp;
use super::artifact::Artifact;
use super::error::Status;
use super::run::RuntimeStatus;

/// A task as a run's details have it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskDetail {
    /// The run.
    pub run_id: String,
    /// Its id: where it stands in the run, such as `for-loop-1/0/train`.
    pub task_id: String,
    /// Its name.
    pub display_name: String,
    /// When it was made known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_time: Option<Timestamp>,
    /// When it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Timestamp>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_time: Option<Timestamp>,
    /// How it is.
    pub state: String,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Status>,
    /// Digests of artifacts by output.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub outputs: BTreeMap<String, ArtifactIds>,
    /// The task that it is a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_task_id: Option<String>,
    /// How it was.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub state_history: Vec<RuntimeStatus>,
    /// The tasks that are a part of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub child_tasks: Vec<ChildTask>,
}

/// Artifacts by id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ArtifactIds {
    /// The ids.
    pub artifact_ids: Vec<String>,
}

/// A task that is a part of another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChildTask {
    /// Its id.
    pub task_id: String,
}

/// A task by itself, with what it was given and what it gave.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Task {
    /// Its id: the run's, a `.`, and where it stands in the run.
    pub task_id: String,
    /// The run.
    pub run_id: String,
    /// Its name.
    pub name: String,
    /// The same.
    pub display_name: String,
    /// When it began; when the run was made, where it has not.
    pub create_time: Timestamp,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_time: Option<Timestamp>,
    /// How it is.
    pub state: String,
    /// `RUNTIME`, `DAG`, `LOOP`, `LOOP_ITERATION`, `CONDITION`, `CONDITION_BRANCH`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Status>,
    /// The task that it is a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_task_id: Option<String>,
    /// What it gave.
    pub outputs: TaskOutputs,
    /// Whether an earlier result stood in.
    pub cached: bool,
}

/// What a task gave.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskOutputs {
    /// Plain values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<TaskParameter>,
    /// Artifacts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub artifacts: Vec<TaskArtifacts>,
}

/// A plain value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskParameter {
    /// As which output.
    pub parameter_key: String,
    /// The value.
    pub value: Value,
}

/// The artifacts of one output.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskArtifacts {
    /// As which output.
    pub artifact_key: String,
    /// The artifacts.
    pub artifacts: Vec<Artifact>,
}

/// A page of tasks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskList {
    /// The tasks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<Task>,
    /// All there are.
    pub total_size: usize,
    /// For the page behind.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub next_page_token: String,
}
