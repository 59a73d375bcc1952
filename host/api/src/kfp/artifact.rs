//! Artifacts, and which tasks made and used them.
//! Never with their bytes: `/api/v1/artifacts/{digest}/content` has those.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Timestamp;

/// An artifact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Artifact {
    /// Its id: the digest of its content.
    pub artifact_id: String,
    /// As which output it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its schema, such as `system.Model`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Where its step was told that it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// What its step attached.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub metadata: Map<String, Value>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
}

/// A page of artifacts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ArtifactList {
    /// The artifacts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub artifacts: Vec<Artifact>,
    /// All there are on this page.
    pub total_size: usize,
    /// For the page behind.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub next_page_token: String,
}

/// A task that made or used an artifact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ArtifactTask {
    /// The artifact.
    pub artifact_id: String,
    /// The run.
    pub run_id: String,
    /// The task.
    pub task_id: String,
    /// `INPUT` or `OUTPUT`.
    #[serde(rename = "type")]
    pub kind: String,
    /// As which input or output.
    pub key: String,
}

/// A page of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ArtifactTaskList {
    /// The tasks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub artifact_tasks: Vec<ArtifactTask>,
    /// All there are.
    pub total_size: usize,
    /// For the page behind.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub next_page_token: String,
}
