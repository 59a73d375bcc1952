//! From a job's records to the facts that the ledger's views are made of.
//! Never adds to what happened: a fact restates a record for readers.

use host_base::{ArtifactRef, Code, Failure, Millis, RunId};
use host_ledger::{Fact, NewEntry, STEP_KIND};
use host_training::{JobState, JobStatus, Kept, PlannedSource, Record};
use serde_json::json;

use crate::run::facts::written;
use crate::train::TRAIN_JOB_KIND;
use crate::train::worker::{found, worker_name};

/// The ledger entry of one record. `state` is the job with all records of the same moment.
pub(crate) fn entry(job: &RunId, at_millis: Millis, record: &Record, state: &JobState) -> Result<NewEntry, Failure> {
    let event = serde_json::to_value(record)
        .map_err(|error| Failure::new(Code::Internal, format!("a record cannot be written as JSON: {error}")))?;
    Ok(NewEntry { run: job.clone(), at_millis, event, facts: facts(record, state) })
}

fn facts(record: &Record, state: &JobState) -> Vec<Fact> {
    let plan = &state.plan;
    match record {
        Record::Submitted { .. } => {
            let status = if plan.suspend { JobStatus::Suspended } else { JobStatus::Running };
            let mut facts = vec![Fact::Run {
                kind: TRAIN_JOB_KIND.to_owned(),
                pipeline: plan.name.clone(),
                parameters: json!(plan.settings),
                steps_total: u64::from(plan.workers),
                status: written(&status),
            }];
            facts.extend(used(state));
            facts
        }
        Record::Fetched { uri, artifact } => {
            let mut facts = brought(state, uri, artifact);
            facts.extend(used(state));
            facts
        }
        Record::Began { size, .. } => (0..plan.workers)
            .map(|rank| worker(state, rank, if rank < *size { "running" } else { "cancelled" }, None))
            .collect(),
        Record::WorkerLost { rank, failure, .. } => vec![worker(state, *rank, "failed", Some(failure.clone()))],
        Record::Suspended => {
            let mut facts = vec![status(&state.kept, JobStatus::Suspended)];
            facts.extend((0..plan.workers).map(|rank| worker(state, rank, "waiting", None)));
            facts
        }
        Record::SuspendRequested => vec![status(&state.kept, JobStatus::Suspending)],
        Record::ResumeRequested => vec![status(&state.kept, JobStatus::Running)],
        Record::Finished { status: ended, failure, model, .. } => {
            let mut facts = vec![Fact::RunStatus { status: written(ended), finished: true, failure: failure.clone() }];
            let word = match ended {
                JobStatus::Succeeded => "succeeded",
                JobStatus::Failed => "failed",
                _ => "cancelled",
            };
            facts.extend((0..plan.workers).map(|rank| worker(state, rank, word, None)));
            facts.extend(model.iter().map(|model| Fact::ArtifactMade {
                step: worker_name(0),
                output: "model".to_owned(),
                artifact: model.clone(),
            }));
            facts
        }
        Record::Checkpointed { .. }
        | Record::CheckpointRefused { .. }
        | Record::Evaluated { .. }
        | Record::Interrupted
        | Record::Ending { .. } => Vec::new(),
    }
}

fn status(kept: &Kept, status: JobStatus) -> Fact {
    Fact::RunStatus { status: written(&status), finished: status.is_final(), failure: kept.failure.clone() }
}

fn worker(state: &JobState, rank: u32, status: &str, failure: Option<Failure>) -> Fact {
    let component = &state.plan.component;
    Fact::Step {
        step: worker_name(rank),
        status: status.to_owned(),
        attempt: u32::try_from(state.kept.generation).unwrap_or(u32::MAX),
        reused: false,
        finished: matches!(status, "succeeded" | "failed" | "cancelled"),
        component: format!("{}@{}", component.reference, component.digest),
        outputs: None,
        failure,
        usage: None,
        kind: STEP_KIND.to_owned(),
        parent: None,
    }
}

/// What was fetched is an artifact from then on, under the names that the job has for it.
fn brought(state: &JobState, uri: &str, artifact: &ArtifactRef) -> Vec<Fact> {
    let all = state.plan.data_sets.iter().chain(&state.plan.models);
    let named = all.filter(|(_, source)| matches!(source, PlannedSource::Uri(its) if its == uri));
    let made = |(name, _): (&String, &PlannedSource)| Fact::ArtifactMade {
        step: worker_name(0),
        output: name.clone(),
        artifact: artifact.clone(),
    };
    named.map(made).collect()
}

fn used(state: &JobState) -> Vec<Fact> {
    let all = state.plan.data_sets.iter().chain(&state.plan.models);
    let used = |(name, source): (&String, &PlannedSource)| {
        let artifact = found(source, &state.kept.fetched)?;
        let digest = artifact.digest.to_string();
        Some(Fact::ArtifactUsed { step: worker_name(0), parameter: name.clone(), digest })
    };
    all.filter_map(used).collect()
}
