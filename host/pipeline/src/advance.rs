//! One event in, the next commands out: all decisions about a run at work.
//! Never does anything itself and never takes longer than what the event changes.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use host_base::{Code, Failure, StepName, Value};

use crate::inputs::resolve_inputs;
use crate::{Command, Plan, RunEvent, RunState, RunStatus, StepKind, StepStatus, retry};

mod begin;
mod end;
mod reopen;

/// What an event leads to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Advanced {
    /// What to do next.
    pub commands: Vec<Command>,
    /// The steps that the event changed or brought into being, by position, each once.
    pub changed: Vec<usize>,
    /// How many calls of components the run is known to hold, where the event made more known.
    pub steps_total: Option<u64>,
}

/// A run that has not been submitted yet: [`RunEvent::Submitted`] sets it going.
#[must_use]
pub fn start(plan: Arc<Plan>) -> RunState {
    let mut state = RunState::new(plan);
    state.add_tasks(None);
    state
}

/// Takes in what happened and says what to do next. An event that does not fit (a report that comes
/// twice or too late, a request to a run that has ended) changes nothing.
pub fn advance(state: &mut RunState, event: &RunEvent) -> Advanced {
    let known_before = state.steps_total;
    let mut turn = Turn { state, commands: Vec::new(), changed: Vec::new(), next: VecDeque::new(), is_over: false };
    match event {
        RunEvent::Submitted { .. } => turn.submitted(),
        RunEvent::AttemptStarted { step, attempt } => turn.attempt_started(step, *attempt),
        RunEvent::AttemptSucceeded { step, attempt, outputs, .. } => turn.attempt_succeeded(step, *attempt, outputs),
        RunEvent::StepReused { step, outputs, .. } => turn.step_reused(step, outputs),
        RunEvent::AttemptFailed { step, attempt, failure, .. } => turn.attempt_failed(step, *attempt, failure),
        RunEvent::AttemptInterrupted { step, attempt } => turn.attempt_interrupted(step, *attempt),
        RunEvent::RetryDue { step } => turn.retry_due(step),
        RunEvent::CancelRequested => turn.cancel(None),
        RunEvent::DeadlineReached => {
            let deadline = turn.state.plan.deadline_millis.unwrap_or_default();
            turn.cancel(Some(deadline_reached(deadline)));
        }
        RunEvent::RetryRequested => turn.retry_run(),
        RunEvent::Finished { status } => {
            if !turn.state.status.is_final() {
                turn.state.status = *status;
            }
        }
    }
    turn.settle();
    if turn.is_over {
        turn.commands.push(Command::FinishRun { status: final_status(turn.state) });
    }
    let Turn { commands, mut changed, state, .. } = turn;
    changed.sort_unstable();
    changed.dedup();
    let steps_total = (state.steps_total > known_before).then_some(state.steps_total);
    Advanced { commands, changed, steps_total }
}

/// How a run ends whose steps have all ended.
pub(crate) fn final_status(state: &RunState) -> RunStatus {
    let any = |status| state.root.children.iter().any(|index| state.steps[*index].status == status);
    match state.status {
        RunStatus::Cancelling if state.failure.is_some() => RunStatus::Failed,
        RunStatus::Cancelling if any(StepStatus::Failed) || any(StepStatus::Cancelled) => RunStatus::Cancelled,
        _ if any(StepStatus::Failed) => RunStatus::Failed,
        _ => RunStatus::Succeeded,
    }
}

fn deadline_reached(deadline_millis: u64) -> Failure {
    let seconds = deadline_millis as f64 / 1000.0;
    let message = format!("the run did not end within its deadline of {seconds} s");
    let hint = "give it a longer one, or try again with `sandmill run retry` for as long once more";
    Failure::new(Code::DeadlineReached, message).with_hint(hint)
}

/// What has been decided and not been followed up yet.
enum Next {
    /// Nothing holds this step back any more.
    Begin(usize),
    /// This step has ended: others may have waited for it.
    Ended(usize),
}

struct Turn<'state> {
    state: &'state mut RunState,
    commands: Vec<Command>,
    changed: Vec<usize>,
    next: VecDeque<Next>,
    /// Whether the last step has ended in this turn.
    is_over: bool,
}

impl Turn<'_> {
    /// Follows up until nothing is left, one thing at a time, so that no chain is too long for the stack.
    fn settle(&mut self) {
        while let Some(next) = self.next.pop_front() {
            match next {
                Next::Begin(index) => self.begin(index),
                Next::Ended(index) => self.after_end(index),
            }
        }
    }

    fn submitted(&mut self) {
        self.changed.extend(0..self.state.steps.len());
        self.begin_ready(None);
        // A plan without steps has nothing that could end it later.
        self.is_over = self.state.steps.is_empty();
    }

    /// The step's position, if this attempt of it is the one under way.
    fn under_way(&self, name: &StepName, attempt: u32) -> Option<usize> {
        let index = self.at_work(name)?;
        (self.state.steps[index].current_attempt() == attempt).then_some(index)
    }

    fn at_work(&self, name: &StepName) -> Option<usize> {
        let index = self.state.index(name)?;
        let step = &self.state.steps[index];
        (step.kind == StepKind::Step && step.status == StepStatus::Running).then_some(index)
    }

    fn attempt_started(&mut self, name: &StepName, attempt: u32) {
        if let Some(index) = self.under_way(name, attempt) {
            let step = &mut self.state.steps[index];
            step.begun = true;
            step.attempts = attempt;
            self.changed.push(index);
        }
    }

    fn attempt_succeeded(&mut self, name: &StepName, attempt: u32, outputs: &BTreeMap<String, Value>) {
        if let Some(index) = self.under_way(name, attempt) {
            self.state.steps[index].attempts = attempt;
            self.succeed(index, outputs.clone(), false);
        }
    }

    fn step_reused(&mut self, name: &StepName, outputs: &BTreeMap<String, Value>) {
        if let Some(index) = self.at_work(name) {
            self.succeed(index, outputs.clone(), true);
        }
    }

    fn attempt_failed(&mut self, name: &StepName, attempt: u32, failure: &Failure) {
        let Some(index) = self.under_way(name, attempt) else { return };
        let step = &mut self.state.steps[index];
        step.begun = false;
        // Counted even if it never began, so that a late report of it cannot be taken for the next one's.
        step.attempts = attempt;
        step.interruptions = 0;
        step.failure = Some(failure.clone());
        if self.state.status == RunStatus::Cancelling {
            let cancelled = failure.code == Code::Cancelled;
            return self.end(index, if cancelled { StepStatus::Cancelled } else { StepStatus::Failed });
        }
        step.failures += 1;
        let failures = step.failures;
        let delay = self.state.planned(index).and_then(|step| retry::delay_millis(&step.retry, failures, failure));
        match delay {
            Some(delay_millis) => {
                self.state.steps[index].status = StepStatus::Backoff;
                self.changed.push(index);
                self.commands.push(Command::WaitForRetry { step: name.clone(), delay_millis });
            }
            None => self.end(index, StepStatus::Failed),
        }
    }

    fn attempt_interrupted(&mut self, name: &StepName, attempt: u32) {
        let Some(index) = self.under_way(name, attempt) else { return };
        let step = &mut self.state.steps[index];
        step.attempts = attempt;
        step.interruptions += 1;
        if self.state.status == RunStatus::Cancelling {
            // The attempt ended with the node, which is what was asked for.
            self.end(index, StepStatus::Cancelled);
        } else if step.interruptions > retry::INTERRUPTIONS_MAX {
            let message =
                format!("the node stopped {} times in a row while step `{name}` was at work", step.interruptions);
            let hint = "find out what ended the node, then try again with `sandmill run retry`";
            self.fail(index, Failure::new(Code::InterruptedTooOften, message).with_hint(hint));
        } else {
            self.start_attempt(index);
        }
    }

    fn retry_due(&mut self, name: &StepName) {
        let Some(index) = self.state.index(name) else { return };
        if self.state.steps[index].status == StepStatus::Backoff {
            self.start_attempt(index);
        }
    }

    /// Stops everything; with a failure where that is the run's own fault.
    fn cancel(&mut self, failure: Option<Failure>) {
        // Once all steps have ended there is nothing left to cancel; the run is about to finish.
        if self.state.status != RunStatus::Running || self.state.root.unfinished == 0 {
            return;
        }
        self.state.status = RunStatus::Cancelling;
        self.state.failure = failure;
        for index in 0..self.state.steps.len() {
            let step = &self.state.steps[index];
            match (step.status, step.kind) {
                (StepStatus::Waiting | StepStatus::Backoff, _) => self.end(index, StepStatus::Cancelled),
                (StepStatus::Running, StepKind::Step) => {
                    self.commands.push(Command::CancelAttempt { step: step.name.clone() });
                }
                // A group ends with what is inside it.
                _ => {}
            }
        }
    }

    fn start_attempt(&mut self, index: usize) {
        let Some(inputs) = resolve_inputs(self.state, index) else {
            let step = &self.state.steps[index].name;
            let message = format!("a step before `{step}` succeeded without an output that it promises");
            return self.fail(index, Failure::new(Code::MissingOutput, message));
        };
        let step = &mut self.state.steps[index];
        step.status = StepStatus::Running;
        step.begun = false;
        self.changed.push(index);
        self.commands.push(Command::StartAttempt { step: step.name.clone(), attempt: step.current_attempt(), inputs });
    }
}

#[cfg(test)]
mod tests;
