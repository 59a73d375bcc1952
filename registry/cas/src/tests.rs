//! The contract over the implementations of this room, and what only memory promises.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::Arc;

use registry_oci::Digest;

use crate::contract::keeps_the_contract;
use crate::{BlobError, Blobs as _, FolderBlobs, MemoryBlobs, put_bytes};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_keeps_the_contract() {
    keeps_the_contract(Arc::new(MemoryBlobs::new(64 << 20))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn folder_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    keeps_the_contract(Arc::new(FolderBlobs::open(folder.path()).await.unwrap())).await;
}

#[tokio::test]
async fn memory_past_its_limit_fails_as_a_full_disk() {
    let blobs = MemoryBlobs::new(10);
    put_bytes(&blobs, b"0123456").await.unwrap();
    let error = put_bytes(&blobs, b"abcd").await.unwrap_err();
    assert!(error.is_disk_full(), "{error}");
    assert!(!BlobError::NotFound(Digest::sha256(b"")).is_disk_full());
    blobs.delete(&Digest::sha256(b"0123456")).await.unwrap();
    put_bytes(&blobs, b"abcd").await.unwrap();
}
