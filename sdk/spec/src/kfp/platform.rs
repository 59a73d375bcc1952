//! The second document of a compiled file: what a pipeline asks of the platform under it.
//! Never interprets what is asked for single executors; that is kept as it was written.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// What a pipeline asks of platforms.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PlatformSpec {
    /// By platform; `kubernetes` is the only one in use.
    pub platforms: BTreeMap<String, Platform>,
}

/// What a pipeline asks of one platform.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Platform {
    /// For single executors.
    pub deployment_spec: PlatformDeployment,
    /// For the pipeline as a whole.
    pub pipeline_config: PipelineConfig,
    /// The platform's name, where the enclosing key does not say it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub platform: String,
    /// Anything else.
    #[serde(skip_serializing_if = "Json::is_null")]
    pub config: Json,
}

/// What is asked for single executors.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PlatformDeployment {
    /// By the executors' labels, as it was written: `secretAsEnv`, `nodeSelector` and the like.
    pub executors: BTreeMap<String, BTreeMap<String, Json>>,
}

/// What is asked for a pipeline as a whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PipelineConfig {
    /// A folder that the steps of a run share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workspace: Option<Workspace>,
    /// Seconds that a run is kept after it ended.
    pub resource_ttl_on_completion: i64,
    /// Seconds that a run is kept after it succeeded.
    pub resource_ttl_on_success: i64,
    /// Seconds that a run is kept after it failed.
    pub resource_ttl_on_failure: i64,
    /// Seconds after which a run is broken off; 0 means never.
    pub active_deadline_seconds: i64,
}

/// A folder that the steps of a run share.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Workspace {
    /// Such as `1Gi`.
    pub size: String,
    /// How Kubernetes is to make it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kubernetes: Option<KubernetesWorkspace>,
}

/// How Kubernetes is to make a workspace.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct KubernetesWorkspace {
    /// Changes to the claim.
    pub pvc_spec_patch: Json,
}
