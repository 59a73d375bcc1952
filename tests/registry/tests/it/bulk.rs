//! Large blobs and many clients at once.
//! Never measures speed: only that memory stays flat and that nobody's content gets mixed up.

use std::sync::Arc;

use bytes::Bytes;
use futures::{StreamExt as _, stream};
use registry_cas::read_all;
use registry_oci::{Algorithm, Digest, Hasher};
use reqwest::Body;

use crate::kit::*;

const PIECE_BYTES: usize = 1 << 20;
const PIECES: usize = 256;
/// Far less than the blob, and far more than both ends and the tests beside this one need.
const GROWTH_BYTES_MAX: u64 = 128 << 20;

fn pieces() -> impl Iterator<Item = Bytes> {
    (0..PIECES).map(|number| Bytes::from(vec![u8::try_from(number % 256).unwrap(); PIECE_BYTES]))
}

/// What this process holds in memory; none where the system does not say.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib * 1024)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_stays_flat_while_a_large_blob_goes_through() {
    let registry = OurRegistry::start().await;
    let mut hasher = Hasher::new(Algorithm::Sha256);
    pieces().for_each(|piece| hasher.update(&piece));
    let digest = hasher.finish();
    let Some(before) = resident_bytes() else {
        return skipped("this system does not tell a process how much memory it holds");
    };

    let body = Body::wrap_stream(stream::iter(pieces().map(Ok::<_, std::io::Error>)));
    let url = registry.url(&format!("/v2/a/blobs/uploads/?digest={digest}"));
    assert_eq!(http().post(url).body(body).send().await.unwrap().status(), 201);
    let after_push = resident_bytes().unwrap();

    let blob = http().get(registry.url(&format!("/v2/a/blobs/{digest}"))).send().await.unwrap();
    let mut hasher = Hasher::new(Algorithm::Sha256);
    let mut most = after_push;
    let mut stream = blob.bytes_stream();
    while let Some(piece) = stream.next().await {
        hasher.update(&piece.unwrap());
        most = most.max(resident_bytes().unwrap());
    }
    assert_eq!(hasher.finish(), digest);
    let growth = most.saturating_sub(before);
    assert!(growth < GROWTH_BYTES_MAX, "{growth} bytes more in memory for a blob of {} bytes", PIECES * PIECE_BYTES);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_clients_push_and_pull_at_once() {
    let registry = OurRegistry::start().await;
    let address: Arc<str> = registry.address.as_str().into();
    // Pairs of clients push the same component, all move the same tag, and each has a repository of its own.
    let tasks: Vec<_> = (0..16_usize)
        .map(|number| {
            let address = Arc::clone(&address);
            tokio::spawn(async move {
                let client = client(&address);
                let component = content(100_000 + number / 2);
                let own = reference(&format!("team-{number}/step:1"));
                for name in [&reference("shared/step:latest"), &own] {
                    client.push_component(name, component.clone().into(), &description()).await.unwrap();
                }
                let resolved = client.resolve(&own).await.unwrap();
                let blobs = memory();
                let digest = client.pull_component(&resolved, &blobs).await.unwrap();
                assert_eq!(digest, Digest::sha256(&component));
                assert_eq!(read_all(&blobs, &digest, 200_000).await.unwrap(), component);
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let client = client(&address);
    let shared = client.resolve(&reference("shared/step")).await.unwrap();
    client.pull_component(&shared, &memory()).await.unwrap();
    assert_eq!(client.list_tags(&reference("shared/step")).await.unwrap(), ["latest"]);
}
