//! Artifacts as callers see them, and the values that refer to them.
//! Never the bytes; those are the body of a route of their own.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::run::Signer;

/// Header in which an upload's metadata comes, as one JSON object of strings.
pub const METADATA_HEADER: &str = "sandmill-metadata";

/// What an artifact is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ArtifactKind {
    /// Any file.
    #[default]
    Artifact,
    /// A table.
    DataSet,
    /// Trained weights.
    Model,
    /// What an evaluation found.
    Metrics,
}

impl ArtifactKind {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Artifact => "artifact",
            Self::DataSet => "data-set",
            Self::Model => "model",
            Self::Metrics => "metrics",
        }
    }
}

/// Content-addressed bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactRef {
    /// Digest of the content, `sha256:` and 64 hexadecimal digits.
    pub digest: String,
    /// What it is.
    pub kind: ArtifactKind,
    /// For example `text/csv`.
    pub media_type: String,
    /// Length of the content in bytes.
    pub size_bytes: u64,
    /// Names and values that the producer attached.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
}

/// What flows along an edge: `{"plain": …}` or `{"artifact": {…}}`, so that no plain object can pass
/// for an artifact; or `{"list": […]}`, where there are artifacts in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Value {
    /// Whatever JSON holds.
    Plain(serde_json::Value),
    /// A reference to an artifact.
    Artifact(ArtifactRef),
    /// A list with an artifact in it.
    List(Vec<Value>),
}

/// An artifact and who made it first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Artifact {
    /// The artifact.
    #[serde(flatten)]
    pub artifact: ArtifactRef,
    /// The run that made it; absent for one that was uploaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// The step that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// As which output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// When, in milliseconds since 1970-01-01T00:00:00Z.
    pub made_at_millis: u64,
}

/// An artifact, who made it and who used it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactDetail {
    /// The artifact and who made it.
    #[serde(flatten)]
    pub artifact: Artifact,
    /// The component of the step that made it, reference with digest; absent for an upload.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// Whose signature of that component counted; absent where the node's policy names no keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<Signer>,
    /// Steps that used it, newest first, at most 1000.
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

/// A page of artifacts, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactPage {
    /// The artifacts.
    pub items: Vec<Artifact>,
    /// Ask with `page` set to this for the page behind; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Which artifacts to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ArtifactQuery {
    /// Only what this run made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// The `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Artifacts at most, up to 200 (50).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

/// What an upload is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct UploadQuery {
    /// What it is (artifact).
    pub kind: ArtifactKind,
}
