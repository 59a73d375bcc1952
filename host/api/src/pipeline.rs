//! Pipelines on the wire: a document to check, and what it means on the node.
//! Never interprets the document.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A document to check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckRequest {
    /// A Pipeline document, YAML or JSON.
    pub document: String,
}

/// What a document means on the node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckedPipeline {
    /// The pipeline's name.
    pub pipeline: String,
    /// Its steps, sorted by name.
    pub steps: Vec<CheckedStep>,
}

/// One step of a checked document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckedStep {
    /// The author's name for it.
    pub name: String,
    /// The author's reference.
    pub component: String,
    /// Digest of the component's bytes.
    pub digest: String,
    /// The function that is called, as WIT; none for a command.
    pub function: Option<String>,
    /// Steps that must have succeeded before.
    pub needs: Vec<String>,
    /// Whether an earlier result may stand in.
    pub cache: bool,
}
