//! The first document of a compiled file.
//! Never holds what only a platform knows; that is the second document.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ComponentSpec, DeploymentSpec};

/// A compiled pipeline.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PipelineSpec {
    /// Its name.
    pub pipeline_info: PipelineInfo,
    /// Components by the names that tasks use.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub components: BTreeMap<String, ComponentSpec>,
    /// How components without a graph are executed.
    pub deployment_spec: DeploymentSpec,
    /// The pipeline itself.
    pub root: ComponentSpec,
    /// Version of the format.
    pub schema_version: String,
    /// What wrote the file, such as `kfp-2.17.0`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sdk_version: String,
    /// Below which outputs are placed, unless a run says otherwise.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub default_pipeline_root: String,
}

/// What a pipeline is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PipelineInfo {
    /// Its name.
    pub name: String,
    /// For people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub display_name: String,
    /// For people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
}
