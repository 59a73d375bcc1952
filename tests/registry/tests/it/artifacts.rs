//! Artifacts that are no components, at our registry and at Debian's.
//! Never small enough for one piece: content crosses in many.

use std::collections::BTreeMap;

use registry_cas::{SharedBlobs, put_bytes, read_all};
use registry_client::RegistryError;
use registry_oci::{Descriptor, Digest, package_artifact};

use crate::docker::DockerRegistry;
use crate::kit::*;

const MODEL: &str = "application/vnd.sandmill.model.v1";

async fn there_and_back(registry: &str) {
    let client = client(registry);
    let name = reference(&format!("{registry}/models/digits:1"));
    let blobs: SharedBlobs = std::sync::Arc::new(memory());
    let mut layers = Vec::new();
    for length in [0, 1, 300_001, 2_000_003, 70_000, 65_536] {
        put_bytes(blobs.as_ref(), &content(length)).await.unwrap();
        layers.push(Descriptor::of("application/octet-stream", &content(length)));
    }
    let annotations = BTreeMap::from([("dev.sandmill.step".to_owned(), "train".to_owned())]);
    let package = package_artifact(MODEL, layers.clone(), None, annotations.clone());
    let pushed = client.push_artifact(&name, &package, &layers, &blobs).await.unwrap();
    assert_eq!(pushed, package.manifest.digest);
    assert_eq!(client.push_artifact(&name, &package, &layers, &blobs).await.unwrap(), pushed);

    let found = client.resolve_artifact(&name).await.unwrap();
    assert_eq!(found.reference.digest(), Some(&pushed));
    assert_eq!(found.manifest.artifact_type.as_deref(), Some(MODEL));
    assert_eq!((&found.manifest.annotations, &found.manifest.layers), (&annotations, &layers));
    let arrived = memory();
    client.pull_artifact(&found, &arrived).await.unwrap();
    for layer in &layers {
        let bytes = read_all(&arrived, &layer.digest, 3_000_000).await.unwrap();
        assert_eq!(Digest::sha256(&bytes), layer.digest);
    }
    assert!(matches!(client.resolve(&name).await, Err(RegistryError::NotAComponent { .. })));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn layers_go_to_our_registry_and_come_back() {
    let registry = OurRegistry::start().await;
    there_and_back(&registry.address).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn layers_go_to_another_registry_and_come_back() {
    let Some(registry) = DockerRegistry::start().await else { return };
    there_and_back(&registry.address).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_layer_that_is_not_among_the_blobs_is_not_pushed() {
    let registry = OurRegistry::start().await;
    let client = client(&registry.address);
    let layers = [Descriptor::of("text/plain", b"absent")];
    let package = package_artifact(MODEL, layers.to_vec(), None, BTreeMap::new());
    let blobs: SharedBlobs = std::sync::Arc::new(memory());
    assert!(client.push_artifact(&reference("models/digits:1"), &package, &layers, &blobs).await.is_err());
    let missing = client.resolve_artifact(&reference("models/digits:1")).await.unwrap_err();
    assert!(matches!(missing, RegistryError::NotFound { .. }), "{missing}");
    assert_eq!(blobs.list().await.unwrap().len(), 0);
}
