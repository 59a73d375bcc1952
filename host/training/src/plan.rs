//! The plan of one job: the component resolved, data and models named by digest or by where they are fetched.
//! Never refers back to the document it came from.

use std::collections::BTreeMap;

use host_base::{ArtifactRef, ComponentId, Limits};
use sdk_spec::Grants;
use sdk_spec::train_job::{NotANumber, RestartPolicy, SuccessPolicy};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

pub use sdk_spec::train_job::EarlyStop;

/// What a job carries out. Written to the ledger when it is submitted; never changed after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// The job's name.
    pub name: String,
    /// Whose it is, where its author says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// What is trained.
    pub component: ComponentId,
    /// How many guests train together.
    pub workers: u32,
    /// With how few the job may go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workers_min: Option<u32>,
    /// Where all random numbers come from.
    pub seed: u64,
    /// Hyper-parameters.
    pub settings: BTreeMap<String, Json>,
    /// What is learned from.
    pub data_sets: BTreeMap<String, PlannedSource>,
    /// Models to begin from.
    pub models: BTreeMap<String, PlannedSource>,
    /// What opens that which is fetched, by its address; what is not named here is open to the node itself.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub accesses: BTreeMap<String, SourceAccess>,
    /// What each worker may reach.
    pub grants: Grants,
    /// What each worker may use up; time and output in one call.
    pub limits: Limits,
    /// Steps after which the job is at its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps_max: Option<u64>,
    /// Steps between two evaluations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evaluate_every_steps: Option<u64>,
    /// Steps between two checkpoints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint_every_steps: Option<u64>,
    /// Time between two checkpoints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint_every_millis: Option<u64>,
    /// Checkpoints that are kept.
    pub checkpoints_kept: u32,
    /// What happens when a worker is lost.
    pub restart: RestartPolicy,
    /// Which workers must have nothing more to learn.
    pub success: SuccessPolicy,
    /// What a metric that is no number means.
    pub not_a_number: NotANumber,
    /// When further training is not worth it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub early_stop: Option<EarlyStop>,
    /// Whether it waits to be resumed before its first step.
    pub suspend: bool,
    /// From submission to end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_millis: Option<u64>,
    /// How long it stays in the lists once it has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_for_millis: Option<u64>,
}

/// Where data or a model comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlannedSource {
    /// It is on the node.
    Artifact(ArtifactRef),
    /// It is fetched before the first step.
    Uri(String),
}

/// What opens a source. Never a secret's value; the node keeps that.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceAccess {
    /// Name of a secret whose keys are variables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// Variables that go before those of the secret.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub environment: BTreeMap<String, String>,
}

impl Plan {
    /// Everything that is fetched before the first step.
    pub fn uris(&self) -> impl Iterator<Item = &str> {
        self.data_sets.values().chain(self.models.values()).filter_map(|source| match source {
            PlannedSource::Uri(uri) => Some(uri.as_str()),
            PlannedSource::Artifact(_) => None,
        })
    }
}
