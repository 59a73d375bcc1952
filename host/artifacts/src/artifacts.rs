//! The handle through which all rooms read and write artifacts.
//! Never keeps a list of them: what exists is known to the blobs, what it means to the ledger.

use std::collections::BTreeMap;

use bytes::{Bytes, BytesMut};
use host_base::artifact::is_media_type;
use host_base::{ArtifactKind, ArtifactRef};
use registry_cas::{BlobError, SharedBlobs};
use registry_oci::{Algorithm, Digest};

use crate::{ArtifactError, ArtifactWriter};

/// One read of the storage at most; whole reads are made of these.
const READ_BYTES_MAX: usize = 1 << 20;

/// Artifacts over blobs. Cloning the handle shares the storage.
#[derive(Clone)]
pub struct Artifacts {
    blobs: SharedBlobs,
}

impl Artifacts {
    /// Artifacts kept in these blobs.
    #[must_use]
    pub const fn new(blobs: SharedBlobs) -> Self {
        Self { blobs }
    }

    /// Keeps bytes that are at hand as a whole.
    ///
    /// # Errors
    /// When the media type is none or the storage fails.
    pub async fn put(
        &self,
        kind: ArtifactKind,
        media_type: &str,
        metadata: BTreeMap<String, String>,
        bytes: &[u8],
    ) -> Result<ArtifactRef, ArtifactError> {
        let mut writer = self.writer(kind, media_type, metadata).await?;
        writer.write(bytes).await?;
        writer.finish().await
    }

    /// Starts an artifact that is written piece by piece.
    ///
    /// # Errors
    /// When the media type is none or the storage fails.
    pub async fn writer(
        &self,
        kind: ArtifactKind,
        media_type: &str,
        metadata: BTreeMap<String, String>,
    ) -> Result<ArtifactWriter, ArtifactError> {
        if !is_media_type(media_type) {
            return Err(ArtifactError::InvalidMediaType(media_type.to_owned()));
        }
        let blob = self.blobs.writer(Algorithm::Sha256).await?;
        Ok(ArtifactWriter { blob, kind, media_type: media_type.to_owned(), metadata })
    }

    /// At most `length_bytes` bytes from `offset_bytes` on; fewer only at the artifact's end.
    ///
    /// # Errors
    /// When there is no such artifact, the offset lies past its end, or the storage fails.
    pub async fn read(&self, digest: &Digest, offset_bytes: u64, length_bytes: usize) -> Result<Bytes, ArtifactError> {
        Ok(self.blobs.read(digest, offset_bytes, length_bytes).await?)
    }

    /// The whole content, refused where it is longer than `max_bytes`.
    ///
    /// # Errors
    /// When there is no such artifact, it is too large, or the storage fails.
    pub async fn read_all(&self, digest: &Digest, max_bytes: u64) -> Result<Bytes, ArtifactError> {
        let size_bytes = self.size_bytes(digest).await?.ok_or_else(|| BlobError::NotFound(digest.clone()))?;
        if size_bytes > max_bytes {
            return Err(ArtifactError::TooLarge { digest: digest.clone(), size_bytes, max_bytes });
        }
        let mut content = BytesMut::new();
        while (content.len() as u64) < size_bytes {
            let piece = self.blobs.read(digest, content.len() as u64, READ_BYTES_MAX).await?;
            if piece.is_empty() {
                break;
            }
            content.extend_from_slice(&piece);
        }
        Ok(content.freeze())
    }

    /// Length of the content in bytes, or none where there is no such artifact.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn size_bytes(&self, digest: &Digest) -> Result<Option<u64>, ArtifactError> {
        Ok(self.blobs.size_bytes(digest).await?)
    }
}

#[cfg(test)]
mod tests;
