//! What a run carries out, as it was compiled: its tasks and what each needs.
//! Never what became of them; the run's steps say that.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::pipeline::Function;

/// What a run carries out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunPlan {
    /// The pipeline's name.
    pub pipeline: String,
    /// Its tasks, outer ones before those inside.
    pub tasks: Vec<PlannedTask>,
    /// How long the whole run may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_millis: Option<u64>,
}

/// One thing to do. A loop has one task here and a step per round in the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlannedTask {
    /// Its path in the plan: that of a step of the run, without the numbers of rounds.
    pub name: String,
    /// `step`, `group`, `loop` or `condition`.
    pub kind: String,
    /// The task that it is inside of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Paths of the siblings that come before.
    pub needs: Vec<String>,
    /// The author's reference to the component; absent for what only holds tasks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// Digest of the component's bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// What is called; absent for a command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<Function>,
}

/// The document that a run came from, as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunDocument {
    /// The Pipeline document, or a compiled Kubeflow pipeline.
    pub document: String,
}
