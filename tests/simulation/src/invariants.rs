//! What must hold whatever happens, as checks of a run's history.
//! Never looks into the decider: only at what was recorded.

use std::collections::BTreeMap;

use host_base::{Code, StepName};
use host_pipeline::{Plan, PlannedStep, RunEvent, RunState, RunStatus, StepKind, StepStatus, Trigger, Work};

use crate::pipelines::outputs;

/// What was broken, in one sentence.
pub type Violation = String;

/// Checks a history from its submission on.
///
/// # Errors
/// The first rule that the history breaks.
pub fn check_history(events: &[RunEvent]) -> Result<(), Violation> {
    let Some(RunEvent::Submitted { plan }) = events.first() else {
        return Err("the history does not begin with the submission".to_owned());
    };
    let mut steps = Steps { planned: plan.steps().into_iter().collect(), recorded: BTreeMap::new() };
    let mut finished = None;
    for event in &events[1..] {
        if finished.is_some() && !matches!(event, RunEvent::RetryRequested) {
            return Err(format!("{} follows the end of the run", name(event)));
        }
        match event {
            RunEvent::Submitted { .. } => return Err("the run is submitted twice".to_owned()),
            RunEvent::Finished { status } => finished = Some(*status),
            RunEvent::RetryRequested => {
                finished = None;
                for (name, step) in &mut steps.recorded {
                    step.failures = 0;
                    step.succeeded &= !may_be_done_again(plan, name);
                }
            }
            RunEvent::CancelRequested | RunEvent::DeadlineReached => {}
            RunEvent::AttemptStarted { step, attempt } => steps.recorded(step)?.start(step, *attempt)?,
            RunEvent::AttemptSucceeded { step, attempt, .. } => {
                steps.recorded(step)?.end(step, *attempt, true, false)?;
            }
            RunEvent::StepReused { step, .. } => steps.recorded(step)?.succeeded = true,
            RunEvent::AttemptFailed { step, attempt, failure, .. } => {
                steps.recorded(step)?.end(step, *attempt, false, failure.code != Code::Cancelled)?;
            }
            RunEvent::AttemptInterrupted { step, attempt } => {
                steps.recorded(step)?.end(step, *attempt, false, false)?;
            }
            RunEvent::RetryDue { step } => drop(steps.recorded(step)?),
        }
    }
    steps.check_retries()
}

/// Whether a step that succeeded may be done again when the run is tried again: something that it
/// hangs on runs whatever happens, so that it runs again and may give something else.
pub fn may_be_done_again(plan: &Plan, name: &StepName) -> bool {
    let mut graph = &plan.graph;
    for part in path_in_plan(name).as_str().split('/') {
        let mut waited_for = vec![StepName::from(part)];
        while let Some(task) = waited_for.pop().and_then(|name| graph.task(&name)) {
            if task.trigger == Trigger::AllEnded {
                return true;
            }
            waited_for.extend(task.needs.iter().cloned());
        }
        match graph.task(&StepName::from(part)).map(|task| &task.work) {
            Some(Work::Graph(group)) => graph = &group.graph,
            _ => return false,
        }
    }
    false
}

/// A step's path without the numbers of rounds; no task of a simulation has a number for a name.
fn path_in_plan(name: &StepName) -> StepName {
    let parts: Vec<&str> = name.as_str().split('/').filter(|part| part.parse::<u64>().is_err()).collect();
    StepName::from(parts.join("/").as_str())
}

/// What a history says of all steps.
struct Steps<'plan> {
    planned: BTreeMap<StepName, &'plan PlannedStep>,
    recorded: BTreeMap<StepName, Recorded>,
}

impl Steps<'_> {
    fn recorded(&mut self, step: &StepName) -> Result<&mut Recorded, Violation> {
        if !self.planned.contains_key(&path_in_plan(step)) {
            return Err(format!("an event is about step {step}, which the plan does not have"));
        }
        Ok(self.recorded.entry(step.clone()).or_default())
    }

    fn check_retries(&self) -> Result<(), Violation> {
        for (name, Recorded { failures, .. }) in &self.recorded {
            let max = self.planned.get(&path_in_plan(name)).map_or(0, |step| step.retry.max_attempts);
            if *failures > max {
                return Err(format!("step {name} failed {failures} times, although its policy allows {max} attempts"));
            }
        }
        Ok(())
    }
}

/// What a history says of a step.
#[derive(Default)]
struct Recorded {
    /// The newest attempt.
    attempt: u32,
    under_way: bool,
    succeeded: bool,
    /// Failures since the run was submitted or last tried again.
    failures: u32,
}

impl Recorded {
    fn start(&mut self, step: &StepName, attempt: u32) -> Result<(), Violation> {
        if attempt <= self.attempt {
            return Ok(()); // reported twice, or too late
        }
        if self.succeeded {
            return Err(format!("attempt {attempt} of step {step} begins although a success is recorded"));
        }
        if self.under_way {
            return Err(format!("attempt {attempt} of step {step} begins while attempt {} is under way", self.attempt));
        }
        (self.attempt, self.under_way) = (attempt, true);
        Ok(())
    }

    fn end(&mut self, step: &StepName, attempt: u32, success: bool, counts: bool) -> Result<(), Violation> {
        let is_new = self.under_way && attempt == self.attempt;
        // An attempt may be stopped before it began; then its end is all that is known of it.
        let never_began = attempt > self.attempt && !success;
        if !is_new && !never_began {
            return Ok(()); // reported twice, or too late
        }
        if self.succeeded {
            return Err(format!("attempt {attempt} of step {step} ends although a success is recorded"));
        }
        (self.attempt, self.under_way) = (attempt, false);
        self.succeeded |= success;
        self.failures += u32::from(counts);
        Ok(())
    }
}

/// Checks where a finished run stands.
///
/// # Errors
/// The first rule that the state breaks.
pub fn check_end(state: &RunState) -> Result<(), Violation> {
    let outermost = || state.steps.iter().filter(|step| step.parent.is_none()).map(|step| step.status);
    let has = |status: StepStatus| outermost().any(|other| other == status);
    let sound = match state.status {
        RunStatus::Running | RunStatus::Cancelling => false,
        RunStatus::Succeeded => outermost().all(|status| matches!(status, StepStatus::Succeeded | StepStatus::Skipped)),
        RunStatus::Failed => has(StepStatus::Failed) && !has(StepStatus::Cancelled),
        RunStatus::Cancelled => has(StepStatus::Failed) || has(StepStatus::Cancelled),
    };
    if !sound || state.steps.iter().any(|step| !step.status.is_final()) {
        let steps: Vec<StepStatus> = state.steps.iter().map(|step| step.status).collect();
        return Err(format!("a run cannot end as {:?} with steps {steps:?}", state.status));
    }
    (0..state.steps.len()).try_for_each(|index| check_step(state, index))
}

fn check_step(state: &RunState, index: usize) -> Result<(), Violation> {
    let step = &state.steps[index];
    let in_use = is_in_use(state, step.parent);
    let needed = || state.needed(index).map(|needed| needed.status);
    match (step.status, state.task(index).trigger) {
        (StepStatus::Succeeded, Trigger::AllSucceeded) if needed().any(|status| status != StepStatus::Succeeded) => {
            Err(format!("step {} succeeded before a step that it needs", step.name))
        }
        (StepStatus::Succeeded, _) if step.kind == StepKind::Step && in_use => {
            let expected =
                host_pipeline::resolve_inputs(state, index).map(|inputs| outputs(step.name.as_str(), &inputs));
            if expected.as_ref() == Some(&step.outputs) {
                return Ok(());
            }
            Err(format!("step {} has outputs {:?}, not {expected:?}", step.name, step.outputs))
        }
        (StepStatus::Succeeded, _) if step.kind != StepKind::Step && in_use => check_group(state, index),
        (StepStatus::Skipped, _)
            if step.kind != StepKind::Iteration
                && state.task(index).when.is_none()
                && !needed().any(|status| matches!(status, StepStatus::Failed | StepStatus::Skipped)) =>
        {
            Err(format!("step {} is skipped although nothing before it failed", step.name))
        }
        _ => Ok(()),
    }
}

/// Whether all that is around has succeeded; what a failed or shortened loop left behind is no result.
fn is_in_use(state: &RunState, mut around: Option<usize>) -> bool {
    while let Some(index) = around {
        if state.steps[index].status != StepStatus::Succeeded {
            return false;
        }
        around = state.steps[index].parent;
    }
    true
}

/// Everything inside what succeeded has, but for what was skipped: by its condition, or because a list
/// had no item for it any more.
fn check_group(state: &RunState, index: usize) -> Result<(), Violation> {
    let inside = || state.steps.iter().filter(|step| step.parent == Some(index));
    let is_sound = |status| matches!(status, StepStatus::Succeeded | StepStatus::Skipped);
    match inside().find(|step| !is_sound(step.status)) {
        Some(step) => Err(format!("{} succeeded although {} inside did not", state.steps[index].name, step.name)),
        None => Ok(()),
    }
}

/// An event's name, as the ledger has it.
pub(crate) fn name(event: &RunEvent) -> String {
    let json = serde_json::to_value(event).unwrap_or_default();
    json.get("event").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
