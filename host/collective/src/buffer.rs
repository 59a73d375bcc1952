//! Numbers that several workers may be handed at once, in pieces that are locked apart.
//! Never moves when it is read or written: a piece stays where it was made.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use thiserror::Error;

/// Numbers in one piece: 64 KiB, which fits into a core's own cache with those of a few other workers.
pub const CHUNK_ELEMENTS: usize = 16 << 10;

/// A place behind the buffer's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{count} numbers from {offset} on do not lie within the buffer's {elements}")]
pub struct OutOfRange {
    /// First number.
    pub offset: u64,
    /// How many.
    pub count: u64,
    /// How many the buffer has.
    pub elements: u64,
}

/// How a buffer is held by those who work on it.
pub type SharedBuffer = Arc<Buffer>;

/// A buffer of 32-bit floating point numbers.
#[derive(Debug)]
pub struct Buffer {
    elements: usize,
    chunks: Vec<Mutex<Box<[f32]>>>,
}

impl Buffer {
    /// Zeros. The caller has made sure that there is memory for so many.
    #[must_use]
    pub fn zeros(elements: usize) -> Self {
        let whole = elements / CHUNK_ELEMENTS;
        let rest = elements % CHUNK_ELEMENTS;
        let lengths = std::iter::repeat_n(CHUNK_ELEMENTS, whole).chain((rest > 0).then_some(rest));
        let chunks = lengths.map(|length| Mutex::new(vec![0.0; length].into_boxed_slice())).collect();
        Self { elements, chunks }
    }

    /// These numbers.
    #[must_use]
    pub fn of(values: &[f32]) -> Self {
        let chunks = values.chunks(CHUNK_ELEMENTS).map(|chunk| Mutex::new(chunk.into())).collect();
        Self { elements: values.len(), chunks }
    }

    /// How many numbers it holds.
    #[must_use]
    pub const fn elements(&self) -> usize {
        self.elements
    }

    /// How many pieces it is made of.
    #[must_use]
    pub const fn chunks(&self) -> usize {
        self.chunks.len()
    }

    /// One piece, locked.
    pub(crate) fn chunk(&self, index: usize) -> MutexGuard<'_, Box<[f32]>> {
        // Numbers have no state that a panic could leave half changed.
        self.chunks[index].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces numbers.
    ///
    /// # Errors
    /// When they do not lie within the buffer; then nothing was replaced.
    pub fn write(&self, offset: u64, values: &[f32]) -> Result<(), OutOfRange> {
        let start = self.check(offset, values.len())?;
        self.put(start, values);
        Ok(())
    }

    /// Numbers from `offset` on, at most `count` of them; fewer mean the end.
    ///
    /// # Errors
    /// When the offset lies behind the end.
    pub fn read(&self, offset: u64, count: usize) -> Result<Vec<f32>, OutOfRange> {
        let start = self.check(offset, 0)?;
        let count = count.min(self.elements - start);
        let mut values = Vec::with_capacity(count);
        while values.len() < count {
            let at = start + values.len();
            let chunk = self.chunk(at / CHUNK_ELEMENTS);
            let from = at % CHUNK_ELEMENTS;
            let taken = (chunk.len() - from).min(count - values.len());
            values.extend_from_slice(&chunk[from..from + taken]);
        }
        Ok(values)
    }

    /// As [`Buffer::write`], of numbers in the form in which devices hand them over: four bytes each, little-endian.
    ///
    /// # Errors
    /// As [`Buffer::write`].
    pub fn write_le_bytes(&self, offset: u64, bytes: &[u8]) -> Result<(), OutOfRange> {
        let mut at = self.check(offset, bytes.len() / size_of::<f32>())?;
        let (mut numbers, _) = bytes.as_chunks();
        while !numbers.is_empty() {
            let mut chunk = self.chunk(at / CHUNK_ELEMENTS);
            let places = &mut chunk[at % CHUNK_ELEMENTS..];
            let (now, rest) = numbers.split_at(places.len().min(numbers.len()));
            for (place, bytes) in places.iter_mut().zip(now) {
                *place = f32::from_le_bytes(*bytes);
            }
            at += now.len();
            numbers = rest;
        }
        Ok(())
    }

    /// Exactly `count` numbers from `offset` on, four bytes each, little-endian.
    ///
    /// # Errors
    /// When they do not all lie within the buffer.
    pub fn read_le_bytes(&self, offset: u64, count: usize) -> Result<Vec<u8>, OutOfRange> {
        let start = self.check(offset, count)?;
        let end = start + count;
        let mut bytes = Vec::with_capacity(count * size_of::<f32>());
        let mut at = start;
        while at < end {
            let chunk = self.chunk(at / CHUNK_ELEMENTS);
            let from = at % CHUNK_ELEMENTS;
            let taken = (chunk.len() - from).min(end - at);
            bytes.extend(chunk[from..from + taken].iter().flat_map(|number| number.to_le_bytes()));
            at += taken;
        }
        Ok(bytes)
    }

    /// Where `offset` is, if so many numbers from there on lie within the buffer.
    ///
    /// # Errors
    /// When they do not.
    pub fn check(&self, offset: u64, count: usize) -> Result<usize, OutOfRange> {
        let elements = self.elements;
        let start =
            usize::try_from(offset).ok().filter(|start| start.checked_add(count).is_some_and(|end| end <= elements));
        start.ok_or(OutOfRange { offset, count: count as u64, elements: elements as u64 })
    }

    /// Writes numbers that lie within, whichever pieces they cross.
    pub(crate) fn put(&self, start: usize, values: &[f32]) {
        let mut done = 0;
        while done < values.len() {
            let at = start + done;
            let mut chunk = self.chunk(at / CHUNK_ELEMENTS);
            let from = at % CHUNK_ELEMENTS;
            let taken = (chunk.len() - from).min(values.len() - done);
            chunk[from..from + taken].copy_from_slice(&values[done..done + taken]);
            done += taken;
        }
    }
}

#[cfg(test)]
mod tests;
