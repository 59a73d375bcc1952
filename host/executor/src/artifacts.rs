//! Artifacts as the faces ask for them: upload, list, describe, read.
//! Never changes an artifact: content is addressed by its digest.

use std::collections::BTreeMap;

use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use host_base::{ArtifactKind, ArtifactRef, Code, Failure, RunId};
use host_ledger::{ArtifactRecord, ArtifactUse, Page};
use registry_oci::Digest;

use crate::Executor;
use crate::run::ledger_failure;

/// A larger upload is refused before it fills the disk.
pub const UPLOAD_BYTES_MAX: u64 = 64 << 30;
/// Artifacts on one page of a list.
const ARTIFACTS_PER_PAGE_MAX: usize = 200;

impl Executor {
    /// Keeps what the stream carries and returns its reference.
    pub async fn upload<E: std::fmt::Display>(
        &self,
        kind: ArtifactKind,
        media_type: &str,
        metadata: BTreeMap<String, String>,
        content: impl Stream<Item = Result<Bytes, E>> + Send,
    ) -> Result<ArtifactRef, Failure> {
        let storage = |error: host_artifacts::ArtifactError| error.to_failure();
        let mut writer = self.shared.artifacts.writer(kind, media_type, metadata).await.map_err(storage)?;
        let mut content = std::pin::pin!(content);
        while let Some(piece) = content.next().await {
            let piece = piece.map_err(|error| {
                Failure::new(Code::BadRequest, format!("the upload broke off: {error}")).with_hint("send it again")
            })?;
            if writer.written_bytes() + piece.len() as u64 > UPLOAD_BYTES_MAX {
                let message = format!("the upload is larger than {UPLOAD_BYTES_MAX} bytes");
                return Err(
                    Failure::new(Code::TooLarge, message).with_hint("split it, or mount the folder with a grant")
                );
            }
            writer.write(&piece).await.map_err(storage)?;
        }
        let artifact = writer.finish().await.map_err(storage)?;
        let now = self.shared.clock.now_millis();
        self.shared.ledger.record_upload(&artifact, now).await.map_err(ledger_failure)?;
        Ok(artifact)
    }

    /// Artifacts, newest first, also of one run only.
    pub async fn artifacts(
        &self,
        run: Option<&RunId>,
        page: Option<&str>,
        limit: usize,
    ) -> Result<Page<ArtifactRecord>, Failure> {
        let limit = limit.clamp(1, ARTIFACTS_PER_PAGE_MAX);
        self.shared.ledger.artifacts(run, page, limit).await.map_err(ledger_failure)
    }

    /// One artifact and who made it.
    pub async fn artifact(&self, digest: &Digest) -> Result<ArtifactRecord, Failure> {
        let found = self.shared.ledger.artifact(&digest.to_string()).await.map_err(ledger_failure)?;
        found.ok_or_else(|| {
            Failure::new(Code::ArtifactNotFound, format!("no artifact {digest} is kept here"))
                .with_hint("list what there is with `sandmill artifact list`")
        })
    }

    /// Steps that used an artifact, newest first.
    pub async fn artifact_uses(&self, digest: &Digest) -> Result<Vec<ArtifactUse>, Failure> {
        self.shared.ledger.artifact_uses(&digest.to_string()).await.map_err(ledger_failure)
    }

    /// At most `length_bytes` bytes of an artifact from `offset_bytes` on; fewer only at its end.
    pub async fn read_artifact(
        &self,
        digest: &Digest,
        offset_bytes: u64,
        length_bytes: usize,
    ) -> Result<Bytes, Failure> {
        let read = self.shared.artifacts.read(digest, offset_bytes, length_bytes).await;
        read.map_err(|error| error.to_failure())
    }
}
