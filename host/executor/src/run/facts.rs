//! From a run's events to the facts that the ledger's views are made of.
//! Never adds to what happened: a fact restates an event for readers.

use host_base::{Code, Failure, Millis, RunId, Usage, Value};
use host_ledger::{Fact, NewEntry};
use host_pipeline::{Advanced, Call, Plan, ResolvedInputs, RunEvent, RunState, RunStatus, StepKind, StepStatus};
use serde::Serialize;

/// The ledger entry of one event. `state` is the run after the event, which led to `advanced`.
pub(crate) fn entry(
    run: &RunId,
    at_millis: Millis,
    event: &RunEvent,
    state: &RunState,
    advanced: &Advanced,
) -> Result<NewEntry, Failure> {
    Ok(NewEntry { run: run.clone(), at_millis, event: json(event)?, facts: facts(event, state, advanced) })
}

fn facts(event: &RunEvent, state: &RunState, advanced: &Advanced) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut measured = None;
    match event {
        RunEvent::Submitted { plan } => facts.push(run_fact(plan, state)),
        RunEvent::AttemptStarted { step, .. } | RunEvent::StepReused { step, .. } => {
            facts.extend(state.index(step).into_iter().flat_map(|index| used_facts(state, index)));
        }
        RunEvent::AttemptSucceeded { step, outputs, cache_key, usage, .. } => {
            measured = state.index(step).map(|index| (index, *usage));
            facts.extend(outputs.iter().flat_map(|(output, value)| made_facts(step.as_str(), output, value)));
            facts.extend(cache_key.as_ref().map(|key| Fact::CacheStored {
                key: key.to_string(),
                step: step.to_string(),
                outputs: json_or_null(outputs),
            }));
        }
        RunEvent::AttemptFailed { step, usage, .. } => measured = state.index(step).map(|index| (index, *usage)),
        RunEvent::AttemptInterrupted { .. } | RunEvent::RetryDue { .. } => {}
        RunEvent::CancelRequested
        | RunEvent::DeadlineReached
        | RunEvent::RetryRequested
        | RunEvent::Finished { .. } => {
            facts.push(Fact::RunStatus {
                status: written(&state.status),
                finished: state.status.is_final(),
                failure: state.failure.clone(),
            });
        }
    }
    let usage = |index: usize| measured.filter(|(measured, _)| *measured == index).map(|(_, usage)| usage);
    facts.extend(advanced.changed.iter().map(|index| step_fact(state, *index, usage(*index))));
    facts.extend(advanced.steps_total.map(|steps_total| Fact::StepsTotal { steps_total }));
    facts
}

fn step_fact(state: &RunState, index: usize, usage: Option<Usage>) -> Fact {
    let step = &state.steps[index];
    // An attempt that has not begun is still waiting for its turn on the node.
    let queued = step.kind == StepKind::Step && step.status == StepStatus::Running && !step.is_begun();
    let status = if queued { StepStatus::Waiting } else { step.status };
    Fact::Step {
        step: step.name.to_string(),
        status: written(&status),
        attempt: step.attempts,
        reused: step.reused,
        finished: step.status.is_final(),
        component: state.planned(index).map(component_text).unwrap_or_default(),
        outputs: (step.status == StepStatus::Succeeded).then(|| json_or_null(&step.outputs)),
        failure: step.failure.clone(),
        usage,
        kind: written(&step.kind),
        parent: step.parent.map(|parent| state.steps[parent].name.to_string()),
    }
}

fn run_fact(plan: &Plan, state: &RunState) -> Fact {
    Fact::Run {
        kind: host_ledger::PIPELINE_KIND.to_owned(),
        pipeline: plan.pipeline.clone(),
        parameters: json_or_null(&plan.parameters),
        steps_total: state.steps_total,
        status: written(&RunStatus::Running),
    }
}

fn made_facts(step: &str, output: &str, value: &Value) -> Vec<Fact> {
    let made = |artifact: &host_base::ArtifactRef| Fact::ArtifactMade {
        step: step.to_owned(),
        output: output.to_owned(),
        artifact: artifact.clone(),
    };
    value.artifacts().map(made).collect()
}

/// The artifacts that a step was handed, by parameter.
fn used_facts(state: &RunState, index: usize) -> Vec<Fact> {
    let step = state.steps[index].name.as_str();
    let used = |(parameter, value): (&str, &Value)| {
        let used = |artifact: &host_base::ArtifactRef| Fact::ArtifactUsed {
            step: step.to_owned(),
            parameter: parameter.to_owned(),
            digest: artifact.digest.to_string(),
        };
        value.artifacts().map(used).collect::<Vec<_>>()
    };
    match (state.planned(index).map(|planned| &planned.call), host_pipeline::resolve_inputs(state, index)) {
        (Some(call), Some(ResolvedInputs::Function { arguments })) => {
            let Some(signature) = call.signature() else { return Vec::new() };
            let names = signature.parameters.iter().map(|parameter| parameter.name.as_str());
            names.zip(&arguments).flat_map(used).collect()
        }
        (Some(Call::Command { .. }), Some(ResolvedInputs::Command { inputs, .. })) => {
            inputs.iter().map(|(name, value)| (name.as_str(), value)).flat_map(used).collect()
        }
        _ => Vec::new(),
    }
}

pub(crate) fn component_text(planned: &host_pipeline::PlannedStep) -> String {
    format!("{}@{}", planned.component.reference, planned.component.digest)
}

/// A status, a kind or a type as it is written everywhere.
pub(crate) fn written(status: &impl Serialize) -> String {
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
