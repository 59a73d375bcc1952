//! Blobs as objects in a bucket of an S3-compatible store.
//! Never holds more of a blob in memory than two parts of an upload.

mod bucket;
mod connector;
mod objects;
#[cfg(test)]
mod tests;
mod writer;

use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures::TryStreamExt as _;
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt as _};
use registry_cas::{BlobError, BlobWriter, Blobs};
use registry_oci::{Algorithm, Digest};

use self::writer::ObjectWriter;

pub use self::bucket::{BucketAddress, BucketConfig, BucketError, BucketKeys};
pub use self::objects::{BucketObjects, ListedObject, ObjectContent};

/// Longest blob: the parts that S3 takes for one object, each as large as they are sent here.
pub const OBJECT_BYTES_MAX: u64 = 10_000 * PART_BYTES as u64;

/// What S3 copies in one request, which is how a large blob gets its name once that is known. A larger one is copied
/// through this process.
pub const COPY_BYTES_MAX: u64 = 5 << 30;

/// How much goes out at a time; the least that S3 takes as a part. A smaller blob is a single request.
const PART_BYTES: usize = 5 << 20;

const ALGORITHMS: [Algorithm; 2] = [Algorithm::Sha256, Algorithm::Sha512];

/// Blobs in a bucket: `<prefix>sha256/ab/<hex>`, with large ones in the making under `<prefix>incoming/`. Cloning
/// shares them; several processes may share the bucket.
#[derive(Clone)]
pub struct ObjectBlobs {
    place: Arc<Place>,
}

/// The bucket, and where in it.
struct Place {
    objects: Box<dyn ObjectStore>,
    prefix: String,
    copy_bytes_max: u64,
}

impl Place {
    fn path_of(&self, digest: &Digest) -> Path {
        let (algorithm, hex) = (digest.algorithm().name(), digest.hex());
        Path::from(format!("{}{algorithm}/{}/{hex}", self.prefix, &hex[..2]))
    }

    /// A name that nobody else has.
    fn incoming(&self) -> io::Result<Path> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        Ok(Path::from(format!("{}incoming/{}", self.prefix, hex::encode(bytes))))
    }

    async fn size_bytes(&self, path: &Path) -> Result<Option<u64>, BlobError> {
        match self.objects.head(path).await {
            Ok(object) => Ok(Some(object.size)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(&format!("looking at {path}"), error)),
        }
    }

    async fn delete(&self, path: &Path) -> Result<(), BlobError> {
        match self.objects.delete(path).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed(&format!("deleting {path}"), error)),
        }
    }
}

impl ObjectBlobs {
    /// Blobs over a store that is open already. The prefix is put before every name.
    #[must_use]
    pub fn over(objects: Box<dyn ObjectStore>, prefix: impl Into<String>) -> Self {
        Self::copying(objects, prefix, COPY_BYTES_MAX)
    }

    /// The same over a store that copies no object in one request that is larger than this.
    #[must_use]
    pub fn copying(objects: Box<dyn ObjectStore>, prefix: impl Into<String>, copy_bytes_max: u64) -> Self {
        Self { place: Arc::new(Place { objects, prefix: prefix.into(), copy_bytes_max }) }
    }
}

#[async_trait]
impl Blobs for ObjectBlobs {
    async fn size_bytes(&self, digest: &Digest) -> Result<Option<u64>, BlobError> {
        self.place.size_bytes(&self.place.path_of(digest)).await
    }

    async fn read(&self, digest: &Digest, offset_bytes: u64, length_bytes: usize) -> Result<Bytes, BlobError> {
        let path = self.place.path_of(digest);
        let end = offset_bytes.saturating_add(length_bytes as u64);
        let read = match end > offset_bytes {
            true => self.place.objects.get_range(&path, offset_bytes..end).await,
            // A store has no word for a range of nothing.
            false => Ok(Bytes::new()),
        };
        match read {
            Ok(bytes) if !bytes.is_empty() => return Ok(bytes),
            Err(Error::NotFound { .. }) => return Err(BlobError::NotFound(digest.clone())),
            _ => {}
        }
        // Stores refuse a range behind the end in words of their own, so the length decides.
        let size_bytes = self.place.size_bytes(&path).await?.ok_or_else(|| BlobError::NotFound(digest.clone()))?;
        match read {
            _ if offset_bytes > size_bytes => Err(BlobError::OutOfRange { offset_bytes, size_bytes }),
            Err(error) if offset_bytes < size_bytes => Err(failed(&format!("reading {path}"), error)),
            _ => Ok(Bytes::new()),
        }
    }

    async fn writer(&self, algorithm: Algorithm) -> Result<Box<dyn BlobWriter>, BlobError> {
        Ok(Box::new(ObjectWriter::new(Arc::clone(&self.place), algorithm)))
    }

    async fn delete(&self, digest: &Digest) -> Result<(), BlobError> {
        self.place.delete(&self.place.path_of(digest)).await
    }

    async fn list(&self) -> Result<Vec<Digest>, BlobError> {
        let mut digests = Vec::new();
        for algorithm in ALGORITHMS {
            let folder = Path::from(format!("{}{}", self.place.prefix, algorithm.name()));
            let mut objects = self.place.objects.list(Some(&folder));
            while let Some(object) =
                objects.try_next().await.map_err(|error| failed(&format!("listing {folder}"), error))?
            {
                // Whatever else somebody put there is none of ours.
                let name = object.location.filename().unwrap_or_default();
                digests.extend(format!("{}:{name}", algorithm.name()).parse::<Digest>().ok());
            }
        }
        Ok(digests)
    }
}

fn failed(action: &str, error: Error) -> BlobError {
    let kind = match &error {
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => io::ErrorKind::PermissionDenied,
        _ => io::ErrorKind::Other,
    };
    BlobError::Io { action: format!("{action} in the bucket"), source: io::Error::new(kind, error) }
}
