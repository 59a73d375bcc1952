//! Blobs as files under one folder: `sha256/ab/<hex>`, with the unfinished ones in `incoming/`.
//! Never shows a blob under its name before all of it is on the disk.

mod incoming;
#[cfg(test)]
mod tests;
mod usage;
mod writer;

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use registry_oci::{Algorithm, Digest};

use self::incoming::Incoming;
use self::writer::FolderWriter;
use crate::{BlobError, BlobWriter, Blobs, durable};

const ALGORITHMS: [Algorithm; 2] = [Algorithm::Sha256, Algorithm::Sha512];

/// Blobs in a folder. Cloning shares them; several processes may share the folder.
#[derive(Clone)]
pub struct FolderBlobs {
    folders: Arc<Folders>,
}

/// Where everything lies.
struct Folders {
    root: PathBuf,
    incoming: Incoming,
}

impl FolderBlobs {
    /// Opens a folder, which is created where it is missing, and clears away what killed processes left unfinished.
    ///
    /// # Errors
    /// Where the folder cannot be created, read or written.
    pub async fn open(root: &Path) -> Result<Self, BlobError> {
        let root = root.to_owned();
        let action = format!("opening the folder {}", root.display());
        blocking(action, move || {
            durable::create_folders(&root)?;
            let incoming = Incoming::open(&root.join("incoming"))?;
            Ok(Self { folders: Arc::new(Folders { root, incoming }) })
        })
        .await
    }
}

impl Folders {
    fn path_of(&self, digest: &Digest) -> PathBuf {
        self.root.join(digest.algorithm().name()).join(&digest.hex()[..2]).join(digest.hex())
    }

    fn all(&self) -> io::Result<Vec<Digest>> {
        let mut digests = Vec::new();
        for algorithm in ALGORITHMS {
            for shelf in entries(&self.root.join(algorithm.name()))? {
                for name in entries(&shelf)?.iter().filter_map(|path| path.file_name()?.to_str()) {
                    // Whatever else somebody put there is none of ours.
                    digests.extend(format!("{}:{name}", algorithm.name()).parse::<Digest>().ok());
                }
            }
        }
        Ok(digests)
    }
}

#[async_trait]
impl Blobs for FolderBlobs {
    async fn size_bytes(&self, digest: &Digest) -> Result<Option<u64>, BlobError> {
        let path = self.folders.path_of(digest);
        blocking(format!("looking at {}", path.display()), move || match fs::metadata(path) {
            Ok(metadata) => Ok(Some(metadata.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        })
        .await
    }

    async fn read(&self, digest: &Digest, offset_bytes: u64, length_bytes: usize) -> Result<Bytes, BlobError> {
        let path = self.folders.path_of(digest);
        let action = format!("reading {}", path.display());
        match blocking(action, move || read_range(&path, offset_bytes, length_bytes)).await? {
            Range::Bytes(bytes) => Ok(bytes),
            Range::Outside { size_bytes } => Err(BlobError::OutOfRange { offset_bytes, size_bytes }),
            Range::NoFile => Err(BlobError::NotFound(digest.clone())),
        }
    }

    async fn writer(&self, algorithm: Algorithm) -> Result<Box<dyn BlobWriter>, BlobError> {
        Ok(Box::new(FolderWriter::new(Arc::clone(&self.folders), algorithm)))
    }

    async fn delete(&self, digest: &Digest) -> Result<(), BlobError> {
        let path = self.folders.path_of(digest);
        blocking(format!("deleting {}", path.display()), move || durable::remove_file(&path)).await
    }

    async fn list(&self) -> Result<Vec<Digest>, BlobError> {
        let folders = Arc::clone(&self.folders);
        blocking(format!("listing {}", folders.root.display()), move || folders.all()).await
    }
}

/// What a read found.
enum Range {
    Bytes(Bytes),
    Outside { size_bytes: u64 },
    NoFile,
}

fn read_range(path: &Path, offset_bytes: u64, length_bytes: usize) -> io::Result<Range> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Range::NoFile),
        Err(error) => return Err(error),
    };
    let size_bytes = file.metadata()?.len();
    let Some(rest_bytes) = size_bytes.checked_sub(offset_bytes) else {
        return Ok(Range::Outside { size_bytes });
    };
    // Never more than the file has, however much the caller asks for.
    let wanted = rest_bytes.min(length_bytes as u64);
    let mut bytes = Vec::with_capacity(usize::try_from(wanted).unwrap_or(length_bytes));
    file.seek(SeekFrom::Start(offset_bytes))?;
    file.take(wanted).read_to_end(&mut bytes)?;
    Ok(Range::Bytes(bytes.into()))
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| entry.map(|entry| entry.path())).collect(),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Runs file work where blocking is allowed. Once begun it ends, even where nobody waits for it any more.
async fn blocking<T, F>(action: String, work: F) -> Result<T, BlobError>
where
    T: Send + 'static,
    F: FnOnce() -> io::Result<T> + Send + 'static,
{
    let result = tokio::task::spawn_blocking(work).await.unwrap_or_else(|stopped| Err(io::Error::other(stopped)));
    result.map_err(|source| BlobError::io(action, source))
}
