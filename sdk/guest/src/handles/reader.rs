//! `std::io` over a handle's bytes.
//! Never asks the host for less than a chunk while bytes are read in order.

use std::io::{self, BufRead, Read, Seek, SeekFrom};

use super::{CHUNK_BYTES, Content};

/// Reads a handle's bytes, in order or from anywhere. It buffers, so small reads are cheap.
#[derive(Debug)]
pub struct Reader<'a, H> {
    handle: &'a H,
    size_bytes: u64,
    /// What was fetched last, and the offset of its first byte.
    chunk: Vec<u8>,
    chunk_offset: u64,
    position: u64,
}

impl<'a, H: Content> Reader<'a, H> {
    pub(super) fn new(handle: &'a H) -> Self {
        let size_bytes = handle.description().size_bytes;
        Self { handle, size_bytes, chunk: Vec::new(), chunk_offset: 0, position: 0 }
    }

    /// Length of the whole content, in bytes.
    #[must_use]
    pub const fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Offset of the next byte to be read.
    #[must_use]
    pub const fn position(&self) -> u64 {
        self.position
    }

    /// What of the present chunk is still to be read; empty when another must be fetched.
    fn rest_of_chunk(&self) -> &[u8] {
        let start = self.position.checked_sub(self.chunk_offset).and_then(|start| usize::try_from(start).ok());
        start.and_then(|start| self.chunk.get(start..)).unwrap_or(&[])
    }
}

impl<H: Content> BufRead for Reader<'_, H> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.rest_of_chunk().is_empty() && self.position < self.size_bytes {
            self.chunk = self.handle.read_at(self.position, CHUNK_BYTES as u32).map_err(io::Error::other)?;
            self.chunk_offset = self.position;
            if self.chunk.is_empty() {
                return Err(io::Error::new(
                    io::ErrorKind::UnexpectedEof,
                    format!("the content ends at byte {} of {}", self.position, self.size_bytes),
                ));
            }
        }
        Ok(self.rest_of_chunk())
    }

    fn consume(&mut self, amount: usize) {
        self.position += amount.min(self.rest_of_chunk().len()) as u64;
    }
}

impl<H: Content> Read for Reader<'_, H> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let length = available.len().min(into.len());
        into[..length].copy_from_slice(&available[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl<H: Content> Seek for Reader<'_, H> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(offset) => self.size_bytes.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = target.ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidInput, "cannot seek to before the start of the content")
        })?;
        Ok(self.position)
    }
}
