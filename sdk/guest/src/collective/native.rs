//! Collectives in memory, in a group of one, for tests that call a component's code as functions.
//! Never differs in its surface from its sibling `wasm.rs`.

use std::cell::RefCell;
use std::fmt;

use crate::Result;

/// Why nothing came of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CollectiveError {
    /// A worker is gone, or the group was dissolved.
    MembershipChanged,
    /// The others did not make the same call within so many milliseconds.
    Deadline(u64),
    /// The workers' calls do not fit together.
    Mismatch(String),
    /// A limit was reached.
    LimitExceeded(String),
    /// An argument was refused.
    Invalid(String),
}

impl fmt::Display for CollectiveError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self:?}")
    }
}

/// The place of a worker in its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Counted from 0.
    pub rank: u32,
    /// At least 1.
    pub size: u32,
    /// Counted from 1.
    pub generation: u64,
}

/// How numbers of several workers become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum Reduction {
    Sum,
    Mean,
    Min,
    Max,
}

/// Numbers.
#[derive(Debug)]
pub struct Buffer(RefCell<Vec<f32>>);

impl Buffer {
    /// Zeros.
    ///
    /// # Errors
    /// Natively never.
    pub fn create(elements: u64) -> Result<Self, CollectiveError> {
        Ok(Self(RefCell::new(vec![0.0; elements as usize])))
    }

    /// How many numbers it holds.
    #[must_use]
    pub fn elements(&self) -> u64 {
        self.0.borrow().len() as u64
    }

    /// Replaces numbers.
    ///
    /// # Errors
    /// When they do not lie within.
    pub fn write(&self, offset: u64, values: &[f32]) -> Result<(), CollectiveError> {
        let mut own = self.0.borrow_mut();
        let elements = own.len();
        match own.get_mut(offset as usize..offset as usize + values.len()) {
            Some(place) => {
                place.copy_from_slice(values);
                Ok(())
            }
            None => Err(CollectiveError::Invalid(format!("{offset} does not lie within {elements} numbers"))),
        }
    }

    /// Numbers from `offset` on.
    ///
    /// # Errors
    /// When the offset lies behind the end.
    pub fn read(&self, offset: u64, count: u32) -> Result<Vec<f32>, CollectiveError> {
        let own = self.0.borrow();
        let behind = own.get(offset as usize..);
        let outside = || CollectiveError::Invalid(format!("{offset} does not lie within {} numbers", own.len()));
        Ok(behind.ok_or_else(outside)?.iter().take(count as usize).copied().collect())
    }
}

pub(super) fn join() -> Membership {
    Membership { rank: 0, size: 1, generation: 1 }
}

pub(super) fn all_reduce(_: &Buffer, _: Reduction) -> Result<(), CollectiveError> {
    Ok(())
}

pub(super) fn broadcast(_: &Buffer, root: u32) -> Result<(), CollectiveError> {
    match root {
        0 => Ok(()),
        root => Err(CollectiveError::Invalid(format!("there is no rank {root} among 1 workers to broadcast from"))),
    }
}

pub(super) fn all_gather(input: &Buffer, output: &Buffer) -> Result<(), CollectiveError> {
    output.write(0, &input.0.borrow())
}

pub(super) fn barrier() -> Result<(), CollectiveError> {
    Ok(())
}
