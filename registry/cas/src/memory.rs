//! Blobs in memory, for tests and for nodes that keep nothing.
//! Never grows past the limit it was made with.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use registry_oci::{Algorithm, Digest, Hasher};

use crate::{BlobError, BlobWriter, Blobs};

/// Blobs in memory. Cloning shares them.
#[derive(Clone)]
pub struct MemoryBlobs(Arc<Shared>);

struct Shared {
    bytes_max: u64,
    kept: RwLock<Kept>,
}

#[derive(Default)]
struct Kept {
    blobs: HashMap<Digest, Bytes>,
    bytes: u64,
}

impl MemoryBlobs {
    /// Starts empty. What would go past `bytes_max` fails as a full disk does.
    #[must_use]
    pub fn new(bytes_max: u64) -> Self {
        Self(Arc::new(Shared { bytes_max, kept: RwLock::default() }))
    }

    fn read_kept<T>(&self, read: impl FnOnce(&Kept) -> T) -> T {
        // Each change is complete before the lock is let go, so a panic elsewhere left nothing half done.
        read(&self.0.kept.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn change_kept<T>(&self, change: impl FnOnce(&mut Kept) -> T) -> T {
        change(&mut self.0.kept.write().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Blobs for MemoryBlobs {
    async fn size_bytes(&self, digest: &Digest) -> Result<Option<u64>, BlobError> {
        Ok(self.read_kept(|kept| kept.blobs.get(digest).map(|blob| blob.len() as u64)))
    }

    async fn read(&self, digest: &Digest, offset_bytes: u64, length_bytes: usize) -> Result<Bytes, BlobError> {
        let blob = self
            .read_kept(|kept| kept.blobs.get(digest).cloned())
            .ok_or_else(|| BlobError::NotFound(digest.clone()))?;
        let size_bytes = blob.len() as u64;
        match usize::try_from(offset_bytes) {
            Ok(start) if start <= blob.len() => {
                Ok(blob.slice(start..start.saturating_add(length_bytes).min(blob.len())))
            }
            _ => Err(BlobError::OutOfRange { offset_bytes, size_bytes }),
        }
    }

    async fn writer(&self, algorithm: Algorithm) -> Result<Box<dyn BlobWriter>, BlobError> {
        Ok(Box::new(MemoryWriter { blobs: self.clone(), algorithm, bytes: BytesMut::new() }))
    }

    async fn delete(&self, digest: &Digest) -> Result<(), BlobError> {
        self.change_kept(|kept| {
            if let Some(blob) = kept.blobs.remove(digest) {
                kept.bytes -= blob.len() as u64;
            }
        });
        Ok(())
    }

    async fn list(&self) -> Result<Vec<Digest>, BlobError> {
        Ok(self.read_kept(|kept| kept.blobs.keys().cloned().collect()))
    }
}

struct MemoryWriter {
    blobs: MemoryBlobs,
    algorithm: Algorithm,
    bytes: BytesMut,
}

impl MemoryWriter {
    fn full(&self) -> BlobError {
        let action = format!("keeping at most {} bytes in memory", self.blobs.0.bytes_max);
        BlobError::io(action, io::Error::from(io::ErrorKind::StorageFull))
    }
}

#[async_trait]
impl BlobWriter for MemoryWriter {
    async fn write(&mut self, bytes: &[u8]) -> Result<(), BlobError> {
        let kept = self.blobs.read_kept(|kept| kept.bytes);
        if kept + self.written_bytes() + bytes.len() as u64 > self.blobs.0.bytes_max {
            return Err(self.full());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn written_bytes(&self) -> u64 {
        self.bytes.len() as u64
    }

    async fn finish(self: Box<Self>, expected: Option<&Digest>) -> Result<Digest, BlobError> {
        let mut hasher = Hasher::new(expected.map_or(self.algorithm, Digest::algorithm));
        hasher.update(&self.bytes);
        let actual = hasher.finish();
        if let Some(expected) = expected
            && *expected != actual
        {
            return Err(BlobError::DigestMismatch { expected: expected.clone(), actual });
        }
        let size_bytes = self.written_bytes();
        let fits = self.blobs.change_kept(|kept| {
            if kept.blobs.contains_key(&actual) {
                return true;
            }
            let fits = kept.bytes + size_bytes <= self.blobs.0.bytes_max;
            if fits {
                kept.bytes += size_bytes;
                kept.blobs.insert(actual.clone(), self.bytes.clone().freeze());
            }
            fits
        });
        if fits { Ok(actual) } else { Err(self.full()) }
    }
}
