//! One step of a run with everything that is known of it.
//! Never the bytes of what it was handed or gave; artifacts are named by digest.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::Value;
use crate::pipeline::Function;
use crate::problem::Problem;
use crate::run::{Step, Usage};

/// A step, what it was handed, each attempt at it, and what it may reach and use up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepDetail {
    /// The step.
    #[serde(flatten)]
    pub step: Step,
    /// What it is handed, by parameter; absent while a step before it has not given it yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inputs: Option<BTreeMap<String, Value>>,
    /// Attempts, oldest first.
    pub attempt_list: Vec<Attempt>,
    /// How the component is called; absent for what only holds steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<StepCall>,
}

/// One attempt at a step, or an earlier result that stood in for one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// Counted from 1; 0 for an earlier result.
    pub number: u32,
    /// `running`, `succeeded`, `failed`, `interrupted` or `reused`.
    pub status: String,
    /// When it began, in milliseconds since 1970-01-01T00:00:00Z.
    pub started_at_millis: u64,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at_millis: Option<u64>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Problem>,
    /// What it used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// The run whose result stood in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// How a component is called: what, with which grants, within which limits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepCall {
    /// The author's reference.
    pub component: String,
    /// Digest of the component's bytes.
    pub digest: String,
    /// Digest of the manifest that the reference meant at submission.
    pub manifest: String,
    /// What is called; absent for a command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<Function>,
    /// Interfaces that the component imports, read from its bytes.
    pub imports: Vec<String>,
    /// What it was granted beyond its inputs, as the document writes it; an empty object is nothing.
    pub grants: serde_json::Map<String, serde_json::Value>,
    /// What one attempt may use up.
    pub limits: AttemptLimits,
    /// Attempts that the author allows.
    pub attempts_max: u32,
    /// Whether an earlier result may stand in.
    pub cache: bool,
}

/// What one attempt may use up. Reaching one of these is a failure that names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttemptLimits {
    /// Linear memory.
    pub memory_bytes_max: u64,
    /// From start to end, waiting included.
    pub wall_millis_max: u64,
    /// Time spent computing.
    pub cpu_millis_max: u64,
    /// Artifacts and files that are written.
    pub output_bytes_max: u64,
    /// Log text that is kept.
    pub log_bytes_max: u64,
}
