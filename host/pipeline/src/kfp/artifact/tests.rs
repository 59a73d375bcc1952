//! Places of artifacts, and the way there and back between both vocabularies.

use std::collections::BTreeMap;

use host_base::{ArtifactKind, ArtifactRef};
use registry_oci::Digest;
use sdk_spec::kfp::ArtifactType;
use serde_json::json;

use super::{IN_WORKSPACE, RuntimeArtifact, external, has_content, identity, local_path};

fn runtime(uri: &str) -> RuntimeArtifact {
    let artifact_type = ArtifactType {
        schema_title: "system.Model".to_owned(),
        schema_version: "0.0.1".to_owned(),
        ..ArtifactType::default()
    };
    let metadata = BTreeMap::from([("size".to_owned(), json!(3)), ("deep".to_owned(), json!({ "a": [1] }))]);
    RuntimeArtifact { name: "model".to_owned(), artifact_type, uri: uri.to_owned(), metadata }
}

fn content() -> ArtifactRef {
    ArtifactRef {
        digest: Digest::sha256(b"weights"),
        kind: ArtifactKind::Artifact,
        media_type: "application/octet-stream".to_owned(),
        size_bytes: 7,
        metadata: BTreeMap::from([("layout".to_owned(), "folder".to_owned())]),
    }
}

#[test]
fn uris_stand_for_the_folders_that_the_sdk_computes() {
    for (uri, path) in [
        ("gs://b/x", Some("/gcs/b/x")),
        ("s3://b/x/y", Some("/s3/b/x/y")),
        ("minio://b/x", Some("/minio/b/x")),
        ("oci://reg/a/b:1", Some("/oci/reg_a_b:1")),
        ("https://example.org/x", None),
        ("gs://b/../../etc", None),
        ("", None),
    ] {
        assert_eq!(local_path(uri).as_deref(), path, "{uri}");
    }
    let mut shared = runtime("gs://b/x");
    shared.metadata.insert(IN_WORKSPACE.to_owned(), true.into());
    assert_eq!(shared.path().as_deref(), Some("/kfp-workspace/.artifacts/gcs/b/x"));
}

#[test]
fn what_is_described_is_read_again() {
    let described = runtime("minio://b/run/model").describe(content());
    assert_eq!((described.kind, described.size_bytes), (ArtifactKind::Model, 7));
    assert!(super::is_folder(&described));
    assert_eq!(RuntimeArtifact::of(&described, "other"), runtime("minio://b/run/model"));
}

#[test]
fn an_artifact_of_another_maker_gets_a_place() {
    let mut plain = content();
    plain.metadata = BTreeMap::from([("rows".to_owned(), "3".to_owned())]);
    let shown = RuntimeArtifact::of(&plain, "data");
    assert_eq!((shown.name.as_str(), shown.artifact_type.schema_title.as_str()), ("data", "system.Artifact"));
    assert_eq!(shown.metadata["rows"], json!("3"));
    assert!(shown.path().expect("a path").starts_with("/minio/sandmill/"));
}

#[test]
fn the_place_of_content_is_no_part_of_what_it_is() {
    let one = runtime("minio://b/run-1/model").describe(content());
    let two = runtime("minio://b/run-2/model").describe(content());
    assert_eq!(identity(&one), identity(&two));
    let mut other = runtime("minio://b/run-1/model");
    other.metadata.insert("size".to_owned(), json!(4));
    assert_ne!(identity(&one), identity(&other.describe(content())));
}

#[test]
fn a_reference_without_content_is_its_place() {
    let (one, two) = (external(&runtime("gs://b/1")), external(&runtime("gs://b/2")));
    assert!(!has_content(&one));
    assert_ne!(identity(&one), identity(&two));
}
