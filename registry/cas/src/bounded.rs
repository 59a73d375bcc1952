//! Blobs in a folder that grows to a limit: what was read longest ago makes room for what is new.
//! Never the only place of anything: whatever is kept here can go at any time and must be fetched again then.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use registry_oci::{Algorithm, Digest};
use tokio::sync::Mutex;

use crate::{BlobError, BlobWriter, Blobs, FolderBlobs};

/// A folder of copies with a limit. Cloning shares it; several processes may share the folder, each with its own limit.
#[derive(Clone)]
pub struct BoundedBlobs {
    shared: Arc<Shared>,
}

struct Shared {
    folder: FolderBlobs,
    bytes_max: u64,
    /// Held while room is made, so that two who are done at once do not delete twice as much.
    making_room: Mutex<()>,
}

impl BoundedBlobs {
    /// Keeps at most `bytes_max` bytes in the folder, counted when a blob is finished. The newest blob stays even where
    /// it is larger than that: somebody is about to read it.
    #[must_use]
    pub fn new(folder: FolderBlobs, bytes_max: u64) -> Self {
        Self { shared: Arc::new(Shared { folder, bytes_max, making_room: Mutex::new(()) }) }
    }
}

impl Shared {
    /// Deletes what was used longest ago until the limit is kept.
    async fn make_room(&self, newest: &Digest) -> Result<(), BlobError> {
        let _turn = self.making_room.lock().await;
        let mut kept = self.folder.usage().await?;
        let mut total_bytes: u64 = kept.iter().map(|blob| blob.size_bytes).sum();
        if total_bytes <= self.bytes_max {
            return Ok(());
        }
        kept.sort_by_key(|blob| blob.used_at);
        for blob in kept.iter().filter(|blob| blob.digest != *newest) {
            self.folder.delete(&blob.digest).await?;
            total_bytes = total_bytes.saturating_sub(blob.size_bytes);
            if total_bytes <= self.bytes_max {
                break;
            }
        }
        Ok(())
    }
}

#[async_trait]
impl Blobs for BoundedBlobs {
    async fn size_bytes(&self, digest: &Digest) -> Result<Option<u64>, BlobError> {
        self.shared.folder.size_bytes(digest).await
    }

    async fn read(&self, digest: &Digest, offset_bytes: u64, length_bytes: usize) -> Result<Bytes, BlobError> {
        let bytes = self.shared.folder.read(digest, offset_bytes, length_bytes).await?;
        if offset_bytes == 0 {
            self.shared.folder.touch(digest).await?;
        }
        Ok(bytes)
    }

    async fn writer(&self, algorithm: Algorithm) -> Result<Box<dyn BlobWriter>, BlobError> {
        let writer = self.shared.folder.writer(algorithm).await?;
        Ok(Box::new(BoundedWriter { shared: Arc::clone(&self.shared), writer }))
    }

    async fn delete(&self, digest: &Digest) -> Result<(), BlobError> {
        self.shared.folder.delete(digest).await
    }

    async fn list(&self) -> Result<Vec<Digest>, BlobError> {
        self.shared.folder.list().await
    }
}

struct BoundedWriter {
    shared: Arc<Shared>,
    writer: Box<dyn BlobWriter>,
}

#[async_trait]
impl BlobWriter for BoundedWriter {
    async fn write(&mut self, bytes: &[u8]) -> Result<(), BlobError> {
        self.writer.write(bytes).await
    }

    fn written_bytes(&self) -> u64 {
        self.writer.written_bytes()
    }

    async fn finish(self: Box<Self>, expected: Option<&Digest>) -> Result<Digest, BlobError> {
        let Self { shared, writer } = *self;
        let digest = writer.finish(expected).await?;
        shared.make_room(&digest).await?;
        Ok(digest)
    }
}
