//! Artifacts on the wire.
//! Never carries content; that has a route of its own.

use std::collections::BTreeMap;

use host_base::{ArtifactKind, ArtifactRef};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Header that an upload's metadata comes in, as one JSON object of strings.
pub const METADATA_HEADER: &str = "sandmill-metadata";

/// What is known of an artifact without reading it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Artifact {
    /// `sha256:` and 64 hexadecimal digits.
    pub digest: String,
    /// `artifact`, `data-set`, `model` or `metrics`.
    #[schemars(with = "String")]
    pub kind: ArtifactKind,
    /// For example `text/csv`.
    pub media_type: String,
    /// Length of the content in bytes.
    pub size_bytes: u64,
    /// Names and values that the producer attached.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
}

impl From<ArtifactRef> for Artifact {
    fn from(artifact: ArtifactRef) -> Self {
        let ArtifactRef { digest, kind, media_type, size_bytes, metadata } = artifact;
        Self { digest: digest.to_string(), kind, media_type, size_bytes, metadata }
    }
}

/// An artifact and where it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactRecord {
    /// The artifact.
    #[serde(flatten)]
    pub artifact: Artifact,
    /// The run that made it first; none for an upload.
    pub run: Option<String>,
    /// The step that made it.
    pub step: Option<String>,
    /// As which output.
    pub output: Option<String>,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub made_at_millis: u64,
}

/// A page of artifacts, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactList {
    /// The artifacts.
    pub artifacts: Vec<ArtifactRecord>,
    /// Ask with `page` set to this for more; none on the last page.
    pub next: Option<String>,
}

/// An artifact with its lineage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactDetail {
    /// The artifact and who made it.
    #[serde(flatten)]
    pub record: ArtifactRecord,
    /// Steps that used it, newest first.
    pub uses: Vec<ArtifactUse>,
}

/// A step that used an artifact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactUse {
    /// The run.
    pub run: String,
    /// The step.
    pub step: String,
    /// For which parameter.
    pub parameter: String,
}

/// Which artifacts to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ArtifactQuery {
    /// Only of this run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// The `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Artifacts on a page, 1 to 200 (50).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

/// What an upload is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct UploadQuery {
    /// `artifact` (the default), `data-set`, `model` or `metrics`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub kind: Option<ArtifactKind>,
}
