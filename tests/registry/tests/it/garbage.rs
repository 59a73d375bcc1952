//! Collections of garbage: what goes, what stays, and that pushes never notice one.
//! Never waits for a real grace period: it is set to nothing, or links are made old.

use std::fs::{File, FileTimes};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use registry_cas::{FolderBlobs, SharedBlobs, put_bytes};
use registry_oci::{Descriptor, Digest, ImageManifest, Index, canonical_json, media_types};
use registry_server::{GarbageConfig, RegistryConfig, RegistryServer, Untagged};
use reqwest::{Method, StatusCode};
use tokio::net::TcpListener;

use crate::kit::*;

struct Rig {
    server: RegistryServer,
    blobs: SharedBlobs,
    base: String,
    folder: tempfile::TempDir,
    http: reqwest::Client,
}

impl Rig {
    async fn start(garbage: GarbageConfig) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let blobs: SharedBlobs = Arc::new(FolderBlobs::open(&folder.path().join("blobs")).await.unwrap());
        let config = RegistryConfig { garbage, ..RegistryConfig::new(folder.path().join("registry")) };
        let server = RegistryServer::open(config, blobs.clone()).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(server.clone().serve(listener, std::future::pending()));
        Self { server, blobs, base, folder, http: http() }
    }

    async fn push_blob(&self, repository: &str, content: &[u8]) -> Descriptor {
        let descriptor = Descriptor::of("a/blob", content);
        let url = format!("{}/v2/{repository}/blobs/uploads/?digest={}", self.base, descriptor.digest);
        assert_eq!(self.http.post(url).body(content.to_vec()).send().await.unwrap().status(), StatusCode::CREATED);
        descriptor
    }

    /// Puts a manifest under its digest, with a tag if one is named.
    async fn put(&self, repository: &str, media_type: &str, manifest: &[u8], tag: &str) -> StatusCode {
        let tag = if tag.is_empty() { String::new() } else { format!("?tag={tag}") };
        let url = format!("{}/v2/{repository}/manifests/{}{tag}", self.base, Digest::sha256(manifest));
        let request = self.http.put(url).header("content-type", media_type).body(manifest.to_vec());
        request.send().await.unwrap().status()
    }

    async fn push_image(&self, repository: &str, content: &[u8], tag: &str, subject: Option<Descriptor>) -> Vec<u8> {
        let manifest = image(self.push_blob(repository, content).await, subject);
        assert_eq!(self.put(repository, media_types::IMAGE_MANIFEST, &manifest, tag).await, StatusCode::CREATED);
        manifest
    }

    async fn has(&self, path: &str) -> bool {
        self.http.request(Method::HEAD, format!("{}/v2/{path}", self.base)).send().await.unwrap().status() == 200
    }

    async fn has_manifest(&self, repository: &str, manifest: &[u8]) -> bool {
        self.has(&format!("{repository}/manifests/{}", Digest::sha256(manifest))).await
    }
}

/// One blob is configuration and layer at once.
fn image(blob: Descriptor, subject: Option<Descriptor>) -> Vec<u8> {
    canonical_json(&ImageManifest {
        schema_version: 2,
        media_type: Some(media_types::IMAGE_MANIFEST.to_owned()),
        artifact_type: None,
        config: blob.clone(),
        layers: vec![blob],
        subject,
        annotations: Default::default(),
    })
}

fn at_once(untagged: Untagged) -> GarbageConfig {
    GarbageConfig { every_minutes: None, grace_minutes: 0, untagged, owns_blobs: true }
}

/// Makes every file under a folder look two hours old.
fn make_old(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            make_old(&path);
        } else {
            let times = FileTimes::new().set_modified(SystemTime::now() - Duration::from_secs(2 * 60 * 60));
            File::open(path).unwrap().set_times(times).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nothing_names_goes_and_the_rest_stays() {
    let rig = Rig::start(at_once(Untagged::Delete)).await;
    let tagged = rig.push_image("a", b"tagged", "v1", None).await;
    let inner = rig.push_image("a", b"inner", "", None).await;
    let index = canonical_json(&Index::of(vec![Descriptor::of(media_types::IMAGE_MANIFEST, &inner)]));
    assert_eq!(rig.put("a", media_types::IMAGE_INDEX, &index, "all").await, StatusCode::CREATED);
    let about = Descriptor::of(media_types::IMAGE_MANIFEST, &tagged);
    let signature = rig.push_image("a", b"signature", "", Some(about)).await;
    let untagged = rig.push_image("a", b"untagged", "", None).await;
    let stray = rig.push_blob("a", b"stray").await;
    let shared = rig.push_blob("b/c", b"tagged").await;
    let foreign = put_bytes(&*rig.blobs, b"of no repository").await.unwrap();

    let collected = rig.server.collect_garbage().await.unwrap();
    assert_eq!((collected.manifests, collected.links), (1, 3), "{collected:?}");
    // The untagged manifest with its blob, the stray blob, and what was of no repository.
    assert_eq!(collected.blobs, 4, "{collected:?}");
    for manifest in [&tagged, &inner, &index, &signature] {
        assert!(rig.has_manifest("a", manifest).await);
    }
    assert!(!rig.has_manifest("a", &untagged).await);
    assert!(rig.has(&format!("a/blobs/{}", Digest::sha256(b"signature"))).await);
    assert!(!rig.has(&format!("a/blobs/{}", stray.digest)).await);
    assert!(!rig.has(&format!("b/c/blobs/{}", shared.digest)).await, "named in another repository only");
    assert_eq!(rig.blobs.size_bytes(&shared.digest).await.unwrap(), Some(6), "whose bytes stay");
    assert_eq!(rig.blobs.size_bytes(&foreign).await.unwrap(), None);
    assert_eq!(rig.server.collect_garbage().await.unwrap(), Default::default(), "nothing is left to collect");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_default_untagged_manifests_and_foreign_bytes_stay() {
    let rig = Rig::start(GarbageConfig { grace_minutes: 0, ..GarbageConfig::default() }).await;
    let untagged = rig.push_image("a", b"untagged", "", None).await;
    rig.push_blob("a", b"stray").await;
    let collected = rig.server.collect_garbage().await.unwrap();
    assert_eq!((collected.manifests, collected.links, collected.blobs), (0, 1, 0), "{collected:?}");
    assert!(rig.has_manifest("a", &untagged).await);
    assert!(rig.blobs.size_bytes(&Digest::sha256(b"stray")).await.unwrap().is_some(), "others may use the bytes");
}

/// A client asks whether a blob is here, is told so, and does not push it again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_young_and_the_promised_stay() {
    let rig = Rig::start(GarbageConfig { grace_minutes: 60, ..at_once(Untagged::Keep) }).await;
    let (promised, old) = (rig.push_blob("a", b"promised").await, rig.push_blob("a", b"old").await);
    let links = rig.folder.path().join("registry");
    assert_eq!(rig.server.collect_garbage().await.unwrap().links, 0, "both are young");
    make_old(&links);
    assert!(rig.has(&format!("a/blobs/{}", promised.digest)).await);
    assert_eq!(rig.server.collect_garbage().await.unwrap().links, 1);
    make_old(&links);
    rig.push_blob("a", b"promised").await;
    assert_eq!(rig.server.collect_garbage().await.unwrap().links, 0, "it was pushed again a moment ago");
    assert!(!rig.has(&format!("a/blobs/{}", old.digest)).await);
    let manifest = image(promised, None);
    assert_eq!(rig.put("a", media_types::IMAGE_MANIFEST, &manifest, "v1").await, StatusCode::CREATED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repository_with_a_damaged_manifest_is_spared() {
    let rig = Rig::start(at_once(Untagged::Delete)).await;
    let manifest = rig.push_image("a", b"content", "", None).await;
    let digest = Digest::sha256(&manifest);
    let path = rig.folder.path().join("blobs/sha256").join(&digest.hex()[..2]).join(digest.hex());
    std::fs::write(path, b"{}").unwrap();
    let collected = rig.server.collect_garbage().await.unwrap();
    assert_eq!(collected, Default::default());
    assert!(rig.has(&format!("a/blobs/{}", Digest::sha256(b"content"))).await);
}

/// Clients push the same few blobs again and again, delete what they pushed, and mount it elsewhere, while collections
/// with no grace at all follow each other. A manifest that was accepted must have all its blobs, always.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pushes_go_on_while_garbage_is_collected() {
    let rig = Arc::new(Rig::start(at_once(Untagged::Delete)).await);
    let done = Arc::new(AtomicBool::new(false));
    let collecting = {
        let (rig, done) = (Arc::clone(&rig), Arc::clone(&done));
        tokio::spawn(async move {
            let mut rounds = 0;
            while !done.load(Ordering::Relaxed) {
                rig.server.collect_garbage().await.unwrap();
                rounds += 1;
            }
            rounds
        })
    };
    let pushing: Vec<_> = (0..4_u8)
        .map(|client| {
            let rig = Arc::clone(&rig);
            tokio::spawn(async move {
                let mut accepted = 0;
                for round in 0..30_u8 {
                    // Clients share contents, so that one's garbage is another's push.
                    let content = [round % 3];
                    let repository = format!("r{}", client % 2);
                    let manifest = image(rig.push_blob(&repository, &content).await, None);
                    let tag = format!("t{client}");
                    match rig.put(&repository, media_types::IMAGE_MANIFEST, &manifest, &tag).await {
                        StatusCode::CREATED => {
                            accepted += 1;
                            let blob = format!("{repository}/blobs/{}", Digest::sha256(&content));
                            assert!(rig.has(&blob).await, "a manifest was accepted and its blob is gone");
                            assert!(rig.blobs.size_bytes(&Digest::sha256(&content)).await.unwrap().is_some());
                        }
                        // Without any grace the blob may go before the manifest comes; the client is told.
                        StatusCode::BAD_REQUEST => {}
                        status => panic!("{status}"),
                    }
                }
                accepted
            })
        })
        .collect();
    let mut accepted = 0;
    for task in pushing {
        accepted += task.await.unwrap();
    }
    done.store(true, Ordering::Relaxed);
    let rounds = collecting.await.unwrap();
    assert!(accepted > 10 && rounds > 5, "{accepted} pushes beside {rounds} collections show nothing");
}
