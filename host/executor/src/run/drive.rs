//! The loop that drives one run: an event comes in, `advance` says what to do, it is done.
//! Never decides anything, and lives only as long as the run is at work.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use host_base::{RunId, StepName};
use host_pipeline::{Command, RunEvent, RunState, StepStatus};
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
    recorded: Vec<StepStatus>,
    handle: DriveHandle,
    events: mpsc::UnboundedReceiver<RunEvent>,
    attempts: HashMap<StepName, CancellationToken>,
}

/// Where a drive takes a run over.
pub(crate) struct Departure {
    /// The run, with `happened` already applied.
    pub(crate) state: RunState,
    /// What the ledger's view says of each step, in the plan's order.
    pub(crate) recorded: Vec<StepStatus>,
    /// Events to record first.
    pub(crate) happened: Vec<RunEvent>,
    /// Commands to carry out then.
    pub(crate) commands: Vec<Command>,
}

impl Drive {
    /// Starts to drive a run.
    pub(crate) fn start(shared: &Arc<Shared>, run: RunId, departure: Departure) {
        let Departure { state, recorded, happened, commands } = departure;
        // Unbounded, yet bounded in fact: an attempt reports twice, and the attempts are the plan's steps.
        let (sender, events) = mpsc::unbounded_channel();
        let handle = DriveHandle { events: sender };
        shared.drives().insert(run.clone(), handle.clone());
        let journal = Journal::start(shared.clone(), run.clone());
        let log = RunLog::start(shared.clone(), run.clone());
        let attempts = HashMap::new();
        let drive = Self { shared: shared.clone(), run, state, journal, log, recorded, handle, events, attempts };
        shared.tasks.spawn(drive.drive(happened, commands));
    }

    async fn drive(mut self, happened: Vec<RunEvent>, commands: Vec<Command>) {
        for event in &happened {
            self.record(event).await;
        }
        self.carry_out(commands).await;
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
    }

    async fn happen(&mut self, event: RunEvent) {
        let commands = host_pipeline::advance(&mut self.state, &event);
        self.record(&event).await;
        self.carry_out(commands).await;
    }

    async fn record(&mut self, event: &RunEvent) {
        let now = self.shared.clock.now_millis();
        match super::facts::entry(&self.run, now, event, &self.state, &mut self.recorded) {
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
                    queue.extend(host_pipeline::advance(&mut self.state, &event));
                    self.record(&event).await;
                }
            }
        }
    }

    fn start_attempt(&mut self, step: StepName, attempt: u32, inputs: host_pipeline::ResolvedInputs) {
        let cancel = self.shared.stopping.child_token();
        self.attempts.insert(step.clone(), cancel.clone());
        let attempt = Attempt {
            shared: self.shared.clone(),
            run: self.run.clone(),
            plan: self.state.plan.clone(),
            step,
            attempt,
            inputs,
            observer: self.log.sender(self.journal.sender()),
            events: self.handle.events.clone(),
            cancel,
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
