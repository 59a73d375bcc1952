//! Frames: a message with a payload beside it, so that bulk data is never encoded.
//! Never trusts a length: one that is too large is an error, not an allocation.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A message is small; what is large is payload.
const MESSAGE_BYTES_MAX: usize = 64 * 1024;
/// A tensor can be larger than this, but it crosses in pieces or is refused.
const PAYLOAD_BYTES_MAX: u64 = 8 << 30;

/// Bytes before a message: its own length (4), its payload's (8) and where that is (8), little-endian.
pub(crate) const HEAD_BYTES: usize = 20;
/// Where a payload is that follows its message.
const BEHIND: u64 = u64::MAX;

/// What a frame begins with.
pub(crate) struct Head {
    pub message_bytes: usize,
    pub payload: Payload,
}

/// A payload: how long it is and where. It must be read or skipped before the next frame is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Payload {
    pub(crate) bytes: usize,
    /// From which byte of the shared memory on; none where it follows its message.
    pub(crate) in_area: Option<u64>,
}

/// Head and message of a frame; the payload follows them, unless it is somewhere else.
///
/// # Errors
/// When the message is too large.
pub(crate) fn head_and_message<M: Serialize>(message: &M, payload: Payload) -> io::Result<Vec<u8>> {
    let frame = postcard::to_extend(message, vec![0; HEAD_BYTES]).map_err(invalid)?;
    finish_head(frame, payload)
}

fn finish_head(mut frame: Vec<u8>, payload: Payload) -> io::Result<Vec<u8>> {
    let message_bytes = frame.len() - HEAD_BYTES;
    if message_bytes > MESSAGE_BYTES_MAX {
        return Err(invalid(format!("a message of {message_bytes} bytes; at most {MESSAGE_BYTES_MAX} are sent")));
    }
    let message_bytes = u32::try_from(message_bytes).map_err(invalid)?;
    frame[..4].copy_from_slice(&message_bytes.to_le_bytes());
    frame[4..12].copy_from_slice(&(payload.bytes as u64).to_le_bytes());
    frame[12..HEAD_BYTES].copy_from_slice(&payload.in_area.unwrap_or(BEHIND).to_le_bytes());
    Ok(frame)
}

/// # Errors
/// When a length is beyond its limit.
pub(crate) fn parse_head(head: [u8; HEAD_BYTES]) -> io::Result<Head> {
    let [m0, m1, m2, m3, places @ ..] = head;
    let [p0, p1, p2, p3, p4, p5, p6, p7, a0, a1, a2, a3, a4, a5, a6, a7] = places;
    let message_bytes = u32::from_le_bytes([m0, m1, m2, m3]) as usize;
    let payload_bytes = u64::from_le_bytes([p0, p1, p2, p3, p4, p5, p6, p7]);
    let begins_at = u64::from_le_bytes([a0, a1, a2, a3, a4, a5, a6, a7]);
    if message_bytes > MESSAGE_BYTES_MAX || payload_bytes > PAYLOAD_BYTES_MAX {
        return Err(invalid(format!("a frame of {message_bytes} and {payload_bytes} bytes")));
    }
    let bytes = usize::try_from(payload_bytes).map_err(invalid)?;
    Ok(Head { message_bytes, payload: Payload { bytes, in_area: (begins_at != BEHIND).then_some(begins_at) } })
}

/// # Errors
/// When the bytes are no such message.
pub(crate) fn parse_message<M: DeserializeOwned>(bytes: &[u8]) -> io::Result<M> {
    postcard::from_bytes(bytes).map_err(invalid)
}

/// Writes a frame.
///
/// # Errors
/// When the other end is gone.
pub fn write<M: Serialize>(output: &mut impl Write, message: &M, payload: &[u8]) -> io::Result<()> {
    write_parts(output, message, &[payload])
}

/// Writes a frame whose payload lies in several places.
///
/// # Errors
/// When the other end is gone.
pub fn write_parts<M: Serialize>(output: &mut impl Write, message: &M, parts: &[&[u8]]) -> io::Result<()> {
    let bytes = parts.iter().map(|part| part.len()).sum();
    output.write_all(&head_and_message(message, Payload { bytes, in_area: None })?)?;
    for part in parts {
        output.write_all(part)?;
    }
    output.flush()
}

/// Reads a frame up to its payload; none at the end of the input.
///
/// # Errors
/// When the input ends within a frame or holds something else.
pub fn read_message<M: DeserializeOwned>(input: &mut impl Read) -> io::Result<Option<(M, Payload)>> {
    let mut head = [0; HEAD_BYTES];
    match input.read_exact(&mut head) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let head = parse_head(head)?;
    let mut message = vec![0; head.message_bytes];
    input.read_exact(&mut message)?;
    Ok(Some((parse_message(&message)?, head.payload)))
}

impl Payload {
    /// Reads it to behind what is there already, from the input or from the memory that is shared.
    ///
    /// # Errors
    /// When that ends before it does.
    pub fn read(self, input: &mut impl Read, mut area: &File, behind: &mut Vec<u8>) -> io::Result<()> {
        behind.reserve_exact(self.bytes);
        let read = match self.in_area {
            None => input.take(self.bytes as u64).read_to_end(behind)?,
            Some(begins_at) => {
                area.seek(SeekFrom::Start(begins_at))?;
                area.take(self.bytes as u64).read_to_end(behind)?
            }
        };
        self.all_of_it(read as u64)
    }

    /// Passes over it, where nobody wants it any more.
    ///
    /// # Errors
    /// As [`Payload::read`].
    pub fn skip(self, input: &mut impl Read) -> io::Result<()> {
        match self.in_area {
            None => self.all_of_it(io::copy(&mut input.take(self.bytes as u64), &mut io::sink())?),
            Some(_) => Ok(()),
        }
    }

    fn all_of_it(self, read_bytes: u64) -> io::Result<()> {
        if read_bytes == self.bytes as u64 { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

#[cfg(test)]
mod tests;
