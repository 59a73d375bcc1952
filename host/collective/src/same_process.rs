//! The transport for workers of one process: they meet, and each works on its own part of everybody's buffers.
//! Never copies a buffer to reduce it, and never depends on who came first: sums are made in the order of the ranks.

mod work;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::watch;

use crate::{CollectiveError, Operation, SharedTransport, Transport};

/// A group of workers in one process.
pub struct SameProcess {
    size: u32,
    generation: u64,
    deadline_millis: u64,
    state: Mutex<State>,
}

struct State {
    dissolved: bool,
    /// Where workers meet next.
    meeting: Arc<Meeting>,
    /// Meetings whose work is under way; some workers may still be in one while others are in the next.
    under_way: Option<Arc<Meeting>>,
}

/// One operation of the whole group.
struct Meeting {
    brought: Mutex<Brought>,
    phase: watch::Sender<Phase>,
}

#[derive(Default)]
struct Brought {
    operations: Vec<Option<Operation>>,
    here: usize,
    finished: usize,
}

#[derive(Clone, Debug, PartialEq)]
enum Phase {
    /// Some are not here yet.
    Meeting,
    /// All are here, and each does its part.
    Working(Arc<[Operation]>),
    Done,
    Failed(CollectiveError),
}

impl PartialEq for Operation {
    /// Phases are compared by their kind only.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Meeting {
    fn new(size: u32) -> Arc<Self> {
        let brought = Brought { operations: vec![None; size as usize], here: 0, finished: 0 };
        Arc::new(Self { brought: Mutex::new(brought), phase: watch::Sender::new(Phase::Meeting) })
    }

    /// Ends the meeting for everybody, unless it has ended.
    fn fail(&self, error: &CollectiveError) {
        self.phase.send_if_modified(|phase| {
            let at_work = matches!(phase, Phase::Meeting | Phase::Working(_));
            if at_work {
                *phase = Phase::Failed(error.clone());
            }
            at_work
        });
    }

    fn brought(&self) -> MutexGuard<'_, Brought> {
        self.brought.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SameProcess {
    /// How long workers wait for each other where nobody says otherwise: ten minutes.
    pub const DEADLINE_MILLIS_DEFAULT: u64 = 10 * 60 * 1000;

    /// A group of so many workers, at least one.
    #[must_use]
    pub fn group(size: u32, generation: u64, deadline_millis: u64) -> SharedTransport {
        let size = size.max(1);
        let state = State { dissolved: false, meeting: Meeting::new(size), under_way: None };
        Arc::new(Self { size, generation, deadline_millis, state: Mutex::new(state) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings an operation to the next meeting, which begins once everybody is there.
    fn bring(&self, rank: u32, operation: Operation) -> Result<Arc<Meeting>, CollectiveError> {
        let mut state = self.state();
        if state.dissolved {
            return Err(CollectiveError::MembershipChanged);
        }
        let meeting = state.meeting.clone();
        let mut brought = meeting.brought();
        let Some(place) = brought.operations.get_mut(rank as usize) else {
            return Err(CollectiveError::Invalid(format!("there is no rank {rank} among {} workers", self.size)));
        };
        if place.replace(operation).is_some() {
            return Err(CollectiveError::Invalid(format!("rank {rank} is in the middle of another call")));
        }
        brought.here += 1;
        if brought.here == self.size as usize {
            let operations: Vec<Operation> = brought.operations.iter_mut().filter_map(Option::take).collect();
            match work::check(&operations) {
                Ok(()) => {
                    state.meeting = Meeting::new(self.size);
                    state.under_way = Some(meeting.clone());
                    meeting.phase.send_replace(Phase::Working(operations.into()));
                }
                Err(error) => {
                    state.dissolved = true;
                    meeting.fail(&error);
                }
            }
        }
        drop(brought);
        Ok(meeting)
    }

    fn end(&self, error: &CollectiveError) {
        let mut state = self.state();
        state.dissolved = true;
        state.meeting.fail(error);
        if let Some(meeting) = state.under_way.take() {
            meeting.fail(error);
        }
    }
}

/// Dissolves the group when a worker goes away in the middle of a call.
struct Present<'a> {
    group: &'a SameProcess,
    stays: bool,
}

impl Drop for Present<'_> {
    fn drop(&mut self) {
        if !self.stays {
            self.group.end(&CollectiveError::MembershipChanged);
        }
    }
}

#[async_trait]
impl Transport for SameProcess {
    fn size(&self) -> u32 {
        self.size
    }

    fn generation(&self) -> u64 {
        self.generation
    }

    async fn run(&self, rank: u32, operation: Operation) -> Result<(), CollectiveError> {
        work::check_own(&operation, self.size)?;
        let meeting = self.bring(rank, operation)?;
        let mut present = Present { group: self, stays: false };
        let mut phase = meeting.phase.subscribe();
        let all_here = phase.wait_for(|phase| *phase != Phase::Meeting);
        let begun = match tokio::time::timeout(Duration::from_millis(self.deadline_millis), all_here).await {
            Ok(Ok(phase)) => phase.clone(),
            // The sender lives in the meeting, which is held here.
            Ok(Err(_)) => Phase::Failed(CollectiveError::MembershipChanged),
            Err(_) => {
                self.end(&CollectiveError::Deadline(self.deadline_millis));
                meeting.phase.borrow().clone()
            }
        };
        let ended = match begun {
            Phase::Working(operations) => {
                work::part(rank, &operations).await;
                self.finish(&meeting);
                match phase.wait_for(|phase| !matches!(phase, Phase::Working(_))).await {
                    Ok(phase) => phase.clone(),
                    Err(_) => Phase::Failed(CollectiveError::MembershipChanged),
                }
            }
            other => other,
        };
        present.stays = true;
        match ended {
            Phase::Done => Ok(()),
            Phase::Failed(error) => Err(error),
            Phase::Meeting | Phase::Working(_) => Err(CollectiveError::MembershipChanged),
        }
    }

    fn dissolve(&self) {
        self.end(&CollectiveError::MembershipChanged);
    }
}

impl SameProcess {
    /// Counts one worker's part as done; the last one ends the meeting well.
    fn finish(&self, meeting: &Arc<Meeting>) {
        let mut brought = meeting.brought();
        brought.finished += 1;
        if brought.finished < self.size as usize {
            return;
        }
        drop(brought);
        meeting.phase.send_if_modified(|phase| {
            let working = matches!(phase, Phase::Working(_));
            if working {
                *phase = Phase::Done;
            }
            working
        });
        let mut state = self.state();
        if state.under_way.as_ref().is_some_and(|under_way| Arc::ptr_eq(under_way, meeting)) {
            state.under_way = None;
        }
    }
}

#[cfg(test)]
mod tests;
