//! Components: what goes in, what comes out, and either a graph of tasks or the label of an executor.
//! Never holds a value that flows; those are a run's.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::TaskSpec;

/// One component. Every control-flow block of the SDK is one, too.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ComponentSpec {
    /// What goes in.
    pub input_definitions: InputDefinitions,
    /// What comes out.
    pub output_definitions: OutputDefinitions,
    /// Its tasks, if it is a graph.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dag: Option<DagSpec>,
    /// Its executor, if it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub executor_label: Option<String>,
    /// What it asks of single platforms.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub single_platform_specs: Vec<Json>,
    /// Parts of its task's configuration that it takes as a value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub task_config_passthroughs: Vec<TaskConfigPassthrough>,
}

/// A part of a task's configuration that is handed on as a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TaskConfigPassthrough {
    /// Which part, such as `RESOURCES`.
    pub field: String,
    /// Whether the task itself is run with it as well.
    pub apply_to_task: bool,
}

/// What goes in, by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct InputDefinitions {
    /// Plain values.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, ParameterInput>,
    /// Files with types.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub artifacts: BTreeMap<String, ArtifactInput>,
}

/// A plain value that goes in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ParameterInput {
    /// What values it takes.
    pub parameter_type: ParameterType,
    /// Taken when nothing is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_value: Option<Json>,
    /// Whether nothing may be given.
    pub is_optional: bool,
    /// For people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The only values it takes, where there are any here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub literals: Vec<Json>,
}

/// What values a parameter takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ParameterType {
    /// Any value.
    #[default]
    ParameterTypeEnumUnspecified,
    /// A number.
    NumberDouble,
    /// A whole number.
    NumberInteger,
    /// Text.
    String,
    /// True or false.
    Boolean,
    /// A list of JSON values.
    List,
    /// A JSON object.
    Struct,
    /// How a task ended.
    TaskFinalStatus,
    /// Parts of the task's own configuration.
    TaskConfig,
}

/// A file that goes in, or several.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ArtifactInput {
    /// Its type.
    pub artifact_type: ArtifactType,
    /// Whether it is a list of artifacts.
    pub is_artifact_list: bool,
    /// Whether nothing may be given.
    pub is_optional: bool,
    /// For people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
}

/// An artifact's type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ArtifactType {
    /// Such as `system.Model`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub schema_title: String,
    /// Where a schema stands.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub schema_uri: String,
    /// A schema itself.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub instance_schema: String,
    /// Such as `0.0.1`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub schema_version: String,
}

/// What comes out, by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct OutputDefinitions {
    /// Plain values.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, ParameterOutput>,
    /// Files with types.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub artifacts: BTreeMap<String, ArtifactOutput>,
}

/// A plain value that comes out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ParameterOutput {
    /// What values it has.
    pub parameter_type: ParameterType,
    /// For people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
}

/// A file that comes out, or several.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ArtifactOutput {
    /// Its type.
    pub artifact_type: ArtifactType,
    /// Metadata that each has from the start.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, Json>,
    /// Older words for metadata.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, Json>,
    /// Older words for metadata.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub custom_properties: BTreeMap<String, Json>,
    /// Whether it is a list of artifacts.
    pub is_artifact_list: bool,
    /// For people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
}

/// A graph of tasks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct DagSpec {
    /// The tasks by name.
    pub tasks: BTreeMap<String, TaskSpec>,
    /// Where the graph's outputs come from.
    pub outputs: DagOutputs,
}

/// Where a graph's outputs come from, by the outputs' names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct DagOutputs {
    /// Plain values.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, OutputParameter>,
    /// Artifacts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub artifacts: BTreeMap<String, OutputArtifact>,
}

/// Where a plain value comes from: one task, or the first of several that has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct OutputParameter {
    /// One task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_from_parameter: Option<ParameterSelector>,
    /// The first of several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_from_oneof: Option<ParameterSelectors>,
}

/// Several tasks, the first of which with a value counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ParameterSelectors {
    /// In order.
    pub parameter_selectors: Vec<ParameterSelector>,
}

/// One output parameter of one task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ParameterSelector {
    /// The task.
    pub producer_subtask: String,
    /// Its output.
    pub output_parameter_key: String,
}

/// Where an artifact comes from; more than one selector means the first that has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct OutputArtifact {
    /// In order.
    pub artifact_selectors: Vec<ArtifactSelector>,
}

/// One output artifact of one task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ArtifactSelector {
    /// The task.
    pub producer_subtask: String,
    /// Its output.
    pub output_artifact_key: String,
}
