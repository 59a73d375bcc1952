//! Our registry under limits, full disks, damaged blobs and slow clients.
//! Never lets one client's trouble reach another.

use std::sync::Arc;
use std::time::{Duration, Instant};

use registry_cas::MemoryBlobs;
use registry_client::RegistryError;
use registry_server::{RegistryConfig, RegistryServer};
use reqwest::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::endpoints::{Api, header};
use crate::kit::*;

async fn api_with(configure: impl FnOnce(&mut RegistryConfig)) -> Api {
    Api { registry: OurRegistry::start_in(tempfile::tempdir().unwrap(), configure).await, http: http() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_blob_past_the_limit_is_refused() {
    let api = api_with(|config| config.blob_bytes_max = 1000).await;
    let response = api
        .send(
            Method::POST,
            &format!("/v2/a/blobs/uploads/?digest={}", registry_oci::Digest::sha256(b"")),
            &[],
            &content(1001),
        )
        .await;
    assert_eq!(response.status(), 413);
    api.push_blob("a", &content(1000)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_upload_left_alone_longest_makes_room() {
    let api = api_with(|config| config.uploads_max = 2).await;
    let mut uploads = Vec::new();
    for _ in 0..3 {
        let begun = api.send(Method::POST, "/v2/a/blobs/uploads/", &[], b"").await;
        assert_eq!(begun.status(), 202);
        uploads.push(header(&begun, "location").to_owned());
    }
    let mut statuses = Vec::new();
    for upload in &uploads {
        statuses.push(api.send(Method::GET, upload, &[], b"").await.status().as_u16());
    }
    assert_eq!(statuses, [404, 204, 204]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_stops_sending_is_not_waited_for() {
    let api = api_with(|config| config.body_idle_millis_max = 200).await;
    let begun = api.send(Method::POST, "/v2/a/blobs/uploads/", &[], b"").await;
    let upload = header(&begun, "location").to_owned();
    let mut connection = TcpStream::connect(&api.registry.address).await.unwrap();
    let head = format!("PATCH {upload} HTTP/1.1\r\nHost: registry\r\nContent-Length: 1000\r\n\r\nhalf");
    connection.write_all(head.as_bytes()).await.unwrap();
    let started = Instant::now();
    let mut answer = [0; 12];
    connection.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 408");
    assert!(started.elapsed() < Duration::from_secs(5));
    let status = api.send(Method::GET, &upload, &[], b"").await;
    assert_eq!(header(&status, "range"), "0-3", "what came is kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_the_registrys_own_failure() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Arc::new(MemoryBlobs::new(100_000));
    let server = RegistryServer::open(RegistryConfig::new(folder.path()), blobs).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(server.serve(listener, std::future::pending()));
    let url =
        format!("http://{address}/v2/a/blobs/uploads/?digest={}", registry_oci::Digest::sha256(&content(100_001)));
    let response = http().post(url).body(content(100_001)).send().await.unwrap();
    assert_eq!(response.status(), 507);
    assert!(response.text().await.unwrap().contains("the registry's disk is full"));
    client(&address).push_component(&reference("a:1"), content(1000).into(), &description()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_blob_is_noticed_by_whoever_pulls_it() {
    let registry = OurRegistry::start().await;
    let client = client(&registry.address);
    let component = content(50_000);
    client.push_component(&reference("a:1"), component.clone().into(), &description()).await.unwrap();
    let resolved = client.resolve(&reference("a:1")).await.unwrap();
    let hex = resolved.component_digest.hex().to_owned();
    let path = registry.path().join("blobs/sha256").join(&hex[..2]).join(&hex);
    let mut forged = component;
    forged[1] ^= 1;
    std::fs::write(&path, &forged).unwrap();
    let error = client.pull_component(&resolved, &memory()).await.unwrap_err();
    assert!(matches!(error, RegistryError::DigestMismatch { .. }), "{error}");

    std::fs::write(&path, &forged[..10]).unwrap();
    let error = client.pull_component(&resolved, &memory()).await.unwrap_err();
    assert!(matches!(error, RegistryError::Protocol { .. }), "{error}");

    let hex = resolved.manifest_digest.hex().to_owned();
    let path = registry.path().join("blobs/sha256").join(&hex[..2]).join(&hex);
    std::fs::write(path, b"{}").unwrap();
    assert_eq!(http().get(registry.url("/v2/a/manifests/1")).send().await.unwrap().status(), 500);
}

/// The blobs are shared with other rooms; the registry serves only what was pushed to it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blobs_that_were_not_pushed_are_not_served() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Arc::new(memory());
    let private = registry_cas::put_bytes(&*blobs, b"another room's secret").await.unwrap();
    let server = RegistryServer::open(RegistryConfig::new(folder.path()), blobs).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(server.serve(listener, std::future::pending()));
    for path in [format!("blobs/{private}"), format!("manifests/{private}")] {
        assert_eq!(http().get(format!("http://{address}/v2/a/{path}")).send().await.unwrap().status(), 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_does_not_wait_for_a_stuck_client() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = RegistryConfig::new(folder.path());
    config.drain_millis_max = 200;
    let server = RegistryServer::open(config, Arc::new(memory())).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(server.serve(listener, async { drop(stopped.await) }));
    let mut stuck = TcpStream::connect(address).await.unwrap();
    stuck.write_all(b"POST /v2/a/blobs/uploads/ HTTP/1.1\r\nHost: x\r\nContent-Le").await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(5), serving).await.unwrap().unwrap();
}

/// Clients come, begin an upload and are never seen again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_abandoned_uploads_neither_pile_up_nor_shut_others_out() {
    let api = api_with(|config| config.upload_idle_millis_max = 1).await;
    for _ in 0..2_000 {
        let begun = api.send(Method::POST, "/v2/a/blobs/uploads/", &[], b"some of it").await;
        assert_eq!(begun.status(), 202);
    }
    api.push_blob("a", &content(1000)).await;
    let api = api_with(|config| config.uploads_max = 16).await;
    for _ in 0..500 {
        assert_eq!(api.send(Method::POST, "/v2/a/blobs/uploads/", &[], b"").await.status(), 202);
    }
    api.push_blob("a", &content(1000)).await;
}
