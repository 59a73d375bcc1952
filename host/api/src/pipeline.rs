//! Checking a Pipeline document without running it.
//! Never holds the document's own types; those are `sdk-spec`'s.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A document to check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckRequest {
    /// The Pipeline document, YAML or JSON, or a compiled Kubeflow pipeline.
    pub document: String,
}

/// What a document means on this node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckedPipeline {
    /// The pipeline's name.
    pub pipeline: String,
    /// Its steps, sorted by name.
    pub steps: Vec<CheckedStep>,
    /// What a compiled Kubeflow pipeline asks of another platform that changes nothing here, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<String>,
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
