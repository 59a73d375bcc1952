//! What the workers of a job do together: adding up gradients, spreading weights.
//! Never copies more than it must: numbers cross once into a buffer of the host's and once back.

#[cfg_attr(target_family = "wasm", path = "collective/wasm.rs")]
#[cfg_attr(not(target_family = "wasm"), path = "collective/native.rs")]
mod backend;

pub use backend::{Buffer, CollectiveError, Membership, Reduction};

use crate::{Failure, Result};

/// Numbers that one call moves at most.
const PIECE_ELEMENTS: usize = 1 << 20;

/// Rank, size and generation of the present group. Natively, and in a step that belongs to none, a group of one.
#[must_use]
pub fn join() -> Membership {
    backend::join()
}

/// Returns once all workers are here.
///
/// # Errors
/// When a worker is lost, or does not come in time.
pub fn barrier() -> Result<()> {
    told(backend::barrier())
}

/// A buffer that is used again and again, so that a step makes none.
#[derive(Debug)]
pub struct Exchange(Buffer);

impl Exchange {
    /// Room for so many numbers.
    ///
    /// # Errors
    /// When the guest's buffers would have more bytes than its memory may have.
    pub fn new(elements: usize) -> Result<Self> {
        told(Buffer::create(elements as u64)).map(Self)
    }

    /// Replaces the numbers by what they are over all workers. There must be as many as the exchange has room for.
    ///
    /// # Errors
    /// When a worker is lost, does not come in time, or brings other numbers.
    pub fn all_reduce(&self, values: &mut [f32], reduction: Reduction) -> Result<()> {
        self.put(values)?;
        self.all_reduce_in_place(reduction)?;
        self.take(values)
    }

    /// The host's buffer, for what fills and reads it without a way through the guest.
    #[must_use]
    pub const fn buffer(&self) -> &Buffer {
        &self.0
    }

    /// Replaces the numbers that are in the buffer by what they are over all workers.
    ///
    /// # Errors
    /// As [`Exchange::all_reduce`].
    pub fn all_reduce_in_place(&self, reduction: Reduction) -> Result<()> {
        told(backend::all_reduce(&self.0, reduction))
    }

    /// Replaces the numbers by those of one worker.
    ///
    /// # Errors
    /// As [`Exchange::all_reduce`].
    pub fn broadcast(&self, values: &mut [f32], root: u32) -> Result<()> {
        self.put(values)?;
        told(backend::broadcast(&self.0, root))?;
        self.take(values)
    }

    /// The numbers of all workers, in the order of their ranks.
    ///
    /// # Errors
    /// As [`Exchange::all_reduce`].
    pub fn all_gather(&self, values: &[f32]) -> Result<Vec<f32>> {
        self.put(values)?;
        let output = Self::new(values.len() * join().size as usize)?;
        told(backend::all_gather(&self.0, &output.0))?;
        let mut gathered = vec![0.0; values.len() * join().size as usize];
        output.take(&mut gathered)?;
        Ok(gathered)
    }

    fn put(&self, values: &[f32]) -> Result<()> {
        let room = self.0.elements();
        if values.len() as u64 != room {
            return Err(Failure::new(format!("{} numbers in an exchange with room for {room}", values.len())));
        }
        for (index, piece) in values.chunks(PIECE_ELEMENTS).enumerate() {
            told(self.0.write((index * PIECE_ELEMENTS) as u64, piece))?;
        }
        Ok(())
    }

    fn take(&self, values: &mut [f32]) -> Result<()> {
        for (index, piece) in values.chunks_mut(PIECE_ELEMENTS).enumerate() {
            let read = told(self.0.read((index * PIECE_ELEMENTS) as u64, piece.len() as u32))?;
            piece.copy_from_slice(&read);
        }
        Ok(())
    }
}

/// What a lost worker means to the others is another attempt's to mend; what does not fit together is not.
fn told<T>(answer: Result<T, CollectiveError>) -> Result<T> {
    answer.map_err(|error| match error {
        CollectiveError::MembershipChanged => Failure::new("another worker was lost").retryable(),
        CollectiveError::Deadline(millis) => {
            Failure::new(format!("the other workers did not make the same call within {millis} ms")).retryable()
        }
        CollectiveError::Mismatch(differs) => {
            Failure::new(format!("the workers' calls do not fit together: {differs}"))
        }
        CollectiveError::LimitExceeded(limit) => Failure::new(format!("a limit was reached: {limit}")),
        CollectiveError::Invalid(reason) => Failure::new(reason),
    })
}
