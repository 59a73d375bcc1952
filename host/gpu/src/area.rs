//! Memory that a node and a worker share, for large payloads on their way to the worker. Through a socket, a payload
//! goes in hundreds of pieces, and each wakes one of them up.
//! Never read by the node, and never filled before the worker is done with what was in it.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// Larger payloads go through the socket; contents come in pieces that are not.
const SLOT_BYTES: usize = 4 << 20;
/// While the worker takes what is in one, the other is filled.
const SLOTS: usize = 2;
/// Smaller payloads go through the socket, whose memory is in use anyway.
const PAYLOAD_BYTES_MIN: usize = 64 << 10;

/// The memory, as the node has it.
pub(crate) struct Area {
    file: Option<File>,
    /// The last request whose payload was in each slot, counted from 1.
    users: [u64; SLOTS],
    next: usize,
}

/// A slot that a payload may be put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    index: usize,
    /// Once this request was answered, or at once where it is 0.
    pub free_after: u64,
}

impl Slot {
    /// Where it begins.
    pub(crate) const fn offset_bytes(self) -> u64 {
        (self.index * SLOT_BYTES) as u64
    }
}

impl Area {
    /// Memory without a name, on systems that have such; elsewhere everything goes through the socket.
    ///
    /// # Errors
    /// When the system has none left.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self { file: unnamed_memory()?, users: [0; SLOTS], next: 0 })
    }

    /// What the worker reads it by.
    pub(crate) fn shared(&self) -> io::Result<Option<File>> {
        self.file.as_ref().map(File::try_clone).transpose()
    }

    /// The slot for a payload of so many bytes; none where it goes through the socket.
    pub(crate) fn slot_for(&self, bytes: usize) -> Option<Slot> {
        let fits = self.file.is_some() && (PAYLOAD_BYTES_MIN..=SLOT_BYTES).contains(&bytes);
        fits.then(|| Slot { index: self.next, free_after: self.users[self.next] })
    }

    /// Fills a slot with the payload of a request.
    ///
    /// # Errors
    /// When the system has no memory left.
    pub(crate) fn fill(&mut self, slot: Slot, payload: &[u8], request: u64) -> io::Result<()> {
        self.users[slot.index] = request;
        self.next = (slot.index + 1) % SLOTS;
        self.file.as_ref().map_or(Ok(()), |file| file.write_all_at(payload, slot.offset_bytes()))
    }
}

#[cfg(target_os = "linux")]
fn unnamed_memory() -> io::Result<Option<File>> {
    let memory = rustix::fs::memfd_create("sandmill-payloads", rustix::fs::MemfdFlags::CLOEXEC)?;
    Ok(Some(memory.into()))
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "it is that of systems that may have none left")]
const fn unnamed_memory() -> io::Result<Option<File>> {
    Ok(None)
}

#[cfg(test)]
mod tests;
