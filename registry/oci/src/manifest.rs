//! Manifests as the image specification writes them.
//! Never keeps fields that it does not know: whoever needs a manifest's digest holds on to its bytes.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use thiserror::Error;

use crate::{Digest, media_types};

/// Largest manifest that is read or accepted, in bytes; what the distribution specification asks of registries.
pub const MANIFEST_BYTES_MAX: usize = 4 << 20;

/// Names content: media type, digest and size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor {
    /// What the content is.
    pub media_type: String,
    /// Hash of the content.
    pub digest: Digest,
    /// Length of the content in bytes.
    pub size: u64,
    /// In an index: the artifact type of the manifest that is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    /// Other places that have the content; a blob with some need not be in the registry.
    #[serde(default, deserialize_with = "null_is_default", skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<String>,
    /// Free remarks.
    #[serde(default, deserialize_with = "null_is_default", skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

impl Descriptor {
    /// Describes bytes at hand by their SHA-256 digest.
    #[must_use]
    pub fn of(media_type: &str, content: &[u8]) -> Self {
        Self {
            media_type: media_type.to_owned(),
            digest: Digest::sha256(content),
            size: content.len() as u64,
            artifact_type: None,
            urls: Vec::new(),
            annotations: BTreeMap::new(),
        }
    }
}

/// A manifest of one artifact: a configuration and layers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageManifest {
    /// Always 2.
    pub schema_version: u32,
    /// The manifest's own media type, which may be left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// What the artifact is, where the configuration's media type does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    /// The configuration.
    pub config: Descriptor,
    /// The content.
    #[serde(default, deserialize_with = "null_is_default")]
    pub layers: Vec<Descriptor>,
    /// The manifest that this one is about; it need not exist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Descriptor>,
    /// Free remarks.
    #[serde(default, deserialize_with = "null_is_default", skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

/// A list of manifests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Index {
    /// Always 2.
    pub schema_version: u32,
    /// The index's own media type, which may be left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// What the artifact is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    /// The manifests.
    #[serde(default, deserialize_with = "null_is_default")]
    pub manifests: Vec<Descriptor>,
    /// The manifest that this index is about; it need not exist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Descriptor>,
    /// Free remarks.
    #[serde(default, deserialize_with = "null_is_default", skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

impl Index {
    /// An index of these manifests and nothing else.
    #[must_use]
    pub fn of(manifests: Vec<Descriptor>) -> Self {
        Self {
            schema_version: 2,
            media_type: Some(media_types::IMAGE_INDEX.to_owned()),
            artifact_type: None,
            manifests,
            subject: None,
            annotations: BTreeMap::new(),
        }
    }
}

/// Either kind of manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Manifest {
    /// One artifact.
    Image(ImageManifest),
    /// A list of manifests.
    Index(Index),
}

/// Why bytes are no manifest.
#[derive(Debug, Error)]
pub enum ManifestError {
    /// More than a manifest may have.
    #[error("the manifest has {0} bytes, more than {MANIFEST_BYTES_MAX}")]
    TooLarge(usize),
    /// No JSON, or a field is missing or of the wrong type.
    #[error("the manifest is malformed: {0}")]
    Malformed(#[from] serde_json::Error),
    /// A schema that was given up long ago, or one to come.
    #[error("the manifest has schema version {0}; only 2 is supported")]
    SchemaVersion(u32),
    /// Neither an image manifest nor an index.
    #[error("`{0}` is neither an image manifest nor an index")]
    MediaType(String),
    /// HTTP says one media type and the document another, so two readers could see two different things.
    #[error("the manifest was sent as `{announced}` and says of itself that it is `{written}`")]
    MediaTypesDisagree {
        /// From the `Content-Type` header.
        announced: String,
        /// From the field `mediaType`.
        written: String,
    },
    /// Both kinds at once, so two readers could see two different things.
    #[error("the manifest has fields of an image and of an index at once")]
    Ambiguous,
}

/// The few fields that tell the kinds apart.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Shape {
    schema_version: u32,
    media_type: Option<String>,
    config: Option<serde::de::IgnoredAny>,
    layers: Option<serde::de::IgnoredAny>,
    manifests: Option<serde::de::IgnoredAny>,
}

impl Manifest {
    /// Reads a manifest that was sent under `announced`, the `Content-Type` without parameters.
    ///
    /// # Errors
    /// Where the bytes are no manifest, or can be read in two ways.
    pub fn parse(bytes: &[u8], announced: Option<&str>) -> Result<Self, ManifestError> {
        if bytes.len() > MANIFEST_BYTES_MAX {
            return Err(ManifestError::TooLarge(bytes.len()));
        }
        let shape: Shape = serde_json::from_slice(bytes)?;
        if shape.schema_version != 2 {
            return Err(ManifestError::SchemaVersion(shape.schema_version));
        }
        // Some servers send every manifest as plain JSON; such a header says nothing.
        let announced =
            announced.filter(|announced| !matches!(*announced, media_types::JSON | media_types::OCTET_STREAM));
        let media_type = match (announced, shape.media_type) {
            (Some(announced), Some(written)) if announced != written => {
                return Err(ManifestError::MediaTypesDisagree { announced: announced.to_owned(), written });
            }
            (_, Some(written)) => written,
            (Some(announced), None) => announced.to_owned(),
            (None, None) if shape.manifests.is_some() => media_types::IMAGE_INDEX.to_owned(),
            (None, None) => media_types::IMAGE_MANIFEST.to_owned(),
        };
        let of_image = shape.config.is_some() || shape.layers.is_some();
        if of_image && shape.manifests.is_some() {
            return Err(ManifestError::Ambiguous);
        }
        if media_types::is_image_manifest(&media_type) {
            Ok(Self::Image(serde_json::from_slice(bytes)?))
        } else if media_types::is_index(&media_type) {
            Ok(Self::Index(serde_json::from_slice(bytes)?))
        } else {
            Err(ManifestError::MediaType(media_type))
        }
    }

    /// The media type that the manifest is to be sent under.
    #[must_use]
    pub fn media_type(&self) -> &str {
        match self {
            Self::Image(image) => image.media_type.as_deref().unwrap_or(media_types::IMAGE_MANIFEST),
            Self::Index(index) => index.media_type.as_deref().unwrap_or(media_types::IMAGE_INDEX),
        }
    }

    /// The manifest that this one is about.
    #[must_use]
    pub const fn subject(&self) -> Option<&Descriptor> {
        match self {
            Self::Image(image) => image.subject.as_ref(),
            Self::Index(index) => index.subject.as_ref(),
        }
    }

    /// What the artifact is: its own word or, for an image, its configuration's media type.
    #[must_use]
    pub fn artifact_type(&self) -> Option<&str> {
        match self {
            Self::Image(image) => Some(image.artifact_type.as_deref().unwrap_or(&image.config.media_type)),
            Self::Index(index) => index.artifact_type.as_deref(),
        }
    }

    /// Free remarks.
    #[must_use]
    pub const fn annotations(&self) -> &BTreeMap<String, String> {
        match self {
            Self::Image(image) => &image.annotations,
            Self::Index(index) => &index.annotations,
        }
    }
}

/// Some writers put `null` where the specification has an empty list or map.
fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
