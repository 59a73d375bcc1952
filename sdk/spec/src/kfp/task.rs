//! Tasks: where a component stands in a graph, what it is given, and how it is run there.
//! Never holds what a component is; tasks name it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::RuntimeValue;

/// One task of a graph.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TaskSpec {
    /// Its name for people.
    pub task_info: TaskInfo,
    /// What it is given.
    pub inputs: TaskInputs,
    /// Tasks to wait for besides those that the inputs name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dependent_tasks: Vec<String>,
    /// Whether an earlier result may stand in.
    pub caching_options: CachingOptions,
    /// The component.
    pub component_ref: ComponentRef,
    /// When it is run at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger_policy: Option<TriggerPolicy>,
    /// Run once per artifact of a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artifact_iterator: Option<ArtifactIterator>,
    /// Run once per item of a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter_iterator: Option<ParameterIterator>,
    /// What happens after a failed attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_policy: Option<RetryPolicy>,
    /// How iterations are run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iterator_policy: Option<IteratorPolicy>,
}

/// A task's name for people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TaskInfo {
    /// The name.
    pub name: String,
}

/// The component of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ComponentRef {
    /// Its name among the pipeline's components.
    pub name: String,
}

/// What a task is given, by the names of its component's inputs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TaskInputs {
    /// Plain values.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, TaskParameter>,
    /// Artifacts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub artifacts: BTreeMap<String, TaskArtifact>,
}

/// Where a plain value comes from: exactly one of the first four.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TaskParameter {
    /// Another task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_output_parameter: Option<TaskOutputParameter>,
    /// It is written here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runtime_value: Option<RuntimeValue>,
    /// An input of the enclosing component.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component_input_parameter: Option<String>,
    /// How another task ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_final_status: Option<TaskFinalStatus>,
    /// The part of the value that is wanted, such as `parseJson(string_value)["key"]`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub parameter_expression_selector: String,
}

/// An output parameter of another task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TaskOutputParameter {
    /// The task.
    pub producer_task: String,
    /// Its output.
    pub output_parameter_key: String,
}

/// How another task ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TaskFinalStatus {
    /// The task.
    pub producer_task: String,
}

/// Where an artifact comes from: exactly one of the two.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TaskArtifact {
    /// Another task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_output_artifact: Option<TaskOutputArtifact>,
    /// An input of the enclosing component.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component_input_artifact: Option<String>,
}

/// An output artifact of another task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TaskOutputArtifact {
    /// The task.
    pub producer_task: String,
    /// Its output.
    pub output_artifact_key: String,
}

/// Whether an earlier result may stand in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CachingOptions {
    /// Absent means no: that is how the format writes it.
    pub enable_cache: bool,
    /// Stands for all that the key is otherwise made of.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cache_key: String,
}

/// When a task is run at all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TriggerPolicy {
    /// A condition on its inputs, in a subset of CEL.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub condition: String,
    /// How the tasks before it must have ended.
    pub strategy: TriggerStrategy,
}

/// How the tasks before one must have ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TriggerStrategy {
    /// The same as the next.
    #[default]
    TriggerStrategyUnspecified,
    /// All succeeded.
    AllUpstreamTasksSucceeded,
    /// All ended, in whatever way.
    AllUpstreamTasksCompleted,
}

/// Run once per artifact of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ArtifactIterator {
    /// The list.
    pub items: ArtifactItems,
    /// The component's input that each artifact is given to.
    pub item_input: String,
}

/// A list of artifacts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ArtifactItems {
    /// The task's input that holds it.
    pub input_artifact: String,
}

/// Run once per item of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ParameterIterator {
    /// The list.
    pub items: ParameterItems,
    /// The component's input that each item is given to.
    pub item_input: String,
}

/// A list: exactly one of the two.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ParameterItems {
    /// Written here, as JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// The task's input that holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_parameter: Option<String>,
}

/// How iterations are run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct IteratorPolicy {
    /// Iterations under way at once; 0 means no limit.
    pub parallelism_limit: u32,
}

/// What happens after a failed attempt.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RetryPolicy {
    /// Attempts besides the first.
    pub max_retry_count: u32,
    /// Wait before the second attempt, such as `0s`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub backoff_duration: String,
    /// Each further wait is this many times longer.
    pub backoff_factor: f64,
    /// Longest wait, such as `3600s`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub backoff_max_duration: String,
}
