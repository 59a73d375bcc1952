//! Experiments: a name that runs are put under.
//! Never says which runs; a list of runs does.

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// An experiment. What a request leaves out is filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Experiment {
    /// Its id.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub experiment_id: String,
    /// Its name, held once.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub display_name: String,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// There are none here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// `AVAILABLE` or `ARCHIVED`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_state: Option<String>,
    /// When its newest run was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_run_created_at: Option<Timestamp>,
}

/// A page of experiments.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExperimentList {
    /// The experiments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub experiments: Vec<Experiment>,
    /// All there are.
    pub total_size: usize,
    /// For the page behind.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub next_page_token: String,
}
