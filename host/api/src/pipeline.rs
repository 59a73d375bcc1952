//! Pipelines that are kept, their versions, and checking a document without running it.
//! Never holds the document's own types; those are `sdk-spec`'s.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::plan::PlannedTask;

/// A pipeline to keep, with its first version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreatePipeline {
    /// Its name, held once; without one, the document's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The Pipeline document, YAML or JSON, or a compiled Kubeflow pipeline.
    pub document: String,
}

/// A version to add to a pipeline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreatePipelineVersion {
    /// Its name, held once among the pipeline's versions; without one, `v` and the next number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The Pipeline document, YAML or JSON, or a compiled Kubeflow pipeline.
    pub document: String,
}

/// A pipeline that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Pipeline {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// When it was made, in milliseconds since 1970-01-01T00:00:00Z.
    pub created_at_millis: u64,
    /// How many versions it has.
    pub versions_total: u64,
    /// Its newest version; none where all were deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<PipelineVersion>,
}

/// All kept pipelines, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Pipelines {
    /// The pipelines.
    pub items: Vec<Pipeline>,
}

/// A version of a pipeline. What it runs never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PipelineVersion {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// When it was made, in milliseconds since 1970-01-01T00:00:00Z.
    pub created_at_millis: u64,
}

/// All versions of a pipeline, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PipelineVersions {
    /// The versions.
    pub items: Vec<PipelineVersion>,
}

/// A version and what it runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PipelineVersionDetail {
    /// The version.
    #[serde(flatten)]
    pub version: PipelineVersion,
    /// The Pipeline document as it was sent, or a compiled Kubeflow pipeline as JSON.
    pub document: String,
}

/// A document to check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckRequest {
    /// The Pipeline document, YAML or JSON, or a compiled Kubeflow pipeline.
    pub document: String,
}

/// What a document means on this node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckedPipeline {
    /// The pipeline's name.
    pub pipeline: String,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What a run of it can be given, sorted by name.
    #[serde(default)]
    pub parameters: Vec<PipelineParameter>,
    /// Its steps, sorted by name.
    pub steps: Vec<CheckedStep>,
    /// Everything that it does, with what holds steps: outer tasks before those inside.
    #[serde(default)]
    pub tasks: Vec<PlannedTask>,
    /// What a compiled Kubeflow pipeline asks of another platform that changes nothing here, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<String>,
}

/// A parameter of a pipeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PipelineParameter {
    /// Its name.
    pub name: String,
    /// `string`, `integer`, `number`, `boolean`, `list`, `object`, `artifact`, `data-set`, `model` or `metrics`.
    #[serde(rename = "type")]
    pub value_type: String,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Taken when a run does not give it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<serde_json::Value>,
    /// Whether a run has to give it.
    pub required: bool,
    /// The only values that it takes, where the author listed them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<serde_json::Value>,
}

/// One step of a checked document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckedStep {
    /// The author's name for it.
    pub name: String,
    /// The author's reference to the component.
    pub component: String,
    /// Digest of the component's bytes.
    pub digest: String,
    /// What is called; absent for a command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<Function>,
    /// Steps that must have succeeded before.
    pub needs: Vec<String>,
    /// Whether an earlier result may stand in.
    pub cache: bool,
}

/// An exported function, its types written in WIT.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Parameters in order.
    pub parameters: Vec<TypedName>,
    /// Outputs by name.
    pub outputs: Vec<TypedName>,
}

/// A name and a WIT type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TypedName {
    /// Kebab-case name.
    pub name: String,
    /// Such as `list<string>` or `data-set`.
    #[serde(rename = "type")]
    pub value_type: String,
}
