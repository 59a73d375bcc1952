//! Artifacts, data sets, models: reading what the step was handed, writing what it makes.
//! Never holds more of a content in memory than one chunk of [`CHUNK_BYTES`], unless asked to.

#[cfg_attr(target_family = "wasm", path = "handles/wasm.rs")]
#[cfg_attr(not(target_family = "wasm"), path = "handles/native.rs")]
pub(crate) mod backend;
mod reader;
mod writer;

use std::io::Read as _;

pub use backend::{Artifact, ClassScores, ConfusionMatrix, DataError, DataSet, Description, Metrics, Model};
pub use reader::Reader;
pub use writer::Writer;

use crate::{Context, Failure, Result};

/// The most that one call to the host reads or writes: 1 MiB, as `sandmill:data` says.
pub const CHUNK_BYTES: usize = 1 << 20;

/// What the two backends give for each resource. Sealed: the resources are those of `sandmill:data`.
pub trait Content: Sized {
    /// The host's resource that takes the bytes of a new one.
    type Sink;

    /// Digest, media type, size and metadata.
    fn description(&self) -> Description;
    /// At most [`CHUNK_BYTES`] from the offset on; fewer than asked for mean the end.
    fn read_at(&self, offset_bytes: u64, length_bytes: u32) -> Result<Vec<u8>, DataError>;
    /// Starts a new one.
    fn start(media_type: &str) -> Self::Sink;
    /// Attaches a name and a value.
    fn set_metadata(sink: &Self::Sink, name: &str, value: &str) -> Result<(), DataError>;
    /// Appends at most [`CHUNK_BYTES`].
    fn append(sink: &Self::Sink, bytes: &[u8]) -> Result<(), DataError>;
    /// Seals the content.
    fn finish(sink: Self::Sink) -> Result<Self, DataError>;
}

/// What artifacts, data sets and models have in common: bytes that can be read, and made.
pub trait Handle: Content {
    /// A reader over the bytes, at the start.
    fn reader(&self) -> Reader<'_, Self> {
        Reader::new(self)
    }

    /// All bytes at once. Mind the step's memory limit; [`Handle::reader`] needs only a chunk.
    ///
    /// # Errors
    /// When the host cannot read its storage.
    fn read_to_end(&self) -> Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(usize::try_from(self.description().size_bytes).unwrap_or(0));
        self.reader().read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// All bytes as text.
    ///
    /// # Errors
    /// When the bytes are not UTF-8, or the host cannot read its storage.
    fn read_to_string(&self) -> Result<String> {
        String::from_utf8(self.read_to_end()?)
            .map_err(|error| Failure::new(format!("not UTF-8 text: {}", error.utf8_error())))
    }

    /// The value that the producing step attached under this name.
    fn metadata(&self, name: &str) -> Option<String> {
        self.description().metadata.into_iter().find_map(|(key, value)| (key == name).then_some(value))
    }

    /// Starts a new one of this media type. What is never finished is never stored.
    fn writer(media_type: &str) -> Writer<Self> {
        Writer::new(Self::start(media_type))
    }

    /// A new one with these bytes.
    ///
    /// # Errors
    /// When the step's output limit is reached or the host cannot write its storage.
    fn from_bytes(media_type: &str, bytes: &[u8]) -> Result<Self> {
        let mut writer = Self::writer(media_type);
        std::io::Write::write_all(&mut writer, bytes).context("cannot store the bytes")?;
        writer.finish()
    }
}

impl Handle for Artifact {}
impl Handle for DataSet {}
impl Handle for Model {}
