//! What goes first, what stays, and that two who share a folder do not hurt each other.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use registry_oci::Digest;

use super::BoundedBlobs;
use crate::contract::keeps_the_contract;
use crate::{BlobError, Blobs as _, FolderBlobs, put_bytes, read_all};

/// File times differ by less than this on no file system that tests run on.
const TICK: Duration = Duration::from_millis(20);

async fn bounded(folder: &Path, bytes_max: u64) -> BoundedBlobs {
    BoundedBlobs::new(FolderBlobs::open(folder).await.unwrap(), bytes_max)
}

async fn put(blobs: &BoundedBlobs, content: &[u8]) -> Digest {
    let digest = put_bytes(blobs, content).await.unwrap();
    tokio::time::sleep(TICK).await;
    digest
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bounded_blobs_keep_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    keeps_the_contract(Arc::new(bounded(folder.path(), 1 << 30).await)).await;
}

#[tokio::test]
async fn what_was_read_longest_ago_makes_room() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = bounded(folder.path(), 10).await;
    let first = put(&blobs, b"11111").await;
    let second = put(&blobs, b"22222").await;
    assert_eq!(blobs.list().await.unwrap().len(), 2, "exactly the limit is kept");
    assert_eq!(read_all(&blobs, &first, 5).await.unwrap(), "11111");
    tokio::time::sleep(TICK).await;
    let third = put(&blobs, b"3").await;
    assert_eq!(blobs.size_bytes(&second).await.unwrap(), None, "the first was read since");
    for kept in [&first, &third] {
        assert!(blobs.size_bytes(kept).await.unwrap().is_some());
    }
    assert!(matches!(blobs.read(&second, 0, 1).await, Err(BlobError::NotFound(_))));
    assert_eq!(put(&blobs, b"22222").await, second, "it can come back");
}

#[tokio::test]
async fn the_newest_stays_even_where_it_is_larger_than_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = bounded(folder.path(), 3).await;
    put(&blobs, b"1").await;
    let large = put(&blobs, b"larger than all").await;
    assert_eq!(blobs.list().await.unwrap(), std::slice::from_ref(&large));
    let small = put(&blobs, b"2").await;
    assert_eq!(blobs.list().await.unwrap(), [small], "and goes with the next one");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_is_not_cut_off_by_another_process_that_makes_room() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, theirs) = (bounded(folder.path(), 64).await, bounded(folder.path(), 64).await);
    for round in 0..20_u8 {
        let digest = put_bytes(&ours, &[round; 40]).await.unwrap();
        let content = [round, 1, 2].repeat(13);
        let (read, other) = tokio::join!(read_all(&ours, &digest, 40), put_bytes(&theirs, &content));
        other.unwrap();
        match read {
            Ok(bytes) => assert_eq!(bytes, [round; 40].as_slice()),
            Err(error) => assert!(matches!(error, BlobError::NotFound(_)), "whole or gone, nothing else: {error}"),
        }
    }
    let total = ours.list().await.unwrap().len();
    assert!(total <= 2, "{total} blobs of about 40 bytes are kept under 64");
}
