//! Executors: how components without a graph are executed.
//! Never says what an image is; whoever resolves it finds out.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::ArtifactType;

/// All executors by label.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct DeploymentSpec {
    /// By the labels that components use.
    pub executors: BTreeMap<String, ExecutorSpec>,
}

/// One executor: exactly one of the four.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ExecutorSpec {
    /// A program in an image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<ContainerSpec>,
    /// A reference to something that exists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub importer: Option<ImporterSpec>,
    /// A query for artifacts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolver: Option<Json>,
    /// A job of one vendor's platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_job: Option<Json>,
}

/// A program in an image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ContainerSpec {
    /// An OCI reference.
    pub image: String,
    /// The program, and words before its arguments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// Its arguments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<String>,
    /// What happens before it is run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifecycle: Option<Lifecycle>,
    /// What it needs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
    /// Variables of its environment.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<EnvironmentVariable>,
}

/// What happens before a program is run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Lifecycle {
    /// A program that may change the inputs before the cache is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pre_cache_check: Option<LifecycleCommand>,
}

/// A program and its arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LifecycleCommand {
    /// The program.
    pub command: Vec<String>,
    /// Its arguments.
    pub args: Vec<String>,
}

/// What a program needs. Each figure stands in an older field as a number and in a newer one as
/// text, which may hold a placeholder.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Resources {
    /// Cores.
    pub cpu_limit: f64,
    /// Gigabytes.
    pub memory_limit: f64,
    /// Cores.
    pub cpu_request: f64,
    /// Gigabytes.
    pub memory_request: f64,
    /// Such as `500m`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub resource_cpu_limit: String,
    /// Such as `512Mi`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub resource_memory_limit: String,
    /// Such as `500m`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub resource_cpu_request: String,
    /// Such as `512Mi`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub resource_memory_request: String,
    /// A GPU or its like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accelerator: Option<Accelerator>,
}

/// A GPU or its like.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Accelerator {
    /// Its kind, in the older field.
    #[serde(rename = "type", skip_serializing_if = "String::is_empty")]
    pub accelerator_type: String,
    /// How many, in the older field; the format writes the number as text.
    #[serde(skip_serializing_if = "Json::is_null")]
    pub count: Json,
    /// Its kind.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub resource_type: String,
    /// How many.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub resource_count: String,
}

/// A variable of a program's environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct EnvironmentVariable {
    /// Its name.
    pub name: String,
    /// Its value, which may hold placeholders.
    pub value: String,
}

/// A reference to something that exists already.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ImporterSpec {
    /// Where it is.
    pub artifact_uri: RuntimeValue,
    /// Its type.
    pub type_schema: ArtifactType,
    /// Its metadata; values may hold placeholders.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, Json>,
    /// Older words for metadata.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, Json>,
    /// Older words for metadata.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub custom_properties: BTreeMap<String, Json>,
    /// Whether an earlier reference to the same place must not stand in.
    pub reimport: bool,
    /// Whether the content is wanted in the workspace.
    pub download_to_workspace: bool,
}

/// A value that is written down, or an input's name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RuntimeValue {
    /// The value; absent is the same as null.
    pub constant: Json,
    /// The input that holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runtime_parameter: Option<String>,
}
