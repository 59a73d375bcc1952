//! One event in, the next commands out: all decisions about a run at work.
//! Never does anything itself and never takes longer than what the event changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use host_base::{Code, Failure, StepName, Value};

use crate::inputs::resolve_inputs;
use crate::{Command, Plan, PlannedStep, RunEvent, RunState, RunStatus, StepState, StepStatus, retry};

/// A run that has not been submitted yet: [`RunEvent::Submitted`] sets it going.
#[must_use]
pub fn start(plan: Arc<Plan>) -> RunState {
    let mut dependents = vec![Vec::new(); plan.steps.len()];
    for (index, step) in plan.steps.iter().enumerate() {
        for needed in step.needs.iter().filter_map(|needed| plan.index(needed)) {
            dependents[needed].push(index);
        }
    }
    let step = |step: &PlannedStep| StepState::waiting(step.name.clone(), needed_steps(&plan, step));
    let steps: Vec<StepState> = plan.steps.iter().map(step).collect();
    RunState { unfinished: steps.len(), status: RunStatus::Running, steps, dependents, plan }
}

/// How many steps a step waits for.
fn needed_steps(plan: &Plan, step: &PlannedStep) -> usize {
    step.needs.iter().filter(|needed| plan.index(needed).is_some()).count()
}

/// Takes in what happened and says what to do next. An event that does not fit (a report that comes
/// twice or too late, a request to a run that has ended) changes nothing.
pub fn advance(state: &mut RunState, event: &RunEvent) -> Vec<Command> {
    let unfinished_before = state.unfinished;
    let mut turn = Turn { state, commands: Vec::new() };
    match event {
        RunEvent::Submitted { .. } => {
            turn.start_ready();
            // A plan without steps has nothing that could end it later.
            if turn.state.steps.is_empty() {
                turn.finish();
            }
        }
        RunEvent::AttemptStarted { step, attempt } => turn.attempt_started(step, *attempt),
        RunEvent::AttemptSucceeded { step, attempt, outputs, .. } => turn.attempt_succeeded(step, *attempt, outputs),
        RunEvent::StepReused { step, outputs, .. } => turn.step_reused(step, outputs),
        RunEvent::AttemptFailed { step, attempt, failure, .. } => turn.attempt_failed(step, *attempt, failure),
        RunEvent::AttemptInterrupted { step, attempt } => turn.attempt_interrupted(step, *attempt),
        RunEvent::RetryDue { step } => turn.retry_due(step),
        RunEvent::CancelRequested => turn.cancel(),
        RunEvent::RetryRequested => turn.retry_run(),
        RunEvent::Finished { status } => {
            if !turn.state.status.is_final() {
                turn.state.status = *status;
            }
        }
    }
    if unfinished_before > 0 && turn.state.unfinished == 0 {
        turn.finish();
    }
    turn.commands
}

/// How a run ends whose steps have all ended.
pub(crate) fn final_status(state: &RunState) -> RunStatus {
    let any = |status| state.steps.iter().any(|step| step.status == status);
    match state.status {
        RunStatus::Cancelling if !state.steps.iter().all(|step| step.status == StepStatus::Succeeded) => {
            RunStatus::Cancelled
        }
        _ if any(StepStatus::Failed) => RunStatus::Failed,
        _ => RunStatus::Succeeded,
    }
}

struct Turn<'state> {
    state: &'state mut RunState,
    commands: Vec<Command>,
}

impl Turn<'_> {
    /// The step's index, if this attempt of it is the one under way.
    fn under_way(&self, name: &StepName, attempt: u32) -> Option<usize> {
        let index = self.state.index(name)?;
        let step = &self.state.steps[index];
        (step.status == StepStatus::Running && step.current_attempt() == attempt).then_some(index)
    }

    fn attempt_started(&mut self, name: &StepName, attempt: u32) {
        if let Some(index) = self.under_way(name, attempt) {
            let step = &mut self.state.steps[index];
            step.begun = true;
            step.attempts = attempt;
        }
    }

    fn attempt_succeeded(&mut self, name: &StepName, attempt: u32, outputs: &BTreeMap<String, Value>) {
        if let Some(index) = self.under_way(name, attempt) {
            self.state.steps[index].attempts = attempt;
            self.succeed(index, outputs, false);
        }
    }

    fn step_reused(&mut self, name: &StepName, outputs: &BTreeMap<String, Value>) {
        let Some(index) = self.state.index(name) else { return };
        if self.state.steps[index].status == StepStatus::Running {
            self.succeed(index, outputs, true);
        }
    }

    fn succeed(&mut self, index: usize, outputs: &BTreeMap<String, Value>, reused: bool) {
        let step = &mut self.state.steps[index];
        step.outputs.clone_from(outputs);
        step.reused = reused;
        step.failure = None;
        self.end_step(index, StepStatus::Succeeded);
        for position in 0..self.state.dependents[index].len() {
            let dependent = self.state.dependents[index][position];
            let step = &mut self.state.steps[dependent];
            step.waiting_for = step.waiting_for.saturating_sub(1);
            if step.status == StepStatus::Waiting && step.waiting_for == 0 {
                self.start_attempt(dependent);
            }
        }
    }

    fn attempt_failed(&mut self, name: &StepName, attempt: u32, failure: &Failure) {
        let Some(index) = self.under_way(name, attempt) else { return };
        let policy = &self.state.plan.steps[index].retry;
        let step = &mut self.state.steps[index];
        step.begun = false;
        // Counted even if it never began, so that a late report of it cannot be taken for the next one's.
        step.attempts = attempt;
        step.failure = Some(failure.clone());
        if self.state.status == RunStatus::Cancelling {
            let cancelled = failure.code == Code::Cancelled;
            self.end_step(index, if cancelled { StepStatus::Cancelled } else { StepStatus::Failed });
            return;
        }
        step.failures += 1;
        match retry::delay_millis(policy, step.failures, failure) {
            Some(delay_millis) => {
                step.status = StepStatus::Backoff;
                self.commands.push(Command::WaitForRetry { step: name.clone(), delay_millis });
            }
            None => self.fail(index),
        }
    }

    /// The step failed for good: what needs it, directly or not, is skipped; everything else goes on.
    fn fail(&mut self, index: usize) {
        self.end_step(index, StepStatus::Failed);
        let mut blocked = vec![index];
        while let Some(index) = blocked.pop() {
            for position in 0..self.state.dependents[index].len() {
                let dependent = self.state.dependents[index][position];
                if self.state.steps[dependent].status == StepStatus::Waiting {
                    self.end_step(dependent, StepStatus::Skipped);
                    blocked.push(dependent);
                }
            }
        }
    }

    fn attempt_interrupted(&mut self, name: &StepName, attempt: u32) {
        let Some(index) = self.under_way(name, attempt) else { return };
        self.state.steps[index].attempts = attempt;
        if self.state.status == RunStatus::Cancelling {
            // The attempt ended with the node, which is what was asked for.
            self.end_step(index, StepStatus::Cancelled);
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

    fn cancel(&mut self) {
        // Once all steps have ended there is nothing left to cancel; the run is about to finish.
        if self.state.status != RunStatus::Running || self.state.unfinished == 0 {
            return;
        }
        self.state.status = RunStatus::Cancelling;
        for index in 0..self.state.steps.len() {
            match self.state.steps[index].status {
                StepStatus::Waiting | StepStatus::Backoff => self.end_step(index, StepStatus::Cancelled),
                StepStatus::Running => {
                    self.commands.push(Command::CancelAttempt { step: self.state.steps[index].name.clone() });
                }
                _ => {}
            }
        }
    }

    /// Everything that did not succeed opens anew, with a fresh count against the retry policy.
    fn retry_run(&mut self) {
        if !matches!(self.state.status, RunStatus::Failed | RunStatus::Cancelled) {
            return;
        }
        self.state.status = RunStatus::Running;
        let state = &mut *self.state;
        for (step, planned) in state.steps.iter_mut().zip(&state.plan.steps) {
            if step.status != StepStatus::Succeeded {
                step.status = StepStatus::Waiting;
                step.failures = 0;
                step.begun = false;
                step.waiting_for = needed_steps(&state.plan, planned);
                state.unfinished += 1;
            }
        }
        for index in 0..state.steps.len() {
            if state.steps[index].status == StepStatus::Succeeded {
                for dependent in &state.dependents[index] {
                    let step = &mut state.steps[*dependent];
                    step.waiting_for = step.waiting_for.saturating_sub(1);
                }
            }
        }
        self.start_ready();
    }

    fn start_ready(&mut self) {
        for index in 0..self.state.steps.len() {
            let step = &self.state.steps[index];
            if step.status == StepStatus::Waiting && step.waiting_for == 0 {
                self.start_attempt(index);
            }
        }
    }

    fn start_attempt(&mut self, index: usize) {
        let Some(inputs) = resolve_inputs(self.state, &self.state.plan.steps[index]) else {
            let step = &mut self.state.steps[index];
            let message = format!("a step before `{}` succeeded without an output that it promises", step.name);
            step.failure = Some(Failure::new(Code::MissingOutput, message));
            return self.fail(index);
        };
        let step = &mut self.state.steps[index];
        step.status = StepStatus::Running;
        step.begun = false;
        self.commands.push(Command::StartAttempt { step: step.name.clone(), attempt: step.current_attempt(), inputs });
    }

    fn end_step(&mut self, index: usize, status: StepStatus) {
        let step = &mut self.state.steps[index];
        step.status = status;
        step.begun = false;
        self.state.unfinished = self.state.unfinished.saturating_sub(1);
    }

    fn finish(&mut self) {
        self.commands.push(Command::FinishRun { status: final_status(self.state) });
    }
}

#[cfg(test)]
mod tests;
