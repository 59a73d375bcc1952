//! Why an artifact could not be read or written, and how that is told.
//! Never hides the storage's own words.

use host_base::{Code, Failure};
use registry_cas::BlobError;
use registry_oci::Digest;
use thiserror::Error;

/// Why an artifact could not be read or written.
#[derive(Debug, Error)]
pub enum ArtifactError {
    /// The storage below refused or failed.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// A whole read of an artifact that is larger than the reader can take.
    #[error("artifact {digest} has {size_bytes} bytes, more than the {max_bytes} that can be read at once")]
    TooLarge {
        /// The artifact.
        digest: Digest,
        /// Its length.
        size_bytes: u64,
        /// The most that the reader takes.
        max_bytes: u64,
    },
    /// A media type that is none.
    #[error("`{0}` is not a media type: expected two names with a `/` between them, such as text/csv")]
    InvalidMediaType(String),
}

impl ArtifactError {
    /// The failure as people and programs meet it.
    #[must_use]
    pub fn to_failure(&self) -> Failure {
        let message = self.to_string();
        match self {
            Self::Blob(BlobError::NotFound(digest)) => {
                Failure::new(Code::ArtifactNotFound, format!("no artifact {digest} is stored here"))
                    .with_hint("it may have been deleted; run the step that makes it again")
            }
            Self::Blob(BlobError::DigestMismatch { .. }) => Failure::new(Code::DigestMismatch, message)
                .with_hint("the stored content was changed or damaged; delete it and run the step that makes it again"),
            Self::Blob(BlobError::OutOfRange { .. }) => Failure::new(Code::BadRequest, message),
            Self::Blob(BlobError::Io { source, .. }) if is_disk_full(source) => {
                Failure::new(Code::StorageFull, message)
                    .with_hint("free space in the data folder, then try again")
                    .retryable()
            }
            Self::Blob(_) => Failure::new(Code::StorageFailed, message)
                .with_hint("check that the data folder is there and may be written")
                .retryable(),
            Self::TooLarge { .. } => Failure::new(Code::TooLarge, message).with_hint("read it in pieces"),
            Self::InvalidMediaType(_) => Failure::new(Code::InvalidDocument, message),
        }
    }
}

/// A quota is a full disk as far as its user is concerned.
fn is_disk_full(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded)
}
