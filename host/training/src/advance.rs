//! What follows from an event: the one place where a job's course is decided.
//! Never waits and never fails: an event that means nothing in the present state changes nothing.

mod boundary;
mod loss;
mod round;

use std::sync::Arc;

use host_base::{Code, Failure};

use crate::state::{Live, Worker};
use crate::{Checkpoint, Command, Event, JobState, JobStatus, Kept, Phase, Plan, Record};

/// After so many restarts of the node without a new checkpoint, the job fails: it may be what brings the node down.
pub const INTERRUPTIONS_MAX: u32 = 20;

/// What follows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Advanced {
    /// What is to be written down, in order.
    pub records: Vec<Record>,
    /// What is to be done, in order.
    pub commands: Vec<Command>,
}

/// A job that is about to be submitted, and what follows from that.
#[must_use]
pub fn start(plan: Arc<Plan>) -> (JobState, Advanced) {
    let kept = Kept::new(&plan);
    let mut state = JobState { plan: plan.clone(), kept, live: Live::default() };
    let mut course = Course::of(&mut state);
    course.record(Record::Submitted { plan });
    if course.state.kept.status == JobStatus::Running {
        course.prepare();
    }
    let advanced = course.advanced;
    (state, advanced)
}

/// A job as its records left it, and what follows from its node having stopped meanwhile.
///
/// # Errors
/// When the records do not begin with a submission.
pub fn recover(records: &[Record]) -> Result<(JobState, Advanced), Failure> {
    let mut state = replay(records)?;
    let mut course = Course::of(&mut state);
    match course.state.kept.status {
        JobStatus::Running => course.go_on_after_interruption(),
        // What was reached since the last checkpoint is lost in any case.
        JobStatus::Suspending => course.record(Record::Suspended),
        JobStatus::Suspended | JobStatus::Succeeded | JobStatus::Failed | JobStatus::Cancelled => {}
    }
    let advanced = course.advanced;
    Ok((state, advanced))
}

/// What a job's records say.
///
/// # Errors
/// When the records do not begin with a submission.
pub fn kept(records: &[Record]) -> Result<(Arc<Plan>, Kept), Failure> {
    let state = replay(records)?;
    Ok((state.plan, state.kept))
}

/// A job as its records left it.
fn replay(records: &[Record]) -> Result<JobState, Failure> {
    let Some(Record::Submitted { plan }) = records.first() else {
        return Err(Failure::new(Code::LedgerFailed, "a job's history does not begin with its submission"));
    };
    let mut kept = Kept::new(plan);
    for record in records {
        kept.apply(plan, record);
    }
    Ok(JobState { plan: plan.clone(), kept, live: Live::default() })
}

/// Changes the state by one event, and says what follows.
pub fn advance(state: &mut JobState, event: Event) -> Advanced {
    let mut course = Course::of(state);
    course.take(event);
    course.advanced
}

/// One call of `advance`.
pub(crate) struct Course<'a> {
    pub(crate) state: &'a mut JobState,
    advanced: Advanced,
}

impl<'a> Course<'a> {
    fn of(state: &'a mut JobState) -> Self {
        Self { state, advanced: Advanced::default() }
    }

    /// Writes something down, which is what changes the kept part of the state.
    pub(crate) fn record(&mut self, record: Record) {
        let dropped = self.state.kept.apply(&self.state.plan, &record);
        self.advanced.records.push(record);
        for artifact in dropped {
            self.command(Command::DropCheckpoint { artifact });
        }
    }

    pub(crate) fn command(&mut self, command: Command) {
        self.advanced.commands.push(command);
    }

    fn take(&mut self, event: Event) {
        let status = self.state.kept.status;
        match event {
            Event::ResumeRequested => self.resume(),
            _ if status.is_final() => {}
            Event::CancelRequested => self.end(JobStatus::Cancelled, None),
            Event::DeadlineReached => self.end(JobStatus::Failed, Some(self.past_deadline())),
            Event::SuspendRequested => self.suspend(),
            Event::CheckpointDue => self.state.live.checkpoint_due = true,
            Event::Fetched { uri, artifact } => self.fetched(uri, artifact),
            Event::FetchFailed { failure } => self.end(JobStatus::Failed, Some(failure)),
            Event::Ready { generation, rank } => self.settle(generation, rank, |worker| worker.ready = true),
            Event::Restored { generation, rank } => self.settle(generation, rank, |_| {}),
            Event::Stepped { generation, rank, metrics, done } => self.settle(generation, rank, |worker| {
                worker.metrics = metrics;
                worker.done = done;
            }),
            Event::Evaluated { generation, rank, metrics } => {
                self.settle(generation, rank, |worker| worker.metrics = metrics);
            }
            Event::CheckpointWritten { generation, artifact } => self.checkpoint_written(generation, artifact),
            Event::ModelWritten { generation, artifact } => self.model_written(generation, artifact),
            Event::CheckpointUnusable { generation, digest, failure } => {
                self.checkpoint_unusable(generation, digest, failure);
            }
            Event::WorkerFailed { generation, rank, failure, alive } => {
                self.worker_failed(generation, rank, failure, alive);
            }
        }
    }

    /// Fetches what is not on the node yet, then begins.
    pub(crate) fn prepare(&mut self) {
        let kept = &self.state.kept;
        let mut missing: Vec<String> =
            self.state.plan.uris().filter(|uri| !kept.fetched.contains_key(*uri)).map(str::to_owned).collect();
        missing.sort_unstable();
        missing.dedup();
        if missing.is_empty() {
            return self.begin(self.state.plan.workers, self.state.kept.restarts);
        }
        self.state.live = Live { phase: Phase::Fetching, fetching: missing.len(), ..Live::default() };
        missing.into_iter().for_each(|uri| self.command(Command::Fetch { uri }));
    }

    fn fetched(&mut self, uri: String, artifact: host_base::ArtifactRef) {
        if self.state.live.phase != Phase::Fetching || self.state.kept.fetched.contains_key(&uri) {
            return;
        }
        self.record(Record::Fetched { uri, artifact });
        self.state.live.fetching -= 1;
        if self.state.live.fetching == 0 {
            if self.state.kept.status == JobStatus::Suspending {
                return self.suspended();
            }
            self.begin(self.state.plan.workers, self.state.kept.restarts);
        }
    }

    /// Begins a group of new guests.
    pub(crate) fn begin(&mut self, size: u32, restarts: u32) {
        let generation = self.announce(size, restarts);
        let workers = (0..size).map(|_| Worker::starting()).collect();
        self.state.live = Live { phase: Phase::Starting, workers, ..Live::default() };
        self.command(Command::StartWorkers { generation, size, ranks: (0..size).collect() });
    }

    pub(crate) fn announce(&mut self, size: u32, restarts: u32) -> u64 {
        let kept = &self.state.kept;
        let generation = kept.generation + 1;
        let from_step = kept.checkpoints.last().map_or(0, |checkpoint| checkpoint.step);
        self.record(Record::Began { generation, size, restarts, from_step });
        generation
    }

    /// What the workers go on from.
    pub(crate) fn last_checkpoint(&self) -> Option<Checkpoint> {
        self.state.kept.checkpoints.last().cloned()
    }

    fn suspend(&mut self) {
        if self.state.kept.status != JobStatus::Running {
            return;
        }
        self.record(Record::SuspendRequested);
        match self.state.live.phase {
            // At the next boundary the state is written down first.
            Phase::Stepping | Phase::Evaluating | Phase::Checkpointing | Phase::Finishing | Phase::Breaking => {}
            Phase::Fetching => {}
            // Nothing was learned yet that is not in a checkpoint.
            Phase::Idle | Phase::Starting | Phase::Restoring => self.suspended(),
        }
    }

    pub(crate) fn suspended(&mut self) {
        self.record(Record::Suspended);
        self.command(Command::StopWorkers);
        self.state.live = Live::default();
    }

    fn resume(&mut self) {
        match self.state.kept.status {
            JobStatus::Suspended | JobStatus::Failed | JobStatus::Cancelled => {
                self.record(Record::ResumeRequested);
                self.prepare();
            }
            // The workers are still there: the wish to wait is taken back.
            JobStatus::Suspending => self.record(Record::ResumeRequested),
            JobStatus::Running | JobStatus::Succeeded => {}
        }
    }

    fn go_on_after_interruption(&mut self) {
        self.record(Record::Interrupted);
        if self.state.kept.interruptions > INTERRUPTIONS_MAX {
            let message = format!(
                "the node stopped {INTERRUPTIONS_MAX} times in a row while the job was at work, without a new checkpoint"
            );
            let hint = "look into the node's log for what stopped it, and let the job write checkpoints more often";
            return self.end(JobStatus::Failed, Some(Failure::new(Code::InterruptedTooOften, message).with_hint(hint)));
        }
        self.prepare();
    }

    /// Ends the job.
    pub(crate) fn end(&mut self, status: JobStatus, failure: Option<Failure>) {
        // Where nothing was made since the start, records know better.
        let step = self.state.live.step.max(if self.state.live.workers.is_empty() { self.state.kept.step } else { 0 });
        self.record(Record::Finished { status, step, failure, model: None });
        self.command(Command::StopWorkers);
        self.state.live = Live { step, ..Live::default() };
    }

    fn past_deadline(&self) -> Failure {
        let millis = self.state.plan.deadline_millis.unwrap_or_default();
        let message = format!("the job did not end within its deadline of {}", String::from(sdk_spec::Span(millis)));
        Failure::new(Code::DeadlineReached, message)
            .with_hint("go on from its last checkpoint with `sandmill train resume`, or give it a longer `deadline`")
    }
}

#[cfg(test)]
mod tests;
