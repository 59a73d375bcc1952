//! Manifests that carry signatures and statements: tagged beside their subject, or referring to it.
//! Never sends one; the bytes are the caller's.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use registry_oci::{Descriptor, Digest, ImageManifest, canonical_json, media_types as oci};

use crate::media_types;

/// The content of a configuration of which nothing is to be said.
const EMPTY_CONFIG: &[u8] = b"{}";

/// A manifest and its configuration, ready to be pushed behind their layers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferrerPackage {
    /// Names the configuration's bytes.
    pub config: Descriptor,
    /// The configuration.
    pub config_bytes: Vec<u8>,
    /// Names the manifest's bytes, with the artifact type that lists show.
    pub manifest: Descriptor,
    /// The manifest.
    pub manifest_bytes: Vec<u8>,
}

/// The tag under which cosign looks for a manifest's signatures.
#[must_use]
pub fn signature_tag(manifest: &Digest) -> String {
    format!("{}-{}.sig", manifest.algorithm().name(), manifest.hex())
}

/// The tag under which cosign looks for a manifest's attestations.
#[must_use]
pub fn attestation_tag(manifest: &Digest) -> String {
    format!("{}-{}.att", manifest.algorithm().name(), manifest.hex())
}

/// The manifest for [`signature_tag`] or [`attestation_tag`]. It looks like an image, since older registries take nothing else.
#[must_use]
pub fn package_signature_tag(layers: &[Descriptor]) -> ReferrerPackage {
    let layer_digests: Vec<&Digest> = layers.iter().map(|layer| &layer.digest).collect();
    let config_bytes = canonical_json(&serde_json::json!({
        "architecture": "",
        "config": {},
        "created": "0001-01-01T00:00:00Z",
        "os": "",
        "rootfs": { "type": "layers", "diff_ids": layer_digests },
    }));
    let config = Descriptor::of(media_types::IMAGE_CONFIG, &config_bytes);
    package(config, config_bytes, None, layers.to_vec(), None, BTreeMap::new())
}

/// A manifest about another one, found by asking for what refers to it.
#[must_use]
pub fn package_referrer(
    subject: &Descriptor,
    artifact_type: &str,
    layers: Vec<Descriptor>,
    annotations: BTreeMap<String, String>,
) -> ReferrerPackage {
    let config = Descriptor::of(media_types::EMPTY, EMPTY_CONFIG);
    let subject = Descriptor { annotations: BTreeMap::new(), artifact_type: None, ..subject.clone() };
    package(config, EMPTY_CONFIG.to_vec(), Some(artifact_type), layers, Some(subject), annotations)
}

fn package(
    config: Descriptor,
    config_bytes: Vec<u8>,
    artifact_type: Option<&str>,
    layers: Vec<Descriptor>,
    subject: Option<Descriptor>,
    annotations: BTreeMap<String, String>,
) -> ReferrerPackage {
    let manifest_bytes = canonical_json(&ImageManifest {
        schema_version: 2,
        media_type: Some(oci::IMAGE_MANIFEST.to_owned()),
        artifact_type: artifact_type.map(str::to_owned),
        config: config.clone(),
        layers,
        subject,
        annotations: annotations.clone(),
    });
    let mut manifest = Descriptor::of(oci::IMAGE_MANIFEST, &manifest_bytes);
    manifest.artifact_type = artifact_type.map(str::to_owned);
    manifest.annotations = annotations;
    ReferrerPackage { config, config_bytes, manifest, manifest_bytes }
}
