//! The loop that drives one run: an event comes in, `advance` says what to do, it is done.
//! Never decides anything, and lives only as long as the run is at work.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use host_base::{Millis, RunId, StepName};
use host_pipeline::{Advanced, Command, RunEvent, RunState};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::executor::Shared;
use crate::run::attempt::Attempt;
use crate::run::journal::Journal;
use crate::run::observer::RunLog;

/// How the rest of the executor reaches a run at work.
#[derive(Clone)]
pub(crate) struct DriveHandle {
    /// Tells the run that something happened.
    pub(crate) events: mpsc::UnboundedSender<RunEvent>,
}

/// One run at work.
pub(crate) struct Drive {
    shared: Arc<Shared>,
    run: RunId,
    state: RunState,
    journal: Journal,
    log: RunLog,
    handle: DriveHandle,
    events: mpsc::UnboundedReceiver<RunEvent>,
    attempts: HashMap<StepName, CancellationToken>,
}

/// Where a drive takes a run over.
pub(crate) struct Departure {
    /// The run as its recorded history left it.
    pub(crate) state: RunState,
    /// Events that happen first.
    pub(crate) happening: Vec<RunEvent>,
    /// Commands to carry out besides what follows from those.
    pub(crate) commands: Vec<Command>,
    /// When the run was submitted, or last asked to be tried again: its deadline counts from there.
    pub(crate) began_at_millis: Millis,
}

impl Drive {
    /// Starts to drive a run.
    pub(crate) fn start(shared: &Arc<Shared>, run: RunId, departure: Departure) {
        let Departure { state, happening, commands, began_at_millis } = departure;
        // Unbounded, yet bounded in fact: an attempt reports twice, and the attempts are the run's steps.
        let (sender, events) = mpsc::unbounded_channel();
        let handle = DriveHandle { events: sender };
        shared.drives().insert(run.clone(), handle.clone());
        let journal = Journal::start(shared.clone(), run.clone());
        let log = RunLog::start(shared.clone(), run.clone());
        let attempts = HashMap::new();
        watch_deadline(shared, &state, began_at_millis, handle.events.clone());
        let drive = Self { shared: shared.clone(), run, state, journal, log, handle, events, attempts };
        shared.tasks.spawn(drive.drive(happening, commands));
    }

    async fn drive(mut self, happening: Vec<RunEvent>, commands: Vec<Command>) {
        self.carry_out(commands).await;
        for event in happening {
            self.happen(event).await;
        }
        let stopping = self.shared.stopping.clone();
        while !self.state.status.is_final() {
            // The handle holds a sender, so the channel stays open.
            let Some(Some(event)) = stopping.run_until_cancelled(self.events.recv()).await else { break };
            self.happen(event).await;
        }
        self.shared.drives().remove(&self.run);
        // Log lines first: whoever sees the run finished finds its log complete.
        self.log.close().await;
        self.journal.close().await;
        if self.state.status.is_final() {
            self.shared.workspaces.remove(&self.run).await;
        }
        self.shared.wake_schedules();
    }

    async fn happen(&mut self, event: RunEvent) {
        let advanced = host_pipeline::advance(&mut self.state, &event);
        self.record(&event, &advanced).await;
        self.carry_out(advanced.commands).await;
    }

    async fn record(&mut self, event: &RunEvent, advanced: &Advanced) {
        let now = self.shared.clock.now_millis();
        match super::facts::entry(&self.run, now, event, &self.state, advanced) {
            Ok(entry) => self.journal.append(entry).await,
            Err(failure) => tracing::error!(run = %self.run, %failure, "an event could not be written down"),
        }
    }

    /// Carries out commands, and those that follow from carrying them out.
    async fn carry_out(&mut self, commands: Vec<Command>) {
        let mut queue = std::collections::VecDeque::from(commands);
        while let Some(command) = queue.pop_front() {
            match command {
                Command::StartAttempt { step, attempt, inputs } => self.start_attempt(step, attempt, inputs),
                Command::WaitForRetry { step, delay_millis } => self.wait_for_retry(step, delay_millis),
                Command::CancelAttempt { step } => {
                    if let Some(token) = self.attempts.get(&step) {
                        token.cancel();
                    }
                }
                Command::FinishRun { status } => {
                    let event = RunEvent::Finished { status };
                    let advanced = host_pipeline::advance(&mut self.state, &event);
                    self.record(&event, &advanced).await;
                    queue.extend(advanced.commands);
                }
            }
        }
    }

    fn start_attempt(&mut self, step: StepName, attempt: u32, inputs: host_pipeline::ResolvedInputs) {
        let planned = self.state.index(&step).and_then(|index| self.state.planned(index)).cloned();
        let Some(planned) = planned else {
            return tracing::error!(run = %self.run, %step, "a command names a step that its plan does not have");
        };
        let cancel = self.shared.stopping.child_token();
        self.attempts.insert(step.clone(), cancel.clone());
        let attempt = Attempt {
            shared: self.shared.clone(),
            run: self.run.clone(),
            pipeline: self.state.plan.pipeline.clone(),
            step,
            planned,
            attempt,
            inputs,
            observer: self.log.sender(self.journal.sender()),
            events: self.handle.events.clone(),
            cancel,
            names: self.state.plan.kfp.clone(),
        };
        self.shared.tasks.spawn(attempt.make());
    }

    fn wait_for_retry(&self, step: StepName, delay_millis: u64) {
        let (events, stopping) = (self.handle.events.clone(), self.shared.stopping.clone());
        self.shared.tasks.spawn(async move {
            let pause = tokio::time::sleep(Duration::from_millis(delay_millis));
            if stopping.run_until_cancelled(pause).await.is_some() {
                // Nobody listens once the run has been cancelled meanwhile.
                let _ = events.send(RunEvent::RetryDue { step });
            }
        });
    }
}

/// Tells the run when its deadline is over.
fn watch_deadline(
    shared: &Arc<Shared>,
    state: &RunState,
    began_at_millis: Millis,
    events: mpsc::UnboundedSender<RunEvent>,
) {
    let Some(deadline_millis) = state.plan.deadline_millis else { return };
    let passed = shared.clock.now_millis().saturating_sub(began_at_millis);
    let left = Duration::from_millis(deadline_millis.saturating_sub(passed));
    let stopping = shared.stopping.clone();
    shared.tasks.spawn(async move {
        let over = tokio::select! {
            () = tokio::time::sleep(left) => true,
            () = stopping.cancelled() => false,
            // The run has ended, and nobody listens any more.
            () = events.closed() => false,
        };
        if over {
            let _ = events.send(RunEvent::DeadlineReached);
        }
    });
}
