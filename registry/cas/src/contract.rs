//! What every implementation of the port must do, written once.
//! Never looks behind the port.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::Arc;

use registry_oci::{Algorithm, Digest, Hasher};

use crate::{BlobError, SharedBlobs, put_bytes, read_all};

/// More than any buffer of an implementation, and no multiple of one.
const LARGE_BYTES: usize = (11 << 20) + 17;

fn large() -> Vec<u8> {
    (0..LARGE_BYTES).map(|position| (position % 251) as u8).collect()
}

/// All of it, over storage that may have other blobs already.
///
/// # Panics
/// Where a promise is not kept.
pub async fn keeps_the_contract(blobs: SharedBlobs) {
    what_is_put_comes_back(&blobs).await;
    ranges_end_with_the_blob(&blobs).await;
    large_blobs_come_in_pieces(&blobs).await;
    wrong_content_is_discarded(&blobs).await;
    unfinished_blobs_are_never_seen(&blobs).await;
    the_expected_algorithm_decides(&blobs).await;
    many_writers_of_one_blob_agree(&blobs).await;
    deleting_is_idempotent(&blobs).await;
}

async fn what_is_put_comes_back(blobs: &SharedBlobs) {
    for content in [b"".as_slice(), b"a", b"hello"] {
        let digest = put_bytes(&**blobs, content).await.unwrap();
        assert_eq!(digest, Digest::sha256(content));
        assert_eq!(put_bytes(&**blobs, content).await.unwrap(), digest, "the second time as well");
        assert_eq!(blobs.size_bytes(&digest).await.unwrap(), Some(content.len() as u64));
        assert_eq!(read_all(&**blobs, &digest, 5).await.unwrap(), content);
        assert!(blobs.list().await.unwrap().contains(&digest));
    }
    let absent = Digest::sha256(b"never put");
    assert_eq!(blobs.size_bytes(&absent).await.unwrap(), None);
    assert!(matches!(blobs.read(&absent, 0, 1).await, Err(BlobError::NotFound(digest)) if digest == absent));
    assert!(matches!(read_all(&**blobs, &absent, 1).await, Err(BlobError::NotFound(_))));
    let error = read_all(&**blobs, &Digest::sha256(b"hello"), 4).await.unwrap_err();
    assert!(matches!(error, BlobError::TooLarge { size_bytes: 5, bytes_max: 4, .. }), "{error}");
}

async fn ranges_end_with_the_blob(blobs: &SharedBlobs) {
    let digest = put_bytes(&**blobs, b"0123456789").await.unwrap();
    for (offset, length, expected) in [(0, 4, "0123"), (4, 100, "456789"), (9, 1, "9"), (10, 5, ""), (3, 0, "")] {
        assert_eq!(blobs.read(&digest, offset, length).await.unwrap(), expected, "{offset}+{length}");
    }
    assert_eq!(blobs.read(&digest, 0, usize::MAX).await.unwrap(), "0123456789");
    for offset in [11, u64::MAX] {
        let error = blobs.read(&digest, offset, 1).await.unwrap_err();
        assert!(matches!(error, BlobError::OutOfRange { size_bytes: 10, .. }), "{error}");
    }
}

async fn large_blobs_come_in_pieces(blobs: &SharedBlobs) {
    let content = large();
    let digest = Digest::sha256(&content);
    let mut writer = blobs.writer(Algorithm::Sha256).await.unwrap();
    for (number, piece) in content.chunks(70_001).enumerate() {
        assert_eq!(writer.written_bytes(), number as u64 * 70_001);
        writer.write(piece).await.unwrap();
    }
    assert_eq!(writer.finish(Some(&digest)).await.unwrap(), digest);
    assert_eq!(read_all(&**blobs, &digest, LARGE_BYTES as u64).await.unwrap(), content);
    assert_eq!(blobs.read(&digest, 2 << 20, 3).await.unwrap(), content[2 << 20..][..3]);
}

async fn wrong_content_is_discarded(blobs: &SharedBlobs) {
    for content in [b"not what was announced".to_vec(), large()] {
        let expected = Digest::sha256(b"what was announced");
        let mut writer = blobs.writer(Algorithm::Sha256).await.unwrap();
        writer.write(&content[1..]).await.unwrap();
        let error = writer.finish(Some(&expected)).await.unwrap_err();
        assert!(matches!(error, BlobError::DigestMismatch { actual, .. } if actual == Digest::sha256(&content[1..])));
        assert_eq!(blobs.size_bytes(&expected).await.unwrap(), None);
        assert_eq!(blobs.size_bytes(&Digest::sha256(&content[1..])).await.unwrap(), None);
    }
}

async fn unfinished_blobs_are_never_seen(blobs: &SharedBlobs) {
    let before = blobs.list().await.unwrap().len();
    let content = [large(), b"unfinished".to_vec()].concat();
    let mut writer = blobs.writer(Algorithm::Sha256).await.unwrap();
    writer.write(&content).await.unwrap();
    assert_eq!(blobs.list().await.unwrap().len(), before);
    drop(writer);
    assert_eq!(blobs.size_bytes(&Digest::sha256(&content)).await.unwrap(), None);
    assert_eq!(blobs.list().await.unwrap().len(), before);
}

async fn the_expected_algorithm_decides(blobs: &SharedBlobs) {
    for content in [b"small".to_vec(), large()] {
        let mut hasher = Hasher::new(Algorithm::Sha512);
        hasher.update(&content);
        let expected = hasher.finish();
        let mut writer = blobs.writer(Algorithm::Sha256).await.unwrap();
        writer.write(&content).await.unwrap();
        assert_eq!(writer.finish(Some(&expected)).await.unwrap(), expected);
        assert_eq!(read_all(&**blobs, &expected, LARGE_BYTES as u64).await.unwrap(), content);
        assert!(blobs.list().await.unwrap().contains(&expected));
        blobs.delete(&expected).await.unwrap();
    }
}

async fn many_writers_of_one_blob_agree(blobs: &SharedBlobs) {
    let tasks: Vec<_> = (0..32)
        .map(|_| {
            let blobs = Arc::clone(blobs);
            tokio::spawn(async move { put_bytes(&*blobs, b"written by many at once").await.unwrap() })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), Digest::sha256(b"written by many at once"));
    }
    let digest = Digest::sha256(b"written by many at once");
    assert_eq!(blobs.list().await.unwrap().iter().filter(|listed| **listed == digest).count(), 1);
}

async fn deleting_is_idempotent(blobs: &SharedBlobs) {
    let digest = put_bytes(&**blobs, b"to be deleted").await.unwrap();
    for _ in 0..2 {
        blobs.delete(&digest).await.unwrap();
        assert_eq!(blobs.size_bytes(&digest).await.unwrap(), None);
    }
    assert_eq!(put_bytes(&**blobs, b"to be deleted").await.unwrap(), digest, "can be put again");
}
