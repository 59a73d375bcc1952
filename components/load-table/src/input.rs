//! The file to load: bytes that can be read from anywhere, whether an artifact or a mounted file.
//! Never holds more of it in memory than what was asked for.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use sdk_guest::prelude::*;

/// A file to load. Clones are the same file.
#[derive(Clone)]
pub(crate) struct Input {
    source: Arc<Source>,
    size_bytes: u64,
}

enum Source {
    Artifact(Artifact),
    // Reading moves the file's one position, so readers take turns.
    File(Mutex<File>),
}

impl Input {
    pub(crate) fn from_artifact(artifact: Artifact) -> Self {
        let size_bytes = artifact.describe().size_bytes;
        Self { source: Arc::new(Source::Artifact(artifact)), size_bytes }
    }

    pub(crate) fn open(path: &str) -> Result<Self> {
        let opened = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
        let (metadata, file) = opened.map_err(|error| {
            Failure::new(format!("cannot open `{path}`: {error}"))
                .with_hint("grant the step the folder under `files`, and write the path as the step sees it")
        })?;
        if !metadata.is_file() {
            return Err(Failure::new(format!("`{path}` is not a file")).with_hint("write the path of one file"));
        }
        Ok(Self { source: Arc::new(Source::File(Mutex::new(file))), size_bytes: metadata.len() })
    }

    pub(crate) fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// A reader that begins at the offset. It does not buffer.
    pub(crate) fn reader_at(&self, offset_bytes: u64) -> InputReader {
        InputReader { input: self.clone(), position: offset_bytes }
    }

    /// The first bytes, fewer where the file is shorter.
    pub(crate) fn head(&self, length_bytes: usize) -> Result<Vec<u8>> {
        let mut head = Vec::new();
        self.reader_at(0).take(length_bytes as u64).read_to_end(&mut head)?;
        Ok(head)
    }

    fn read_at(&self, offset_bytes: u64, into: &mut [u8]) -> io::Result<usize> {
        if offset_bytes >= self.size_bytes {
            return Ok(0);
        }
        match &*self.source {
            Source::Artifact(artifact) => {
                let length = u32::try_from(into.len()).unwrap_or(u32::MAX);
                let bytes = artifact.read(offset_bytes, length).map_err(io::Error::other)?;
                into[..bytes.len()].copy_from_slice(&bytes);
                Ok(bytes.len())
            }
            Source::File(file) => {
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(offset_bytes))?;
                file.read(into)
            }
        }
    }
}

/// Reads a file in order.
pub(crate) struct InputReader {
    input: Input,
    position: u64,
}

impl Read for InputReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read_at(self.position, into)?;
        self.position += length as u64;
        Ok(length)
    }
}
