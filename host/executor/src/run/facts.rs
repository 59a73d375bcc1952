//! From a run's events to the facts that the ledger's views are made of.
//! Never adds to what happened: a fact restates an event for readers.

use host_base::{Code, Failure, Millis, RunId, Usage, Value};
use host_ledger::{Fact, NewEntry};
use host_pipeline::{Call, Plan, ResolvedInputs, RunEvent, RunState, RunStatus, StepState, StepStatus};
use serde::Serialize;

/// The ledger entry of one event. `state` is the run after the event; `recorded` is what the views
/// said of each step before it, and is brought up to date.
pub(crate) fn entry(
    run: &RunId,
    at_millis: Millis,
    event: &RunEvent,
    state: &RunState,
    recorded: &mut Vec<StepStatus>,
) -> Result<NewEntry, Failure> {
    let facts = facts(event, state, recorded);
    Ok(NewEntry { run: run.clone(), at_millis, event: json(event)?, facts })
}

fn facts(event: &RunEvent, state: &RunState, recorded: &mut Vec<StepStatus>) -> Vec<Fact> {
    let mut facts = Vec::new();
    match event {
        RunEvent::Submitted { plan } => {
            facts.push(run_fact(plan));
            facts.extend(plan.steps.iter().zip(&state.steps).map(|(step, at)| waiting_fact(step, at)));
            *recorded = vec![StepStatus::Waiting; state.steps.len()];
        }
        RunEvent::AttemptStarted { step, .. } => {
            let index = index(state, step);
            facts.extend(used_facts(state, index));
            push_step(&mut facts, state, recorded, index, None);
        }
        RunEvent::AttemptSucceeded { step, outputs, cache_key, usage, .. } => {
            let index = index(state, step);
            facts.extend(outputs.iter().filter_map(|(output, value)| made_fact(step.as_str(), output, value)));
            facts.extend(cache_key.as_ref().map(|key| Fact::CacheStored {
                key: key.to_string(),
                step: step.to_string(),
                outputs: json_or_null(outputs),
            }));
            push_step(&mut facts, state, recorded, index, Some(*usage));
        }
        RunEvent::StepReused { step, .. } => {
            let index = index(state, step);
            facts.extend(used_facts(state, index));
            push_step(&mut facts, state, recorded, index, None);
        }
        RunEvent::AttemptFailed { step, usage, .. } => {
            push_step(&mut facts, state, recorded, index(state, step), Some(*usage));
        }
        RunEvent::AttemptInterrupted { step, .. } | RunEvent::RetryDue { step } => {
            push_step(&mut facts, state, recorded, index(state, step), None);
        }
        RunEvent::CancelRequested | RunEvent::RetryRequested => {
            facts.push(Fact::RunStatus { status: name(&state.status), finished: state.status.is_final() });
        }
        RunEvent::Finished { status } => {
            facts.push(Fact::RunStatus { status: name(status), finished: status.is_final() });
        }
    }
    facts.extend(cascade(event, state, recorded));
    facts
}

/// Steps that an event changed besides its own: skipped, cancelled, or waiting again.
fn cascade(event: &RunEvent, state: &RunState, recorded: &mut [StepStatus]) -> Vec<Fact> {
    let spreads = match event {
        RunEvent::AttemptFailed { step, .. } => {
            state.steps.get(index(state, step)).is_none_or(|at| at.status.is_final())
        }
        RunEvent::CancelRequested | RunEvent::RetryRequested | RunEvent::Finished { .. } => true,
        _ => false,
    };
    if !spreads {
        return Vec::new();
    }
    let changed = (0..state.steps.len()).filter(|&at| recorded.get(at) != Some(&state.steps[at].status));
    let mut facts = Vec::new();
    for at in changed.collect::<Vec<_>>() {
        push_step(&mut facts, state, recorded, at, None);
    }
    facts
}

fn push_step(facts: &mut Vec<Fact>, state: &RunState, recorded: &mut [StepStatus], at: usize, usage: Option<Usage>) {
    let (Some(step), Some(planned)) = (state.steps.get(at), state.plan.steps.get(at)) else { return };
    if let Some(status) = recorded.get_mut(at) {
        *status = step.status;
    }
    facts.push(Fact::Step {
        step: step.name.to_string(),
        status: name(&step.status),
        attempt: step.attempts,
        reused: step.reused,
        finished: step.status.is_final(),
        component: component_text(planned),
        outputs: (step.status == StepStatus::Succeeded).then(|| json_or_null(&step.outputs)),
        failure: step.failure.clone(),
        usage,
    });
}

fn run_fact(plan: &Plan) -> Fact {
    Fact::Run {
        pipeline: plan.pipeline.clone(),
        parameters: json_or_null(&plan.parameters),
        steps_total: plan.steps.len() as u64,
        status: name(&RunStatus::Running),
    }
}

fn waiting_fact(planned: &host_pipeline::PlannedStep, step: &StepState) -> Fact {
    Fact::Step {
        step: step.name.to_string(),
        status: name(&StepStatus::Waiting),
        attempt: 0,
        reused: false,
        finished: false,
        component: component_text(planned),
        outputs: None,
        failure: None,
        usage: None,
    }
}

fn made_fact(step: &str, output: &str, value: &Value) -> Option<Fact> {
    match value {
        Value::Artifact(artifact) => {
            Some(Fact::ArtifactMade { step: step.to_owned(), output: output.to_owned(), artifact: artifact.clone() })
        }
        Value::Plain(_) => None,
    }
}

/// The artifacts that a step was handed, by parameter.
fn used_facts(state: &RunState, at: usize) -> Vec<Fact> {
    let Some(planned) = state.plan.steps.get(at) else { return Vec::new() };
    let used = |parameter: &str, value: &Value| match value {
        Value::Artifact(artifact) => Some(Fact::ArtifactUsed {
            step: planned.name.to_string(),
            parameter: parameter.to_owned(),
            digest: artifact.digest.to_string(),
        }),
        Value::Plain(_) => None,
    };
    match (&planned.call, host_pipeline::resolve_inputs(state, planned)) {
        (Call::Function { signature, .. }, Some(ResolvedInputs::Function { arguments })) => {
            let names = signature.parameters.iter().map(|parameter| parameter.name.as_str());
            names.zip(&arguments).filter_map(|(name, value)| used(name, value)).collect()
        }
        (Call::Command { .. }, Some(ResolvedInputs::Command { inputs, .. })) => {
            inputs.iter().filter_map(|(name, value)| used(name, value)).collect()
        }
        _ => Vec::new(),
    }
}

fn component_text(planned: &host_pipeline::PlannedStep) -> String {
    format!("{}@{}", planned.component.reference, planned.component.digest)
}

fn index(state: &RunState, step: &host_base::StepName) -> usize {
    state.steps.binary_search_by(|at| at.name.cmp(step)).unwrap_or(usize::MAX)
}

/// A status as it is written everywhere.
fn name(status: &impl Serialize) -> String {
    match serde_json::to_value(status) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

fn json_or_null(value: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn json(event: &RunEvent) -> Result<serde_json::Value, Failure> {
    serde_json::to_value(event)
        .map_err(|error| Failure::new(Code::Internal, format!("an event cannot be written as JSON: {error}")))
}
