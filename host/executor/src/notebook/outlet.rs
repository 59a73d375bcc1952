//! What a cell says on its way to those who listen: text joined, nothing kept for long, and not too much in a second.
//! Never drops anything: a cell that says more than is passed on waits. Never knows the time but by being told.

use std::time::Duration;

use host_cap_kernel::Said;
use tokio::time::Instant;

use super::coalesce::Coalescer;
use super::rate::Rate;

/// Text that a cell writes is passed on at the latest after so long.
const TEXT_WAITS: Duration = Duration::from_millis(20);
/// Things that one cell says in a second and that are passed on. Joined text is one thing.
const PASSED_ON_PER_SECOND_MAX: u32 = 1_000;

/// One cell's way out.
pub(super) struct Outlet<F> {
    coalescer: Coalescer,
    rate: Rate,
    /// When the text that waits is passed on.
    text_due: Option<Instant>,
    listeners: F,
}

impl<F: FnMut(Said)> Outlet<F> {
    /// To these listeners.
    pub(super) fn new(now: Instant, listeners: F) -> Self {
        let rate = Rate::new(PASSED_ON_PER_SECOND_MAX, now);
        Self { coalescer: Coalescer::default(), rate, text_due: None, listeners }
    }

    /// Whether more may be taken now.
    pub(super) const fn has_room(&self) -> bool {
        self.rate.has_room()
    }

    /// Takes something that was said.
    pub(super) fn take(&mut self, said: Said, now: Instant) {
        for said in self.coalescer.take(said) {
            self.rate.count(now);
            (self.listeners)(said);
            // What waits now, if anything does, has only just come.
            self.text_due = None;
        }
        if self.coalescer.is_waiting() && self.text_due.is_none() {
            self.text_due = Some(now + TEXT_WAITS);
        }
    }

    /// When something is to be done here though nothing is said: text has waited for long enough, or a second is over.
    pub(super) fn due(&self) -> Option<Instant> {
        if self.has_room() { self.text_due } else { Some(self.rate.end()) }
    }

    /// Passes on what waits.
    pub(super) fn pass_on(&mut self, now: Instant) {
        if let Some(said) = self.coalescer.flush() {
            self.rate.count(now);
            (self.listeners)(said);
        }
        self.text_due = None;
        self.rate.look(now);
    }
}

#[cfg(test)]
mod tests;
