//! Small blobs in one piece.
//! Never used for content whose size nobody bounded.

use bytes::{Bytes, BytesMut};
use registry_oci::{Algorithm, Digest, Hasher};

use crate::{BlobError, Blobs};

/// Most bytes that one read takes while a blob is gathered.
const PIECE_BYTES_MAX: usize = 1 << 20;

/// Keeps these bytes and names them by their SHA-256 digest.
///
/// # Errors
/// Where the storage fails.
pub async fn put_bytes(blobs: &dyn Blobs, bytes: &[u8]) -> Result<Digest, BlobError> {
    let mut writer = blobs.writer(Algorithm::Sha256).await?;
    writer.write(bytes).await?;
    writer.finish(None).await
}

/// A whole blob, checked against its digest.
///
/// # Errors
/// Where the blob is not stored, is larger than `bytes_max`, no longer hashes to its digest, or the storage fails.
pub async fn read_all(blobs: &dyn Blobs, digest: &Digest, bytes_max: u64) -> Result<Bytes, BlobError> {
    let size_bytes = blobs.size_bytes(digest).await?.ok_or_else(|| BlobError::NotFound(digest.clone()))?;
    if size_bytes > bytes_max {
        return Err(BlobError::TooLarge { digest: digest.clone(), size_bytes, bytes_max });
    }
    let first = blobs.read(digest, 0, PIECE_BYTES_MAX).await?;
    let whole = if first.len() as u64 >= size_bytes { first } else { gather(blobs, digest, first, size_bytes).await? };
    let mut hasher = Hasher::new(digest.algorithm());
    hasher.update(&whole);
    let actual = hasher.finish();
    if actual != *digest {
        return Err(BlobError::DigestMismatch { expected: digest.clone(), actual });
    }
    Ok(whole)
}

async fn gather(blobs: &dyn Blobs, digest: &Digest, first: Bytes, size_bytes: u64) -> Result<Bytes, BlobError> {
    let mut whole = BytesMut::from(first);
    while (whole.len() as u64) < size_bytes {
        let piece = blobs.read(digest, whole.len() as u64, PIECE_BYTES_MAX).await?;
        if piece.is_empty() {
            // Shorter than a moment ago; the digest tells the caller.
            break;
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole.freeze())
}
