//! Artifacts over blobs in memory: what is put is read, what is wrong is said.
//! Never tests a storage; `registry/cas` does.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use host_base::Code;
use registry_cas::MemoryBlobs;

use super::*;

fn artifacts(bytes_max: u64) -> Artifacts {
    Artifacts::new(Arc::new(MemoryBlobs::new(bytes_max)))
}

async fn put(artifacts: &Artifacts, media_type: &str, bytes: &[u8]) -> Result<ArtifactRef, ArtifactError> {
    artifacts.put(ArtifactKind::DataSet, media_type, BTreeMap::new(), bytes).await
}

#[tokio::test]
async fn what_is_put_is_read() {
    let artifacts = artifacts(1 << 20);
    let artifact = put(&artifacts, "text/csv", b"a,b\n").await.unwrap();
    assert_eq!((artifact.digest.clone(), artifact.size_bytes), (Digest::sha256(b"a,b\n"), 4));
    assert_eq!((artifact.kind, artifact.media_type.as_str()), (ArtifactKind::DataSet, "text/csv"));
    assert_eq!(artifacts.size_bytes(&artifact.digest).await.unwrap(), Some(4));
    assert_eq!(artifacts.read(&artifact.digest, 1, 2).await.unwrap(), &b",b"[..]);
    assert_eq!(artifacts.read_all(&artifact.digest, 4).await.unwrap(), &b"a,b\n"[..]);
}

#[tokio::test]
async fn pieces_and_metadata_come_together() {
    let artifacts = artifacts(1 << 20);
    let metadata = BTreeMap::from([("rows".to_owned(), "1".to_owned())]);
    let mut writer = artifacts.writer(ArtifactKind::Model, "text/plain", metadata).await.unwrap();
    writer.write(b"one").await.unwrap();
    writer.write(b"two").await.unwrap();
    writer.set_metadata("rows", "2");
    assert_eq!(writer.written_bytes(), 6);
    let artifact = writer.finish().await.unwrap();
    assert_eq!((artifact.digest, artifact.size_bytes), (Digest::sha256(b"onetwo"), 6));
    assert_eq!(artifact.metadata["rows"], "2");
}

#[tokio::test]
async fn a_read_of_more_than_one_piece_is_whole() {
    let artifacts = artifacts(8 << 20);
    let content: Vec<u8> = (0..READ_BYTES_MAX * 2 + 7).map(|index| (index % 251) as u8).collect();
    let artifact = put(&artifacts, "application/octet-stream", &content).await.unwrap();
    assert_eq!(artifacts.read_all(&artifact.digest, u64::MAX).await.unwrap(), content);
}

#[tokio::test]
async fn errors_carry_their_codes() {
    let artifacts = artifacts(10);
    let missing = Digest::sha256(b"missing");
    let failure = artifacts.read_all(&missing, 10).await.unwrap_err().to_failure();
    assert_eq!(failure.code, Code::ArtifactNotFound);
    assert_eq!(artifacts.size_bytes(&missing).await.unwrap(), None);
    let artifact = put(&artifacts, "text/csv", b"12345").await.unwrap();
    let failure = artifacts.read_all(&artifact.digest, 4).await.unwrap_err().to_failure();
    assert_eq!(failure.code, Code::TooLarge);
    let failure = put(&artifacts, "text/csv", b"more than ten bytes").await.unwrap_err().to_failure();
    assert_eq!((failure.code, failure.retryable), (Code::StorageFull, true));
}
