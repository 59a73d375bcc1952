//! Pipelines and their versions.
//! Never changes a version's specification: another one is another version.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, de};

use super::Timestamp;

/// What pipelines and versions have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Named {
    /// Its title, which may change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Its name, held once among pipelines, or among the versions of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// Names and values to find it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<BTreeMap<String, String>>,
}

/// A pipeline: a name that versions are put under.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pipeline {
    /// Its id.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pipeline_id: String,
    /// What it has in common with its versions.
    #[serde(flatten)]
    pub named: Named,
}

/// A version of a pipeline.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PipelineVersion {
    /// The pipeline.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pipeline_id: String,
    /// Its id.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pipeline_version_id: String,
    /// What it has in common with its pipeline.
    #[serde(flatten)]
    pub named: Named,
    /// Where a package would be fetched from; refused here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package_url: Option<PackageUrl>,
    /// Where its source is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_source_url: Option<String>,
    /// What it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pipeline_spec: Option<serde_json::Value>,
}

/// An address of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PackageUrl {
    /// The address.
    pub pipeline_url: String,
}

/// A pipeline together with its first version.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct PipelineAndVersion {
    /// The pipeline.
    pub pipeline: Pipeline,
    /// The version.
    pub pipeline_version: PipelineVersion,
}

/// What stands behind the question mark of an upload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct UploadQuery {
    /// Name of the pipeline or the version.
    pub name: Option<String>,
    /// Its title.
    pub display_name: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// Tags as one JSON object of strings.
    pub tags: Option<String>,
    /// Where the source is.
    pub code_source_url: Option<String>,
    /// For a version: its pipeline.
    pub pipelineid: Option<String>,
    /// There are none here; taken and not heeded.
    pub namespace: Option<String>,
}

/// How a pipeline is deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct DeleteQuery {
    /// Its versions go with it; else it has to have none.
    #[serde(deserialize_with = "flag")]
    pub cascade: bool,
}

/// Yes and no, also as Python writes them.
fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match String::deserialize(deserializer)?.to_ascii_lowercase().as_str() {
        "true" | "1" => Ok(true),
        "false" | "0" | "" => Ok(false),
        other => Err(de::Error::custom(format!("`{other}` is neither true nor false"))),
    }
}

/// A page of pipelines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PipelineList {
    /// The pipelines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pipelines: Vec<Pipeline>,
    /// All there are.
    pub total_size: usize,
    /// For the page behind.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub next_page_token: String,
}

/// A page of versions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PipelineVersionList {
    /// The versions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pipeline_versions: Vec<PipelineVersion>,
    /// All there are.
    pub total_size: usize,
    /// For the page behind.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub next_page_token: String,
}
