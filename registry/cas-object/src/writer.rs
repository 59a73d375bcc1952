//! A blob on its way into the bucket.
//! Never under its name before all of it is there: an object appears whole or not at all.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStoreExt as _};
use registry_cas::{BlobError, BlobWriter};
use registry_oci::{Algorithm, Digest, Hasher};
use tokio::task::JoinHandle;

use crate::{OBJECT_BYTES_MAX, PART_BYTES, Place, failed};

/// Read back at a time where a blob is hashed again.
const PIECE_BYTES: usize = 1 << 20;

pub(crate) struct ObjectWriter {
    place: Arc<Place>,
    algorithm: Algorithm,
    /// None once the blob can no longer be finished.
    hasher: Option<Hasher>,
    buffer: Vec<u8>,
    parts: Option<Parts>,
    written_bytes: u64,
}

/// The parts before the buffer.
struct Parts {
    path: Path,
    /// Never locked: whoever has the parts has them alone. The port wants writers that can be shared.
    upload: Mutex<Box<dyn MultipartUpload>>,
    /// Kept here, so that a caller who stops waiting loses nothing.
    under_way: Option<JoinHandle<object_store::Result<()>>>,
}

impl Parts {
    fn upload(&mut self) -> &mut dyn MultipartUpload {
        self.upload.get_mut().unwrap_or_else(PoisonError::into_inner).as_mut()
    }

    async fn settle(&mut self) -> Result<(), BlobError> {
        let Some(under_way) = &mut self.under_way else { return Ok(()) };
        let sent = under_way.await;
        self.under_way = None;
        match sent {
            Ok(sent) => sent.map_err(|error| failed("uploading a part", error)),
            Err(stopped) => Err(broken("uploading a part", io::Error::other(stopped))),
        }
    }
}

impl ObjectWriter {
    pub(crate) fn new(place: Arc<Place>, algorithm: Algorithm) -> Self {
        let hasher = Some(Hasher::new(algorithm));
        Self { place, algorithm, hasher, buffer: Vec::new(), parts: None, written_bytes: 0 }
    }

    /// Sends the full buffer on its way.
    async fn spill(&mut self) -> Result<(), BlobError> {
        let parts = match &mut self.parts {
            Some(parts) => parts,
            None => {
                let path = self.place.incoming().map_err(|error| broken("naming an upload", error))?;
                let upload = self.place.objects.put_multipart(&path).await;
                let upload = upload.map_err(|error| failed("beginning an upload", error))?;
                self.parts.insert(Parts { path, upload: Mutex::new(upload), under_way: None })
            }
        };
        parts.settle().await?;
        let buffer = std::mem::replace(&mut self.buffer, Vec::with_capacity(PART_BYTES));
        parts.under_way = Some(tokio::spawn(parts.upload().put_part(buffer.into())));
        Ok(())
    }

    async fn take(&mut self, mut bytes: &[u8]) -> Result<(), BlobError> {
        if self.written_bytes + bytes.len() as u64 > OBJECT_BYTES_MAX {
            let message = format!("a blob in a bucket has at most {OBJECT_BYTES_MAX} bytes");
            return Err(broken("writing", io::Error::new(io::ErrorKind::FileTooLarge, message)));
        }
        while !bytes.is_empty() {
            if self.buffer.len() == PART_BYTES {
                self.spill().await?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(PART_BYTES - self.buffer.len()));
            if let Some(hasher) = &mut self.hasher {
                hasher.update(now);
            }
            self.buffer.extend_from_slice(now);
            self.written_bytes += now.len() as u64;
            bytes = later;
        }
        Ok(())
    }

    /// The digest of what was written; under another algorithm than was foreseen it is hashed again.
    async fn digest(&mut self, algorithm: Algorithm, whole: Option<&Path>) -> Result<Digest, BlobError> {
        let Some(hasher) = self.hasher.take() else {
            return Err(broken("finishing", io::Error::other("an earlier write of this blob failed")));
        };
        if algorithm == self.algorithm {
            return Ok(hasher.finish());
        }
        let mut hasher = Hasher::new(algorithm);
        let Some(path) = whole else {
            hasher.update(&self.buffer);
            return Ok(hasher.finish());
        };
        let mut offset = 0;
        while offset < self.written_bytes {
            let end = (offset + PIECE_BYTES as u64).min(self.written_bytes);
            let piece = self.place.objects.get_range(path, offset..end).await;
            hasher.update(&piece.map_err(|error| failed("reading back", error))?);
            offset = end;
        }
        Ok(hasher.finish())
    }

    async fn finish_small(&mut self, expected: Option<&Digest>) -> Result<Digest, BlobError> {
        let actual = self.digest(expected.map_or(self.algorithm, Digest::algorithm), None).await?;
        agree(&actual, expected)?;
        let content = std::mem::take(&mut self.buffer);
        let put = self.place.objects.put(&self.place.path_of(&actual), content.into()).await;
        put.map_err(|error| failed("writing", error))?;
        Ok(actual)
    }

    async fn finish_large(&mut self, expected: Option<&Digest>) -> Result<Digest, BlobError> {
        if !self.buffer.is_empty() {
            self.spill().await?;
        }
        let Some(mut parts) = self.parts.take() else { return self.finish_small(expected).await };
        let completed = match parts.settle().await {
            Ok(()) => parts.upload().complete().await.map_err(|error| failed("completing an upload", error)),
            Err(error) => Err(error),
        };
        if let Err(error) = completed {
            abort(parts);
            return Err(error);
        }
        let named = self.name(&parts.path, expected).await;
        // Under its name or not at all: what lies there is no longer needed.
        let deleted = self.place.delete(&parts.path).await;
        let digest = named?;
        deleted?;
        Ok(digest)
    }

    async fn name(&mut self, path: &Path, expected: Option<&Digest>) -> Result<Digest, BlobError> {
        let actual = self.digest(expected.map_or(self.algorithm, Digest::algorithm), Some(path)).await?;
        agree(&actual, expected)?;
        let target = self.place.path_of(&actual);
        if self.written_bytes <= self.place.copy_bytes_max {
            let copied = self.place.objects.copy(path, &target).await;
            copied.map_err(|error| failed("naming a blob", error))?;
        } else {
            self.copy_in_parts(path, &target).await?;
        }
        Ok(actual)
    }

    /// Copies what the store would not copy at once. The copy appears whole or not at all.
    async fn copy_in_parts(&self, from: &Path, to: &Path) -> Result<(), BlobError> {
        let upload = self.place.objects.put_multipart(to).await;
        let mut upload = upload.map_err(|error| failed("naming a blob", error))?;
        let copied = self.send_parts(from, upload.as_mut()).await;
        if copied.is_err()
            && let Err(error) = upload.abort().await
        {
            tracing::warn!(%error, path = %to, "an abandoned copy stays in the bucket");
        }
        copied
    }

    async fn send_parts(&self, from: &Path, upload: &mut dyn MultipartUpload) -> Result<(), BlobError> {
        let mut offset = 0;
        while offset < self.written_bytes {
            let end = (offset + PART_BYTES as u64).min(self.written_bytes);
            let part = self.place.objects.get_range(from, offset..end).await;
            let part = part.map_err(|error| failed("reading back", error))?;
            upload.put_part(part.into()).await.map_err(|error| failed("copying a part", error))?;
            offset = end;
        }
        upload.complete().await.map(drop).map_err(|error| failed("completing a copy", error))
    }
}

#[async_trait]
impl BlobWriter for ObjectWriter {
    async fn write(&mut self, bytes: &[u8]) -> Result<(), BlobError> {
        if self.hasher.is_none() {
            return Err(broken("writing", io::Error::other("an earlier write of this blob failed")));
        }
        let taken = self.take(bytes).await;
        if taken.is_err() {
            self.hasher = None;
        }
        taken
    }

    fn written_bytes(&self) -> u64 {
        self.written_bytes
    }

    async fn finish(mut self: Box<Self>, expected: Option<&Digest>) -> Result<Digest, BlobError> {
        match self.parts {
            None => self.finish_small(expected).await,
            Some(_) => self.finish_large(expected).await,
        }
    }
}

impl Drop for ObjectWriter {
    fn drop(&mut self) {
        if let Some(parts) = self.parts.take() {
            abort(parts);
        }
    }
}

/// Lets the store forget the parts, without waiting for it.
fn abort(mut parts: Parts) {
    // Without a runtime the process is ending; the bucket's rule for abandoned uploads clears up then.
    let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
    runtime.spawn(async move {
        if let Some(under_way) = parts.under_way.take() {
            let _ = under_way.await;
        }
        if let Err(error) = parts.upload().abort().await {
            tracing::warn!(%error, path = %parts.path, "an abandoned upload stays in the bucket");
        }
    });
}

fn agree(actual: &Digest, expected: Option<&Digest>) -> Result<(), BlobError> {
    match expected {
        Some(expected) if expected != actual => {
            Err(BlobError::DigestMismatch { expected: expected.clone(), actual: actual.clone() })
        }
        _ => Ok(()),
    }
}

fn broken(action: &str, source: io::Error) -> BlobError {
    BlobError::Io { action: format!("{action} in the bucket"), source }
}
