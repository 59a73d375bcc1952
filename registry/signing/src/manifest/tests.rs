//! Manifests that carry signatures say where they belong, and are the same for the same content.

use registry_oci::Manifest;

use super::*;

#[test]
fn tags_are_those_that_cosign_looks_for() {
    let digest = Digest::sha256(b"");
    let hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(signature_tag(&digest), format!("sha256-{hex}.sig"));
    assert_eq!(attestation_tag(&digest), format!("sha256-{hex}.att"));
}

#[test]
fn a_tagged_manifest_looks_like_an_image() {
    let layer = Descriptor::of(media_types::SIMPLE_SIGNING, b"payload");
    let package = package_signature_tag(std::slice::from_ref(&layer));
    let Ok(Manifest::Image(image)) = Manifest::parse(&package.manifest_bytes, None) else { panic!("no image") };
    assert_eq!((image.subject, image.artifact_type), (None, None));
    assert_eq!(image.config.media_type, media_types::IMAGE_CONFIG);
    assert!(String::from_utf8_lossy(&package.config_bytes).contains(&layer.digest.to_string()));
}
