//! An import's content on its way into the store of artifacts, within the step's limit.
//! Never keeps a content of which a part did not come.

use std::collections::BTreeMap;

use host_artifacts::{ArtifactError, ArtifactWriter};
use host_base::{ArtifactKind, ArtifactRef, Failure};
use host_runtime::{FOLDER_MEDIA_TYPE, LAYOUT_FOLDER, LAYOUT_KEY};

use super::{Import, OCTETS, failed};

/// A content that is being written.
pub(super) struct Keeping<'import> {
    uri: &'import str,
    bytes_max: u64,
    written_bytes: u64,
    writer: ArtifactWriter,
}

impl<'import> Keeping<'import> {
    /// A file. What a server says of its content need not be a media type; a file of any bytes is made of it then.
    pub(super) async fn file(uri: &'import str, media_type: &str, import: &Import<'_>) -> Result<Self, Failure> {
        match Self::begin(uri, media_type, BTreeMap::new(), import).await {
            Err(ArtifactError::InvalidMediaType(_)) => Self::begin(uri, OCTETS, BTreeMap::new(), import).await,
            other => other,
        }
        .map_err(|error| error.to_failure())
    }

    /// A folder, as one archive.
    pub(super) async fn folder(uri: &'import str, import: &Import<'_>) -> Result<Self, Failure> {
        let metadata = BTreeMap::from([(LAYOUT_KEY.to_owned(), LAYOUT_FOLDER.to_owned())]);
        Self::begin(uri, FOLDER_MEDIA_TYPE, metadata, import).await.map_err(|error| error.to_failure())
    }

    async fn begin(
        uri: &'import str,
        media_type: &str,
        metadata: BTreeMap<String, String>,
        import: &Import<'_>,
    ) -> Result<Self, ArtifactError> {
        let writer = import.artifacts.writer(ArtifactKind::Artifact, media_type, metadata).await?;
        Ok(Self { uri, bytes_max: import.limits.output_bytes_max, written_bytes: 0, writer })
    }

    /// Refuses a content that is announced to be larger than what is left.
    pub(super) fn expect(&self, size_bytes: u64) -> Result<(), Failure> {
        if self.written_bytes.saturating_add(size_bytes) > self.bytes_max {
            return Err(failed(self.uri, &format!("it is larger than output_bytes_max = {}", self.bytes_max)));
        }
        Ok(())
    }

    pub(super) async fn write(&mut self, piece: &[u8]) -> Result<(), Failure> {
        self.expect(piece.len() as u64)?;
        self.written_bytes += piece.len() as u64;
        self.writer.write(piece).await.map_err(|error| error.to_failure())
    }

    pub(super) async fn finish(self) -> Result<ArtifactRef, Failure> {
        self.writer.finish().await.map_err(|error| error.to_failure())
    }
}
