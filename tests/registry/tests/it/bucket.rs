//! Blobs and a whole registry over a real S3-compatible server: moto's, from PyPI.
//! Never reaches beyond this machine.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use registry_cas::{BlobError, Blobs as _, SharedBlobs, contract, put_bytes, read_all};
use registry_cas_object::{BucketConfig, COPY_BYTES_MAX, ObjectBlobs};
use registry_oci::{Algorithm, Digest};
use registry_server::{RegistryConfig, RegistryServer};
use tokio::net::TcpListener;

use crate::kit::*;

/// A Python with moto's server; `cargo xtask test` makes one.
const PYTHON: &str = "SANDMILL_TEST_REGISTRY_PYTHON";

struct S3Server {
    process: Child,
    endpoint: String,
}

impl Drop for S3Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl S3Server {
    /// None where moto is not there.
    async fn start() -> Option<Self> {
        let Some(python) = std::env::var_os(PYTHON) else {
            skipped(&format!(
                "no S3-compatible server ({PYTHON} names a Python with moto[server]; `cargo xtask test` sets it)"
            ));
            return None;
        };
        let mut process = Command::new(python)
            .args(["-u", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let (found, endpoint) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || {
            let mut found = Some(found);
            // Read to its end, or the server would wait for a reader.
            for line in lines.map_while(Result::ok) {
                if let (Some((_, rest)), true) = (line.split_once("Running on "), found.is_some()) {
                    let _ = found.take().map(|found| found.send(rest.trim().to_owned()));
                }
            }
        });
        let endpoint = tokio::time::timeout(Duration::from_secs(60), endpoint).await.unwrap().unwrap();
        let server = Self { process, endpoint };
        assert!(http().put(format!("{}/artifacts", server.endpoint)).send().await.unwrap().status().is_success());
        Some(server)
    }

    fn blobs(&self, prefix: &str) -> ObjectBlobs {
        self.copying_blobs(prefix, COPY_BYTES_MAX)
    }

    fn copying_blobs(&self, prefix: &str, copy_bytes_max: u64) -> ObjectBlobs {
        let config = BucketConfig {
            bucket: "artifacts".to_owned(),
            endpoint: Some(self.endpoint.clone()),
            region: "us-east-1".to_owned(),
            prefix: prefix.to_owned(),
            copy_bytes_max,
        };
        ObjectBlobs::open_with_keys(&config, "key", "secret").unwrap()
    }

    /// Names of all objects, as the server lists them.
    async fn listing(&self) -> String {
        http().get(format!("{}/artifacts?list-type=2", self.endpoint)).send().await.unwrap().text().await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_keeps_the_contract() {
    let Some(server) = S3Server::start().await else { return };
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
    let Some(server) = S3Server::start().await else { return };
    let blobs = server.blobs("");
    let mut writer = blobs.writer(Algorithm::Sha256).await.unwrap();
    writer.write(&content(11 << 20)).await.unwrap();
    drop(writer);
    let url = format!("{}/artifacts?uploads", server.endpoint);
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
    let Some(server) = S3Server::start().await else { return };
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
    let Some(server) = S3Server::start().await else { return };
    let config = BucketConfig {
        bucket: "absent".to_owned(),
        endpoint: Some(server.endpoint.clone()),
        region: "us-east-1".to_owned(),
        prefix: String::new(),
        copy_bytes_max: COPY_BYTES_MAX,
    };
    let blobs = ObjectBlobs::open_with_keys(&config, "key", "secret").unwrap();
    let error = put_bytes(&blobs, b"content").await.unwrap_err();
    assert!(matches!(error, BlobError::Io { .. }) && error.to_string().contains("bucket"), "{error}");
}
