//! The port: what every blob storage offers.
//! Never buffers a whole blob; content moves in pieces that the caller chooses.

use std::io::ErrorKind;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use registry_oci::{Algorithm, Digest};
use thiserror::Error;

/// Why a blob could not be read or written.
#[derive(Debug, Error)]
pub enum BlobError {
    /// No blob of this digest is stored.
    #[error("no blob {0} is stored here")]
    NotFound(Digest),
    /// The bytes do not hash to the digest they were announced under; nothing was kept.
    #[error("the content hashes to {actual}, not to the announced {expected}")]
    DigestMismatch {
        /// What the caller announced.
        expected: Digest,
        /// What the bytes hash to.
        actual: Digest,
    },
    /// A range outside the blob.
    #[error("offset {offset_bytes} lies past the blob's {size_bytes} bytes")]
    OutOfRange {
        /// First byte asked for.
        offset_bytes: u64,
        /// Length of the blob.
        size_bytes: u64,
    },
    /// More than the caller is ready to hold in memory.
    #[error("blob {digest} has {size_bytes} bytes, more than the {bytes_max} that are allowed here")]
    TooLarge {
        /// The blob.
        digest: Digest,
        /// Its length.
        size_bytes: u64,
        /// The caller's limit.
        bytes_max: u64,
    },
    /// The storage itself failed.
    #[error("blob storage failed while {action}: {source}")]
    Io {
        /// What was being done, with the path.
        action: String,
        /// Why it failed.
        source: std::io::Error,
    },
}

impl BlobError {
    /// Whether the disk, or the share of it that this user may fill, is full. Freeing space mends it.
    #[must_use]
    pub fn is_disk_full(&self) -> bool {
        matches!(self, Self::Io { source, .. }
            if matches!(source.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded))
    }

    pub(crate) fn io(action: impl Into<String>, source: std::io::Error) -> Self {
        Self::Io { action: action.into(), source }
    }
}

/// Blobs by digest. Cloning the handle shares the storage.
#[async_trait]
pub trait Blobs: Send + Sync + 'static {
    /// Size in bytes, or none where the blob is not stored.
    async fn size_bytes(&self, digest: &Digest) -> Result<Option<u64>, BlobError>;

    /// At most `length_bytes` bytes from `offset_bytes` on; fewer only at the end of the blob.
    async fn read(&self, digest: &Digest, offset_bytes: u64, length_bytes: usize) -> Result<Bytes, BlobError>;

    /// Starts a new blob. What is written shows up only once finished.
    async fn writer(&self, algorithm: Algorithm) -> Result<Box<dyn BlobWriter>, BlobError>;

    /// Removes a blob; removing one that is not stored is no error.
    async fn delete(&self, digest: &Digest) -> Result<(), BlobError>;

    /// Digests of all blobs, in no order.
    async fn list(&self) -> Result<Vec<Digest>, BlobError>;
}

/// A blob in the making. Dropping it unfinished discards what was written.
#[async_trait]
pub trait BlobWriter: Send + Sync {
    /// Appends bytes. Dropping the future half way loses none of the bytes that `written_bytes` counts;
    /// after an error the blob can no longer be finished.
    async fn write(&mut self, bytes: &[u8]) -> Result<(), BlobError>;

    /// Bytes written so far.
    fn written_bytes(&self) -> u64;

    /// Makes the blob durable and visible. With `expected`, other content is refused and discarded;
    /// its algorithm then decides which digest the blob is kept under.
    async fn finish(self: Box<Self>, expected: Option<&Digest>) -> Result<Digest, BlobError>;
}

/// How the rooms above hold their storage.
pub type SharedBlobs = Arc<dyn Blobs>;
