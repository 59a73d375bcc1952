//! Blobs and a whole registry over a real S3-compatible server: moto's, from PyPI.
//! Never reaches beyond this machine.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use registry_cas::{BlobError, Blobs as _, SharedBlobs, contract, put_bytes, read_all};
use registry_cas_object::{BucketAddress, BucketConfig, BucketKeys, BucketObjects, COPY_BYTES_MAX, ObjectBlobs};
use registry_oci::{Algorithm, Digest};
use registry_server::{RegistryConfig, RegistryServer};
use tests_kit::S3Server;
use tokio::net::TcpListener;

use crate::kit::*;

/// A store with one bucket.
struct Store(S3Server);

impl Store {
    /// None where there is no such server.
    async fn start() -> Option<Self> {
        match tokio::task::spawn_blocking(S3Server::start).await.unwrap() {
            Ok(server) => {
                server.put("artifacts", b"");
                Some(Self(server))
            }
            Err(reason) => {
                skipped(&reason);
                None
            }
        }
    }

    fn blobs(&self, prefix: &str) -> ObjectBlobs {
        self.copying_blobs(prefix, COPY_BYTES_MAX)
    }

    fn copying_blobs(&self, prefix: &str, copy_bytes_max: u64) -> ObjectBlobs {
        let config = BucketConfig { address: self.address("artifacts"), prefix: prefix.to_owned(), copy_bytes_max };
        ObjectBlobs::open_with_keys(&config, "key", "secret").unwrap()
    }

    fn address(&self, bucket: &str) -> BucketAddress {
        BucketAddress {
            bucket: bucket.to_owned(),
            endpoint: Some(self.0.endpoint.clone()),
            region: Some("us-east-1".to_owned()),
            trusted_roots: Vec::new(),
        }
    }

    /// Names of all objects, as the server lists them.
    async fn listing(&self) -> String {
        http().get(format!("{}/artifacts?list-type=2", self.0.endpoint)).send().await.unwrap().text().await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_keeps_the_contract() {
    let Some(server) = Store::start().await else { return };
    contract::keeps_the_contract(Arc::new(server.blobs(""))).await;
    contract::keeps_the_contract(Arc::new(server.blobs("some/where/"))).await;
    // What the store would not copy at once: a blob at the limit is copied whole, one past it in parts.
    contract::keeps_the_contract(Arc::new(server.copying_blobs("in-parts/", 1))).await;
    let size_bytes = 6 << 20;
    for copy_bytes_max in [size_bytes, size_bytes - 1] {
        let blobs = server.copying_blobs(&format!("edge-{copy_bytes_max}/"), copy_bytes_max as u64);
        let digest = put_bytes(&blobs, &content(size_bytes)).await.unwrap();
        assert_eq!(read_all(&blobs, &digest, size_bytes as u64).await.unwrap(), content(size_bytes));
    }
    let listing = server.listing().await;
    assert!(listing.contains("some/where/sha256/") && !listing.contains("incoming/"), "{listing}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abandoned_uploads_leave_no_parts() {
    let Some(server) = Store::start().await else { return };
    let blobs = server.blobs("");
    let mut writer = blobs.writer(Algorithm::Sha256).await.unwrap();
    writer.write(&content(11 << 20)).await.unwrap();
    drop(writer);
    let url = format!("{}/artifacts?uploads", server.0.endpoint);
    for _ in 0..200 {
        let uploads = http().get(&url).send().await.unwrap().text().await.unwrap();
        if !uploads.contains("<UploadId>") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the parts of an abandoned upload stayed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_over_a_bucket_survives_a_restart() {
    let Some(server) = Store::start().await else { return };
    let blobs: SharedBlobs = Arc::new(server.blobs("registry/"));
    let folder = tempfile::tempdir().unwrap();
    let component = content(12_000_003);
    for round in 0..2 {
        let registry = RegistryServer::open(RegistryConfig::new(folder.path()), blobs.clone()).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = client(&listener.local_addr().unwrap().to_string());
        let serving = tokio::spawn(registry.serve(listener, std::future::pending()));
        let name = reference("a/b:1");
        if round == 0 {
            client.push_component(&name, component.clone().into(), &description()).await.unwrap();
        }
        let pulled = memory();
        let digest = client.pull_component(&client.resolve(&name).await.unwrap(), &pulled).await.unwrap();
        assert_eq!(read_all(&pulled, &digest, 20_000_000).await.unwrap(), component);
        serving.abort();
    }
    assert!(server.listing().await.contains(Digest::sha256(&component).hex()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_that_is_not_there_is_an_error() {
    let Some(server) = Store::start().await else { return };
    let config =
        BucketConfig { address: server.address("absent"), prefix: String::new(), copy_bytes_max: COPY_BYTES_MAX };
    let blobs = ObjectBlobs::open_with_keys(&config, "key", "secret").unwrap();
    let error = put_bytes(&blobs, b"content").await.unwrap_err();
    assert!(matches!(error, BlobError::Io { .. }) && error.to_string().contains("bucket"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_others_put_into_a_bucket_is_read_by_its_key() {
    let Some(server) = Store::start().await else { return };
    for (key, text) in [("data/rows.csv", "rows"), ("data/more/rows.csv", "more rows"), ("database", "no")] {
        server.0.put(&format!("artifacts/{key}"), text.as_bytes());
    }
    let objects =
        BucketObjects::open_with_keys(&server.address("artifacts"), &BucketKeys::lasting("key", "secret")).unwrap();
    let found = objects.read("data/rows.csv").await.unwrap().unwrap();
    assert_eq!((found.size_bytes, found.media_type.as_deref()), (4, Some("text/csv")));
    let pieces: Vec<_> = found.bytes.map(Result::unwrap).collect().await;
    assert_eq!(pieces.concat(), b"rows");
    assert!(objects.read("data").await.unwrap().is_none(), "a folder is no object");
    let mut listed: Vec<_> =
        objects.list("data", 10).await.unwrap().into_iter().map(|object| (object.key, object.size_bytes)).collect();
    listed.sort();
    assert_eq!(listed, [("more/rows.csv".to_owned(), 9), ("rows.csv".to_owned(), 4)]);
    assert_eq!(objects.list("data", 1).await.unwrap().len(), 1);
    assert!(objects.list("nothing", 10).await.unwrap().is_empty());
    let missing =
        BucketObjects::open_with_keys(&server.address("none"), &BucketKeys::lasting("key", "secret")).unwrap();
    let error = missing.list("data", 10).await.unwrap_err();
    assert!(error.is_missing() || error.to_string().contains("NoSuchBucket"), "{error}");
}
