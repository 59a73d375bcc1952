//! Artifacts that are no components: a manifest with a type of its own, content as layers, and what it is about.
//! Never says what is in a layer: media types are the caller's.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::{Descriptor, ImageManifest, canonical_json, media_types};

/// The content of a configuration of which nothing is to be said.
const EMPTY_CONFIG: &[u8] = b"{}";

/// A manifest and its configuration, ready to be pushed behind their layers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArtifactPackage {
    /// Names the configuration's bytes.
    pub config: Descriptor,
    /// The configuration.
    pub config_bytes: Vec<u8>,
    /// Names the manifest's bytes, with the artifact type and annotations that lists show.
    pub manifest: Descriptor,
    /// The manifest.
    pub manifest_bytes: Vec<u8>,
}

/// Packs an artifact of these layers, which says of itself what it is and, with a subject, what it is about. The same
/// arguments give the same digest.
#[must_use]
pub fn package_artifact(
    artifact_type: &str,
    layers: Vec<Descriptor>,
    subject: Option<&Descriptor>,
    annotations: BTreeMap<String, String>,
) -> ArtifactPackage {
    let config = Descriptor::of(media_types::EMPTY, EMPTY_CONFIG);
    // What a list said of the subject is no part of its name.
    let named = |subject: &Descriptor| Descriptor { annotations: [].into(), artifact_type: None, ..subject.clone() };
    let manifest_bytes = canonical_json(&ImageManifest {
        schema_version: 2,
        media_type: Some(media_types::IMAGE_MANIFEST.to_owned()),
        artifact_type: Some(artifact_type.to_owned()),
        config: config.clone(),
        layers,
        subject: subject.map(named),
        annotations: annotations.clone(),
    });
    let mut manifest = Descriptor::of(media_types::IMAGE_MANIFEST, &manifest_bytes);
    manifest.artifact_type = Some(artifact_type.to_owned());
    manifest.annotations = annotations;
    ArtifactPackage { config, config_bytes: EMPTY_CONFIG.to_vec(), manifest, manifest_bytes }
}
