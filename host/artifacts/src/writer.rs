//! An artifact in the making.
//! Never shows up anywhere before it is finished; dropping it discards what was written.

use std::collections::BTreeMap;

use host_base::{ArtifactKind, ArtifactRef};
use registry_cas::BlobWriter;

use crate::ArtifactError;

/// Takes an artifact's bytes piece by piece.
pub struct ArtifactWriter {
    pub(crate) blob: Box<dyn BlobWriter>,
    pub(crate) kind: ArtifactKind,
    pub(crate) media_type: String,
    pub(crate) metadata: BTreeMap<String, String>,
}

impl ArtifactWriter {
    /// Appends bytes.
    ///
    /// # Errors
    /// When the storage fails, for example because it is full.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), ArtifactError> {
        Ok(self.blob.write(bytes).await?)
    }

    /// Bytes written so far.
    #[must_use]
    pub fn written_bytes(&self) -> u64 {
        self.blob.written_bytes()
    }

    /// Attaches a name and a value; a name set twice keeps the later value.
    pub fn set_metadata(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.metadata.insert(name.into(), value.into());
    }

    /// Makes the artifact durable and returns its reference.
    ///
    /// # Errors
    /// When the storage fails; then nothing was kept.
    pub async fn finish(self) -> Result<ArtifactRef, ArtifactError> {
        let size_bytes = self.blob.written_bytes();
        let digest = self.blob.finish(None).await?;
        Ok(ArtifactRef { digest, kind: self.kind, media_type: self.media_type, size_bytes, metadata: self.metadata })
    }
}
