//! A run after a crash: its history is replayed, and what was under way is taken up again.
//! Never repeats a recorded step and never reads a clock: a wait for a retry begins again in full.

use std::sync::Arc;

use host_base::{Code, Failure};

use crate::advance::{advance, final_status, start};
use crate::inputs::resolve_inputs;
use crate::{Command, RunEvent, RunState, RunStatus, StepKind, StepState, StepStatus, retry};

/// How a run goes on after a crash.
#[derive(Clone, Debug, PartialEq)]
pub struct Recovered {
    /// Where the history left the run.
    pub state: RunState,
    /// What the crash did to it. These happen next, each appended to the history like any event.
    pub events: Vec<RunEvent>,
    /// What to do besides what follows from those.
    pub commands: Vec<Command>,
}

/// Replays a run's events, oldest first.
///
/// # Errors
/// Where the history does not begin with the run's submission.
pub fn recover<'event>(events: impl IntoIterator<Item = &'event RunEvent>) -> Result<Recovered, Failure> {
    let state = replay(events)?;
    let events = interruptions(&state);
    let mut commands = Vec::new();
    if !state.status.is_final() && state.root.unfinished == 0 {
        commands.push(Command::FinishRun { status: final_status(&state) });
    }
    for index in 0..state.steps.len() {
        commands.extend(taken_up(&state, index));
    }
    Ok(Recovered { state, events, commands })
}

/// Where a run stands after these events.
///
/// # Errors
/// Where the history does not begin with the run's submission.
pub fn replay<'event>(events: impl IntoIterator<Item = &'event RunEvent>) -> Result<RunState, Failure> {
    let mut events = events.into_iter();
    let Some(first @ RunEvent::Submitted { plan }) = events.next() else {
        let message = "the run's history does not begin with its submission";
        return Err(Failure::new(Code::LedgerFailed, message)
            .with_hint("restore the data folder from a backup, or submit the pipeline again"));
    };
    let mut state = start(Arc::clone(plan));
    advance(&mut state, first);
    for event in events {
        advance(&mut state, event);
    }
    Ok(state)
}

/// Attempts that were under way when the node stopped. One that never began needs no mention, unless
/// the run is being cancelled: then nobody else will say that it has stopped.
fn interruptions(state: &RunState) -> Vec<RunEvent> {
    let stopped = |step: &&StepState| is_at_work(step) && (step.begun || state.status == RunStatus::Cancelling);
    let interrupted =
        |step: &StepState| RunEvent::AttemptInterrupted { step: step.name.clone(), attempt: step.current_attempt() };
    state.steps.iter().filter(stopped).map(interrupted).collect()
}

fn is_at_work(step: &StepState) -> bool {
    step.kind == StepKind::Step && step.status == StepStatus::Running
}

/// The command that a step was last given and that the crash took away.
fn taken_up(state: &RunState, index: usize) -> Option<Command> {
    let step = &state.steps[index];
    if is_at_work(step) && !step.begun && state.status == RunStatus::Running {
        let inputs = resolve_inputs(state, index)?;
        return Some(Command::StartAttempt { step: step.name.clone(), attempt: step.current_attempt(), inputs });
    }
    if step.status == StepStatus::Backoff {
        let failure = step.failure.as_ref()?;
        let delay_millis = retry::delay_millis(&state.planned(index)?.retry, step.failures, failure)?;
        return Some(Command::WaitForRetry { step: step.name.clone(), delay_millis });
    }
    None
}

#[cfg(test)]
mod tests;
