//! A worker's place in its job: a rank in the present group, which may be another tomorrow.
//! Never tells the others that it was left: whoever ends a worker dissolves its group.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{CollectiveError, Operation, SameProcess, SharedTransport};

/// A place that can be given another group. Cloning shares it.
#[derive(Clone)]
pub struct Seat(Arc<Mutex<Place>>);

#[derive(Clone)]
struct Place {
    group: SharedTransport,
    rank: u32,
}

impl Seat {
    /// This rank of this group.
    #[must_use]
    pub fn new(group: SharedTransport, rank: u32) -> Self {
        Self(Arc::new(Mutex::new(Place { group, rank })))
    }

    /// Gives the worker a place in another group. It must not be at work in the old one.
    pub fn assign(&self, group: SharedTransport, rank: u32) {
        *self.lock() = Place { group, rank };
    }

    /// Rank, size and generation.
    #[must_use]
    pub fn membership(&self) -> (u32, u32, u64) {
        let place = self.lock();
        (place.rank, place.group.size(), place.group.generation())
    }

    /// Carries an operation out with the present group.
    ///
    /// # Errors
    /// As [`crate::Transport::run`].
    pub async fn run(&self, operation: Operation) -> Result<(), CollectiveError> {
        let Place { group, rank } = self.lock().clone();
        group.run(rank, operation).await
    }

    fn lock(&self) -> MutexGuard<'_, Place> {
        // Each change is one assignment.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Seat {
    /// A group of one, for a guest that belongs to none.
    fn default() -> Self {
        Self::new(SameProcess::group(1, 1, SameProcess::DEADLINE_MILLIS_DEFAULT), 0)
    }
}
