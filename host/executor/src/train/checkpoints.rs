//! Where jobs keep their checkpoints: a folder each, so that one job's are never another's to delete.
//! Never hands out a checkpoint whose bytes are not those that were written.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use host_artifacts::Artifacts;
use host_base::{ArtifactRef, Code, Failure, RunId};
use host_training::Checkpoint;
use registry_cas::{BlobError, BlobWriter, Blobs, FolderBlobs, SharedBlobs};
use registry_oci::{Algorithm, Digest, Hasher};

/// Bytes read at once while a checkpoint is looked through.
const READ_BYTES: usize = 1 << 20;

/// The folder of one node's checkpoints.
pub(crate) struct Checkpoints {
    folder: PathBuf,
}

/// The checkpoints of one job.
#[derive(Clone)]
pub(crate) struct JobCheckpoints {
    blobs: Arc<FolderBlobs>,
}

impl Checkpoints {
    pub(crate) fn under(data_folder: &Path) -> Self {
        Self { folder: data_folder.join("checkpoints") }
    }

    /// Those of one job, made now where there are none.
    pub(crate) async fn of(&self, job: &RunId) -> Result<JobCheckpoints, Failure> {
        let blobs = FolderBlobs::open(&self.folder.join(job.to_string())).await.map_err(|error| {
            Failure::new(Code::StorageFailed, format!("the job's checkpoints cannot be opened: {error}"))
                .with_hint("check the disk that the data folder is on")
                .retryable()
        })?;
        Ok(JobCheckpoints { blobs: Arc::new(blobs) })
    }

    /// Deletes those of a job that nobody goes on with.
    pub(crate) async fn remove(&self, job: &RunId) {
        let folder = self.folder.join(job.to_string());
        match tokio::fs::remove_dir_all(&folder).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                tracing::warn!(%job, %error, "a job's checkpoints could not be deleted");
            }
            _ => {}
        }
    }
}

impl JobCheckpoints {
    /// As guests write and read them: what is written goes to the job's own folder, and what is not found there is read
    /// from where everything else is kept, since a worker may look at its data while it writes its state down.
    pub(crate) fn artifacts(&self, others: SharedBlobs) -> Artifacts {
        Artifacts::new(Arc::new(OwnFirst { own: self.blobs.clone(), others }))
    }

    /// Refuses a checkpoint whose bytes are not all there, or are others.
    pub(crate) async fn check(&self, step: u64, checkpoint: &ArtifactRef) -> Result<(), Failure> {
        let mut hasher = Hasher::new(checkpoint.digest.algorithm());
        let mut offset = 0;
        while offset < checkpoint.size_bytes {
            let piece = match self.blobs.read(&checkpoint.digest, offset, READ_BYTES).await {
                Ok(piece) if !piece.is_empty() => piece,
                Ok(_) => break,
                Err(error) => return Err(unusable(step, &error.to_string())),
            };
            hasher.update(&piece);
            offset += piece.len() as u64;
        }
        let found = hasher.finish();
        if found == checkpoint.digest {
            return Ok(());
        }
        Err(unusable(step, &format!("its {offset} bytes hash to {found}, not to {}", checkpoint.digest)))
    }

    /// Deletes all but these, which are what the job's history names. Whoever calls this knows that no worker writes.
    pub(crate) async fn keep_only(&self, kept: &[Checkpoint]) {
        let Ok(found) = self.blobs.list().await else { return };
        for digest in found {
            if !kept.iter().any(|checkpoint| checkpoint.artifact.digest == digest)
                && let Err(error) = self.blobs.delete(&digest).await
            {
                tracing::warn!(checkpoint = %digest, %error, "a checkpoint could not be deleted");
            }
        }
    }

    pub(crate) async fn delete(&self, checkpoint: &ArtifactRef) {
        if let Err(error) = self.blobs.delete(&checkpoint.digest).await {
            tracing::warn!(checkpoint = %checkpoint.digest, %error, "a checkpoint could not be deleted");
        }
    }
}

/// A job's checkpoints before everything else.
struct OwnFirst {
    own: Arc<FolderBlobs>,
    others: SharedBlobs,
}

#[async_trait]
impl Blobs for OwnFirst {
    async fn size_bytes(&self, digest: &Digest) -> Result<Option<u64>, BlobError> {
        match self.own.size_bytes(digest).await? {
            Some(size_bytes) => Ok(Some(size_bytes)),
            None => self.others.size_bytes(digest).await,
        }
    }

    async fn read(&self, digest: &Digest, offset_bytes: u64, length_bytes: usize) -> Result<Bytes, BlobError> {
        match self.own.read(digest, offset_bytes, length_bytes).await {
            Err(BlobError::NotFound(_)) => self.others.read(digest, offset_bytes, length_bytes).await,
            read => read,
        }
    }

    async fn writer(&self, algorithm: Algorithm) -> Result<Box<dyn BlobWriter>, BlobError> {
        self.own.writer(algorithm).await
    }

    async fn delete(&self, digest: &Digest) -> Result<(), BlobError> {
        self.own.delete(digest).await
    }

    async fn list(&self) -> Result<Vec<Digest>, BlobError> {
        self.own.list().await
    }
}

/// Why a checkpoint is not gone on from.
pub(crate) fn unusable(step: u64, reason: &str) -> Failure {
    Failure::new(Code::CheckpointUnusable, format!("the checkpoint of step {step} is not used: {reason}"))
        .with_hint("the job goes on from an older one")
}
