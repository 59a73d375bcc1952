//! Manifests that carry signatures under a tag beside their subject, for registries and tools that know no referrers.
//! Never sends one; the bytes are the caller's.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use registry_oci::{ArtifactPackage, Descriptor, Digest, ImageManifest, canonical_json, media_types as oci};

use crate::media_types;

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
pub fn package_signature_tag(layers: &[Descriptor]) -> ArtifactPackage {
    let layer_digests: Vec<&Digest> = layers.iter().map(|layer| &layer.digest).collect();
    let config_bytes = canonical_json(&serde_json::json!({
        "architecture": "",
        "config": {},
        "created": "0001-01-01T00:00:00Z",
        "os": "",
        "rootfs": { "type": "layers", "diff_ids": layer_digests },
    }));
    let config = Descriptor::of(media_types::IMAGE_CONFIG, &config_bytes);
    let manifest_bytes = canonical_json(&ImageManifest {
        schema_version: 2,
        media_type: Some(oci::IMAGE_MANIFEST.to_owned()),
        artifact_type: None,
        config: config.clone(),
        layers: layers.to_vec(),
        subject: None,
        annotations: BTreeMap::new(),
    });
    let manifest = Descriptor::of(oci::IMAGE_MANIFEST, &manifest_bytes);
    ArtifactPackage { config, config_bytes, manifest, manifest_bytes }
}
