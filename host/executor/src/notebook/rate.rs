//! How many messages of a cell are passed on in a second.
//! Never drops one, and never knows the time but by being told.

use std::time::Duration;

use tokio::time::Instant;

const WINDOW: Duration = Duration::from_secs(1);

/// Counts the messages of the second under way.
pub(super) struct Rate {
    most: u32,
    begun: Instant,
    counted: u32,
}

impl Rate {
    /// At most so many a second.
    pub(super) const fn new(most: u32, now: Instant) -> Self {
        Self { most, begun: now, counted: 0 }
    }

    /// Whether another one may be passed on now.
    pub(super) const fn has_room(&self) -> bool {
        self.counted < self.most
    }

    /// Counts one.
    pub(super) fn count(&mut self, now: Instant) {
        self.look(now);
        self.counted += 1;
    }

    /// When the second under way is over.
    pub(super) fn end(&self) -> Instant {
        self.begun + WINDOW
    }

    /// Begins a new second where the last one is over.
    pub(super) fn look(&mut self, now: Instant) {
        if now >= self.end() {
            self.begun = now;
            self.counted = 0;
        }
    }
}

#[cfg(test)]
mod tests;
