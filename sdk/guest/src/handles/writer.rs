//! `std::io::Write` into a new artifact, data set or model.
//! Never sends the host a call for fewer bytes than a chunk, but for the last.

use std::io::{self, Write};

use super::{CHUNK_BYTES, Content};
use crate::Result;

/// Writes a new content. Dropping it unfinished discards what was written.
#[derive(Debug)]
pub struct Writer<H: Content> {
    sink: H::Sink,
    buffer: Vec<u8>,
}

impl<H: Content> Writer<H> {
    pub(super) const fn new(sink: H::Sink) -> Self {
        Self { sink, buffer: Vec::new() }
    }

    /// Attaches a name and a value; a name set twice keeps the later value.
    ///
    /// # Errors
    /// When the host refuses the name or the value.
    pub fn set_metadata(&mut self, name: &str, value: &str) -> Result<()> {
        Ok(H::set_metadata(&self.sink, name, value)?)
    }

    /// The host's resource behind it, for interfaces of the host that write into it. What was written here may wait.
    #[doc(hidden)]
    pub const fn sink(&self) -> &H::Sink {
        &self.sink
    }

    /// Stores the content and returns its handle.
    ///
    /// # Errors
    /// When the step's output limit is reached or the host cannot write its storage.
    pub fn finish(mut self) -> Result<H> {
        self.flush()?;
        Ok(H::finish(self.sink)?)
    }
}

impl<H: Content> Write for Writer<H> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = CHUNK_BYTES - self.buffer.len();
        let taken = room.min(bytes.len());
        self.buffer.extend_from_slice(&bytes[..taken]);
        if self.buffer.len() == CHUNK_BYTES {
            self.flush()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.buffer.is_empty() {
            H::append(&self.sink, &self.buffer).map_err(io::Error::other)?;
            self.buffer.clear();
        }
        Ok(())
    }
}
