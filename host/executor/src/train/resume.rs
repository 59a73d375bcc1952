//! Brings jobs back from their history: after a crash, or because someone wants them to go on.
//! Never guesses: what is not in the ledger did not happen.

use std::sync::Arc;
use std::time::Duration;

use host_base::{Code, Failure, Millis, RunId};
use host_ledger::RunRecord;
use host_training::{Advanced, Event, Record};

use crate::executor::Shared;
use crate::run::ledger_failure;
use crate::train::drive::{Departure, JobDrive};
use crate::train::kept_event::KeptJobEvent;
use crate::{Executor, LiveUpdate};

/// Entries read at once.
const ENTRIES_PER_READ: usize = 1_000;
/// Longest wait until a request is committed.
const COMMIT_WAIT_MAX: Duration = Duration::from_secs(5);
/// Longest time that is slept at once before an ended job is forgotten.
const FORGET_CHECK_MILLIS_MAX: u64 = 24 * 3_600_000;

/// A job's history.
pub(crate) struct History {
    /// Oldest first.
    pub(crate) records: Vec<Record>,
    /// When it was submitted, or last asked to go on.
    pub(crate) began_at_millis: Millis,
}

/// Reads a job's whole history, without the points of its series.
pub(crate) async fn history(shared: &Shared, job: &RunId) -> Result<History, Failure> {
    let mut history = History { records: Vec::new(), began_at_millis: 0 };
    let mut after = 0;
    loop {
        let entries = shared.ledger.entries(job, after, ENTRIES_PER_READ).await.map_err(ledger_failure)?;
        let Some(last) = entries.last() else { return Ok(history) };
        after = last.sequence;
        for entry in entries {
            let (sequence, at_millis) = (entry.sequence, entry.at_millis);
            let kept = KeptJobEvent::read(entry.event).map_err(|error| {
                let message = format!("entry {sequence} of the ledger cannot be read: {error}");
                Failure::new(Code::LedgerFailed, message).with_hint("was it written by a newer version of sandmill?")
            })?;
            let KeptJobEvent::Record(record) = kept else { continue };
            if matches!(*record, Record::Submitted { .. } | Record::ResumeRequested) {
                history.began_at_millis = at_millis;
            }
            history.records.push(*record);
        }
    }
}

/// Goes on with a job that an earlier process left unfinished.
pub(crate) async fn go_on(shared: &Arc<Shared>, job: &RunId) -> Result<(), Failure> {
    let History { records, began_at_millis } = history(shared, job).await?;
    let (state, advanced) = host_training::recover(&records)?;
    tracing::info!(%job, step = state.kept.step, "going on with a training job");
    let checkpoints = shared.checkpoints.of(job).await?;
    checkpoints.keep_only(&state.kept.checkpoints).await;
    JobDrive::start(shared, job.clone(), checkpoints, Departure { state, advanced, happening: None, began_at_millis });
    Ok(())
}

impl Executor {
    /// Asks a job to wait with its state. Returns before it does.
    pub async fn suspend_job(&self, job: &RunId) -> Result<(), Failure> {
        self.tell_job(job, Event::SuspendRequested, "stopped").await
    }

    /// Asks a job to end.
    pub async fn cancel_job(&self, job: &RunId) -> Result<(), Failure> {
        self.tell_job(job, Event::CancelRequested, "cancelled").await
    }

    /// Lets a job go on that waits, was cancelled, or failed.
    pub async fn resume_job(&self, job: &RunId) -> Result<(), Failure> {
        let record = self.job_record(job).await?;
        if record.status == "succeeded" {
            return Err(Failure::new(
                Code::Conflict,
                format!("job {job} has succeeded: there is nothing to go on with"),
            )
            .with_hint("run its document again for another one"));
        }
        let shared = &self.shared;
        // Whoever asked and then waits for the end must not read how the job was before.
        let mut news = shared.live.watch(job);
        let committed = async { while matches!(news.recv().await, Ok(news) if news != LiveUpdate::Committed) {} };
        let committed = shared.stopping.run_until_cancelled(tokio::time::timeout(COMMIT_WAIT_MAX, committed));
        if self.send(job, Event::ResumeRequested) {
            if record.status == "suspended" {
                let _ = committed.await;
            }
            return Ok(());
        }
        let History { records, .. } = history(shared, job).await?;
        let (state, _) = host_training::recover(&records)?;
        let checkpoints = shared.checkpoints.of(job).await?;
        let departure = Departure {
            state,
            advanced: Advanced::default(),
            happening: Some(Event::ResumeRequested),
            began_at_millis: shared.clock.now_millis(),
        };
        JobDrive::start(shared, job.clone(), checkpoints, departure);
        let _ = committed.await;
        Ok(())
    }

    async fn tell_job(&self, job: &RunId, event: Event, what: &str) -> Result<(), Failure> {
        let record = self.job_record(job).await?;
        if self.send(job, event) {
            return Ok(());
        }
        Err(Failure::new(Code::Conflict, format!("job {job} is {} and cannot be {what}", record.status))
            .with_hint(format!("look at it with `sandmill train show {job}`")))
    }

    fn send(&self, job: &RunId, event: Event) -> bool {
        let handle = self.shared.jobs().get(job).cloned();
        handle.is_some_and(|handle| handle.events.send(event).is_ok())
    }
}

/// Takes an ended job out of the lists, with its checkpoints, once its time is over; a job that was resumed meanwhile
/// stays.
pub(crate) fn forget_later(shared: &Arc<Shared>, job: RunId, keep_for_millis: u64) {
    let shared = shared.clone();
    let tasks = shared.tasks.clone();
    tasks.spawn(async move {
        loop {
            let Ok(Some(record)) = shared.ledger.run(&job).await else { return };
            let RunRecord { finished_at_millis: Some(finished), .. } = record else { return };
            let now = shared.clock.now_millis();
            let left = (finished + keep_for_millis).saturating_sub(now);
            if left == 0 {
                break;
            }
            let pause = tokio::time::sleep(Duration::from_millis(left.min(FORGET_CHECK_MILLIS_MAX)));
            if shared.stopping.run_until_cancelled(pause).await.is_none() {
                return;
            }
        }
        shared.checkpoints.remove(&job).await;
        let executor = Executor { shared };
        if let Err(failure) = executor.change_attributes(&job, |attributes| attributes.removed = true).await {
            tracing::warn!(%job, %failure, "an ended job could not be taken out of the lists");
        }
    });
}
