//! A worker was lost: the others are waited for, and then the job goes on from its last checkpoint, or fails.
//! Never goes on with a group in which one is missing.

use host_base::{Code, Failure};
use sdk_spec::train_job::RestartScope;

use super::Course;
use crate::state::{Live, Worker};
use crate::{Command, JobStatus, Phase, Record};

impl Course<'_> {
    pub(super) fn worker_failed(&mut self, generation: u64, rank: u32, failure: Failure, alive: bool) {
        if generation != self.state.kept.generation {
            return;
        }
        let live = &mut self.state.live;
        let Some(worker) = live.workers.get_mut(rank as usize).filter(|worker| worker.busy) else { return };
        (worker.busy, worker.alive) = (false, alive);
        let others_failed_first = live.lost.is_some();
        let first_was_alive = live
            .lost
            .as_ref()
            .and_then(|(rank, _)| live.workers.get(*rank as usize))
            .is_some_and(|worker| worker.alive);
        // Whoever waits for a worker that hangs may give up before that worker itself is stopped: what ended a guest
        // is the better reason than what a living one says of it.
        if !others_failed_first || (first_was_alive && !alive) {
            live.lost = Some((rank, failure));
        }
        live.phase = Phase::Breaking;
        if !others_failed_first {
            self.command(Command::Dissolve { generation });
        }
        if !self.state.live.workers.iter().any(|worker| worker.busy) {
            self.broken();
        }
    }

    /// All are back from what they were doing.
    pub(super) fn broken(&mut self) {
        let step = self.state.live.step;
        let Some((rank, failure)) = self.state.live.lost.take() else { return };
        self.record(Record::WorkerLost { rank, step, failure: failure.clone() });
        if is_hopeless(&failure) {
            let failure = Failure { message: format!("worker {rank}: {}", failure.message), ..failure };
            return self.end(JobStatus::Failed, Some(failure));
        }
        let kept = &self.state.kept;
        if kept.restarts >= self.state.plan.restart.max_restarts {
            let failure = lost_too_often(rank, step, kept.restarts, &failure);
            return self.end(JobStatus::Failed, Some(failure));
        }
        if kept.status == JobStatus::Suspending {
            // What was reached since the last checkpoint is lost in any case.
            return self.suspended();
        }
        let restarts = kept.restarts + 1;
        self.start_again(restarts);
    }

    fn start_again(&mut self, restarts: u32) {
        let plan = &self.state.plan;
        let size = self.state.kept.size;
        let lost: Vec<u32> = (0..size).filter(|rank| !self.is_whole(*rank)).collect();
        let fewer = plan.workers_min.map(|least| size.saturating_sub(lost.len().max(1) as u32).max(least).min(size));
        let new_size = fewer.unwrap_or(size);
        let keeps_survivors = plan.restart.scope == RestartScope::Worker
            && new_size == size
            && self.last_checkpoint().is_some()
            && lost.len() < size as usize;
        if !keeps_survivors {
            self.command(Command::StopWorkers);
            return self.begin(new_size, restarts);
        }
        let generation = self.announce(size, restarts);
        let live = std::mem::take(&mut self.state.live);
        let mut workers = live.workers;
        for (rank, worker) in (0u32..).zip(&mut workers) {
            if lost.contains(&rank) {
                *worker = Worker::starting();
            } else {
                (worker.done, worker.busy) = (false, false);
            }
        }
        self.state.live = Live { phase: Phase::Starting, workers, ..Live::default() };
        let all_live = lost.is_empty();
        self.command(Command::StartWorkers { generation, size, ranks: lost });
        if all_live {
            // Each that failed said so itself, and lives: all get a place in the new group, and none is waited for.
            self.started();
        }
    }

    /// Whether a worker can go on as it is.
    fn is_whole(&self, rank: u32) -> bool {
        self.state.live.workers.get(rank as usize).is_some_and(|worker| worker.alive && worker.ready)
    }
}

/// What another attempt cannot mend.
fn is_hopeless(failure: &Failure) -> bool {
    match failure.code {
        Code::Trap | Code::WallTimeLimit | Code::CpuLimit | Code::MemoryLimit | Code::TableLimit => false,
        _ => !failure.retryable,
    }
}

fn lost_too_often(rank: u32, step: u64, restarts: u32, failure: &Failure) -> Failure {
    let again = match restarts {
        0 => "and the job may not be started again".to_owned(),
        1 => "and the job was started again once already".to_owned(),
        times => format!("and the job was started again {times} times already"),
    };
    let message = format!("worker {rank} was lost after step {step}, {again}: {}", failure.message);
    Failure::new(Code::WorkerLost, message)
        .with_hint(format!("see the worker's log: `sandmill train logs JOB --worker {rank}`"))
}
