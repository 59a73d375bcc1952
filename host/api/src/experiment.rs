//! Experiments as callers see them: names that runs are put under.
//! Never with their runs; `GET /api/v1/runs?experiment=NAME` lists those.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An experiment to make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateExperiment {
    /// Its name, held once.
    pub name: String,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// An experiment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Experiment {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether it was put aside.
    pub archived: bool,
    /// When it was made, in milliseconds since 1970-01-01T00:00:00Z.
    pub created_at_millis: u64,
    /// When its newest run was submitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_run_at_millis: Option<u64>,
}

/// All experiments, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Experiments {
    /// The experiments.
    pub items: Vec<Experiment>,
}
