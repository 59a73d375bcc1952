//! A blob on its way into the folder.
//! Never blocks the caller's thread: hashing and file work happen on the blocking pool, one buffer behind.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use registry_oci::{Algorithm, Digest, Hasher};
use tempfile::NamedTempFile;
use tokio::task::{JoinHandle, spawn_blocking};

use super::{Folders, blocking};
use crate::{BlobError, BlobWriter, durable};

/// How much is gathered before the disk is touched. A smaller blob needs a single trip to the blocking pool.
const BUFFER_BYTES: usize = 256 << 10;

pub(super) struct FolderWriter {
    folders: Arc<Folders>,
    algorithm: Algorithm,
    buffer: Vec<u8>,
    sink: Sink,
    written_bytes: u64,
}

/// Where the bytes before the buffer are.
enum Sink {
    /// There are none yet.
    Empty,
    /// In the file.
    Ready(Box<Spill>),
    /// On their way into the file. The handle is kept here, so that a caller who stops waiting loses nothing.
    Busy(JoinHandle<io::Result<Box<Spill>>>),
    /// Lost; the error was reported then.
    Broken,
}

struct Spill {
    file: NamedTempFile,
    hasher: Hasher,
}

impl Spill {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hasher.update(bytes);
        self.file.write_all(bytes)
    }
}

impl FolderWriter {
    pub(super) fn new(folders: Arc<Folders>, algorithm: Algorithm) -> Self {
        Self { folders, algorithm, buffer: Vec::new(), sink: Sink::Empty, written_bytes: 0 }
    }

    fn action(&self) -> String {
        format!("writing to {}", self.folders.incoming.folder().display())
    }

    /// Waits for the buffer that is under way.
    async fn settle(&mut self) -> Result<(), BlobError> {
        if let Sink::Busy(under_way) = &mut self.sink {
            let result = under_way.await.unwrap_or_else(|stopped| Err(io::Error::other(stopped)));
            match result {
                Ok(spill) => self.sink = Sink::Ready(spill),
                Err(error) => {
                    self.sink = Sink::Broken;
                    return Err(BlobError::io(self.action(), error));
                }
            }
        }
        if matches!(self.sink, Sink::Broken) {
            return Err(BlobError::io(self.action(), io::Error::other("an earlier write of this blob failed")));
        }
        Ok(())
    }

    /// Sends the full buffer on its way.
    async fn spill(&mut self) -> Result<(), BlobError> {
        self.settle().await?;
        let buffer = std::mem::replace(&mut self.buffer, Vec::with_capacity(BUFFER_BYTES));
        let before = std::mem::replace(&mut self.sink, Sink::Broken);
        let (folders, algorithm) = (Arc::clone(&self.folders), self.algorithm);
        self.sink = Sink::Busy(spawn_blocking(move || {
            let mut spill = match before {
                Sink::Ready(spill) => spill,
                _ => Box::new(Spill { file: folders.incoming.file()?, hasher: Hasher::new(algorithm) }),
            };
            spill.append(&buffer)?;
            Ok(spill)
        }));
        Ok(())
    }
}

#[async_trait]
impl BlobWriter for FolderWriter {
    async fn write(&mut self, mut bytes: &[u8]) -> Result<(), BlobError> {
        if matches!(self.sink, Sink::Broken) {
            self.settle().await?;
        }
        while !bytes.is_empty() {
            if self.buffer.len() == BUFFER_BYTES {
                self.spill().await?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(BUFFER_BYTES - self.buffer.len()));
            self.buffer.extend_from_slice(now);
            self.written_bytes += now.len() as u64;
            bytes = later;
        }
        Ok(())
    }

    fn written_bytes(&self) -> u64 {
        self.written_bytes
    }

    async fn finish(mut self: Box<Self>, expected: Option<&Digest>) -> Result<Digest, BlobError> {
        self.settle().await?;
        let action = self.action();
        let expected_digest = expected.cloned();
        let finished = blocking(action, move || self.commit(expected_digest.as_ref())).await?;
        match (finished, expected) {
            (Finished::Kept(digest), _) => Ok(digest),
            (Finished::Mismatch(actual), Some(expected)) => {
                Err(BlobError::DigestMismatch { expected: expected.clone(), actual })
            }
            (Finished::Mismatch(_), None) => unreachable!("nothing was expected that could differ"),
        }
    }
}

/// How a blob ended.
enum Finished {
    Kept(Digest),
    Mismatch(Digest),
}

impl FolderWriter {
    fn commit(self, expected: Option<&Digest>) -> io::Result<Finished> {
        let spill = match self.sink {
            Sink::Ready(mut spill) => {
                spill.append(&self.buffer)?;
                Some(*spill)
            }
            _ => None,
        };
        let algorithm = expected.map_or(self.algorithm, Digest::algorithm);
        let (mut file, actual) = match spill {
            Some(Spill { file, hasher }) if algorithm == self.algorithm => (Some(file), hasher.finish()),
            Some(Spill { mut file, .. }) => {
                let digest = hash_again(file.as_file_mut(), algorithm)?;
                (Some(file), digest)
            }
            None => {
                let mut hasher = Hasher::new(algorithm);
                hasher.update(&self.buffer);
                (None, hasher.finish())
            }
        };
        if expected.is_some_and(|expected| *expected != actual) {
            return Ok(Finished::Mismatch(actual));
        }
        let path = self.folders.path_of(&actual);
        if std::fs::metadata(&path).is_ok_and(|metadata| metadata.len() == self.written_bytes) {
            // Whoever wrote it first may still be about to sync the folder, and this caller will rely on it too.
            durable::sync_folder(shelf_of(&path))?;
            return Ok(Finished::Kept(actual));
        }
        if file.is_none() {
            let mut small = self.folders.incoming.file()?;
            small.write_all(&self.buffer)?;
            file = Some(small);
        }
        if let Some(file) = file {
            place(file, &path)?;
        }
        Ok(Finished::Kept(actual))
    }
}

fn place(file: NamedTempFile, path: &Path) -> io::Result<()> {
    file.as_file().sync_all()?;
    durable::create_folders(shelf_of(path))?;
    file.persist(path).map_err(|failed| failed.error)?;
    durable::sync_folder(shelf_of(path))
}

/// The folder that a blob's file lies in.
fn shelf_of(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

fn hash_again(file: &mut File, algorithm: Algorithm) -> io::Result<Digest> {
    let mut hasher = Hasher::new(algorithm);
    let mut piece = vec![0; BUFFER_BYTES];
    file.seek(SeekFrom::Start(0))?;
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hasher.finish()),
            length => hasher.update(&piece[..length]),
        }
    }
}
