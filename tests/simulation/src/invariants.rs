//! What must hold whatever happens, as checks of a run's history.
//! Never looks into the decider: only at what was recorded.

use std::collections::BTreeMap;

use host_base::{Code, StepName};
use host_pipeline::{Plan, RunEvent, RunState, RunStatus, StepStatus};

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
    let mut steps: BTreeMap<&StepName, Recorded> =
        plan.steps.iter().map(|step| (&step.name, Recorded::default())).collect();
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
                steps.values_mut().for_each(|step| step.failures = 0);
            }
            RunEvent::CancelRequested => {}
            RunEvent::AttemptStarted { step, attempt } => recorded(&mut steps, step)?.start(step, *attempt)?,
            RunEvent::AttemptSucceeded { step, attempt, .. } => {
                recorded(&mut steps, step)?.end(step, *attempt, true, false)?;
            }
            RunEvent::StepReused { step, .. } => recorded(&mut steps, step)?.succeeded = true,
            RunEvent::AttemptFailed { step, attempt, failure, .. } => {
                recorded(&mut steps, step)?.end(step, *attempt, false, failure.code != Code::Cancelled)?;
            }
            RunEvent::AttemptInterrupted { step, attempt } => {
                recorded(&mut steps, step)?.end(step, *attempt, false, false)?;
            }
            RunEvent::RetryDue { step } => drop(recorded(&mut steps, step)?),
        }
    }
    check_retries(plan, &steps)
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

fn recorded<'steps>(
    steps: &'steps mut BTreeMap<&StepName, Recorded>,
    step: &StepName,
) -> Result<&'steps mut Recorded, Violation> {
    steps.get_mut(step).ok_or_else(|| format!("an event is about step {step}, which the plan does not have"))
}

fn check_retries(plan: &Plan, steps: &BTreeMap<&StepName, Recorded>) -> Result<(), Violation> {
    for step in &plan.steps {
        let failures = steps.get(&step.name).map_or(0, |recorded| recorded.failures);
        if failures > step.retry.max_attempts {
            let (name, max) = (&step.name, step.retry.max_attempts);
            return Err(format!("step {name} failed {failures} times, although its policy allows {max} attempts"));
        }
    }
    Ok(())
}

/// Checks where a finished run stands.
///
/// # Errors
/// The first rule that the state breaks.
pub fn check_end(state: &RunState) -> Result<(), Violation> {
    let has = |status: StepStatus| state.steps.iter().any(|step| step.status == status);
    let all_succeeded = state.steps.iter().all(|step| step.status == StepStatus::Succeeded);
    let sound = match state.status {
        RunStatus::Running | RunStatus::Cancelling => false,
        RunStatus::Succeeded => all_succeeded,
        RunStatus::Failed => has(StepStatus::Failed) && !has(StepStatus::Cancelled),
        RunStatus::Cancelled => !all_succeeded,
    };
    if !sound || state.steps.iter().any(|step| !step.status.is_final()) {
        let steps: Vec<StepStatus> = state.steps.iter().map(|step| step.status).collect();
        return Err(format!("a run cannot end as {:?} with steps {steps:?}", state.status));
    }
    for (step, planned) in state.steps.iter().zip(&state.plan.steps) {
        let needed = || planned.needs.iter().filter_map(|needed| state.step(needed)).map(|needed| needed.status);
        match step.status {
            StepStatus::Succeeded => {
                if needed().any(|status| status != StepStatus::Succeeded) {
                    return Err(format!("step {} succeeded before a step that it needs", step.name));
                }
                let expected =
                    host_pipeline::resolve_inputs(state, planned).map(|inputs| outputs(step.name.as_str(), &inputs));
                if expected.as_ref() != Some(&step.outputs) {
                    return Err(format!("step {} has outputs {:?}, not {expected:?}", step.name, step.outputs));
                }
            }
            StepStatus::Skipped
                if !needed().any(|status| matches!(status, StepStatus::Failed | StepStatus::Skipped)) =>
            {
                return Err(format!("step {} is skipped although nothing before it failed", step.name));
            }
            _ => {}
        }
    }
    Ok(())
}

/// An event's name, as the ledger has it.
pub(crate) fn name(event: &RunEvent) -> String {
    let json = serde_json::to_value(event).unwrap_or_default();
    json.get("event").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
