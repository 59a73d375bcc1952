//! Frames: a message with a payload beside it, so that bulk data is never encoded.
//! Never trusts a length: one that is too large is an error, not an allocation.

use std::io::{self, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A message is small; what is large is payload.
const MESSAGE_BYTES_MAX: usize = 64 * 1024;
/// A tensor can be larger than this, but it crosses in pieces or is refused.
const PAYLOAD_BYTES_MAX: u64 = 8 << 30;

/// Bytes before a message: its own length (4) and its payload's (8), little-endian.
pub(crate) const HEAD_BYTES: usize = 12;

/// The lengths that a frame begins with.
pub(crate) struct Head {
    pub message_bytes: usize,
    pub payload_bytes: usize,
}

/// Head and message of a frame; the payload follows them.
///
/// # Errors
/// When the message is too large.
pub(crate) fn head_and_message<M: Serialize>(message: &M, payload_bytes: usize) -> io::Result<Vec<u8>> {
    let frame = postcard::to_extend(message, vec![0; HEAD_BYTES]).map_err(invalid)?;
    finish_head(frame, payload_bytes)
}

fn finish_head(mut frame: Vec<u8>, payload_bytes: usize) -> io::Result<Vec<u8>> {
    let message_bytes = frame.len() - HEAD_BYTES;
    if message_bytes > MESSAGE_BYTES_MAX {
        return Err(invalid(format!("a message of {message_bytes} bytes; at most {MESSAGE_BYTES_MAX} are sent")));
    }
    let message_bytes = u32::try_from(message_bytes).map_err(invalid)?;
    frame[..4].copy_from_slice(&message_bytes.to_le_bytes());
    frame[4..HEAD_BYTES].copy_from_slice(&(payload_bytes as u64).to_le_bytes());
    Ok(frame)
}

/// # Errors
/// When a length is beyond its limit.
pub(crate) fn parse_head(head: [u8; HEAD_BYTES]) -> io::Result<Head> {
    let [m0, m1, m2, m3, p0, p1, p2, p3, p4, p5, p6, p7] = head;
    let message_bytes = u32::from_le_bytes([m0, m1, m2, m3]) as usize;
    let payload_bytes = u64::from_le_bytes([p0, p1, p2, p3, p4, p5, p6, p7]);
    if message_bytes > MESSAGE_BYTES_MAX || payload_bytes > PAYLOAD_BYTES_MAX {
        return Err(invalid(format!("a frame of {message_bytes} and {payload_bytes} bytes")));
    }
    Ok(Head { message_bytes, payload_bytes: usize::try_from(payload_bytes).map_err(invalid)? })
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
    let payload_bytes = parts.iter().map(|part| part.len()).sum();
    output.write_all(&head_and_message(message, payload_bytes)?)?;
    for part in parts {
        output.write_all(part)?;
    }
    output.flush()
}

/// Reads a frame; none at the end of the input.
///
/// # Errors
/// When the input ends within a frame or holds something else.
pub fn read<M: DeserializeOwned>(input: &mut impl Read) -> io::Result<Option<(M, Vec<u8>)>> {
    let Some((message, payload_bytes)) = read_message(input)? else { return Ok(None) };
    let mut payload = Vec::new();
    read_payload(input, payload_bytes, &mut payload)?;
    Ok(Some((message, payload)))
}

/// Reads a frame up to its payload, whose bytes it tells and which must be read next; none at the end of the input.
///
/// # Errors
/// As [`read`].
pub fn read_message<M: DeserializeOwned>(input: &mut impl Read) -> io::Result<Option<(M, usize)>> {
    let mut head = [0; HEAD_BYTES];
    match input.read_exact(&mut head) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let head = parse_head(head)?;
    let mut message = vec![0; head.message_bytes];
    input.read_exact(&mut message)?;
    Ok(Some((parse_message(&message)?, head.payload_bytes)))
}

/// Reads a payload to behind what is there already.
///
/// # Errors
/// When the input ends before it does.
pub fn read_payload(input: &mut impl Read, bytes: usize, behind: &mut Vec<u8>) -> io::Result<()> {
    behind.reserve_exact(bytes);
    match input.take(bytes as u64).read_to_end(behind)? == bytes {
        true => Ok(()),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// Reads a payload that nobody wants any more.
///
/// # Errors
/// As [`read_payload`].
pub fn skip_payload(input: &mut impl Read, bytes: usize) -> io::Result<()> {
    match io::copy(&mut input.take(bytes as u64), &mut io::sink())? == bytes as u64 {
        true => Ok(()),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

#[cfg(test)]
mod tests;
