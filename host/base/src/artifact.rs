//! A typed reference to content-addressed bytes.
//! Never holds the bytes.

use std::collections::BTreeMap;
use std::fmt;

use registry_oci::Digest;
use serde::{Deserialize, Serialize};

/// Longest media type, in bytes.
pub const MEDIA_TYPE_BYTES_MAX: usize = 255;
/// Names and values that are kept with one artifact, in bytes.
pub const METADATA_BYTES_MAX: usize = 64 << 10;

/// What an artifact is; one resource type of `sandmill:data` each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ArtifactKind {
    /// Any file.
    Artifact,
    /// A table.
    DataSet,
    /// Trained weights.
    Model,
    /// What an evaluation found.
    Metrics,
}

impl ArtifactKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Artifact, Self::DataSet, Self::Model, Self::Metrics];

    /// The name in documents and in WIT.
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

impl fmt::Display for ArtifactKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Digest, kind, media type, size and metadata of one artifact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ArtifactRef {
    /// Digest of the content.
    pub digest: Digest,
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

/// Whether this names a form of content: `type/subtype`, with parameters allowed behind it, all in visible ASCII.
#[must_use]
pub fn is_media_type(text: &str) -> bool {
    let names = text.split(';').next().unwrap_or_default().trim_end();
    let is_name = |name: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte);
        !name.is_empty() && name.bytes().all(allowed)
    };
    let printable = text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    let two_names = names.split_once('/').is_some_and(|(kind, subtype)| is_name(kind) && is_name(subtype));
    text.len() <= MEDIA_TYPE_BYTES_MAX && printable && two_names
}

#[cfg(test)]
mod tests;
