//! Runs, facts and artifacts for the contract's tests.
//! Never random: the same number gives the same thing.

use host_base::{ArtifactKind, ArtifactRef, RunId};
use serde_json::json;

use crate::{Fact, LogLine, NewEntry};

/// The `number`th run.
#[must_use]
pub fn run(number: u64) -> RunId {
    RunId::new(1_700_000_000_000 + number, u128::from(number))
}

/// An entry of a run with these facts.
#[must_use]
pub fn entry(run: &RunId, at_millis: u64, facts: Vec<Fact>) -> NewEntry {
    NewEntry { run: run.clone(), at_millis, event: json!({ "event": "something", "at": at_millis }), facts }
}

/// The entry that introduces a run.
#[must_use]
pub fn submitted(run: &RunId, at_millis: u64, pipeline: &str) -> NewEntry {
    let introduction = Fact::Run {
        kind: crate::PIPELINE_KIND.to_owned(),
        pipeline: pipeline.to_owned(),
        parameters: json!({ "rows": 3, "ratio": 0.1 }),
        steps_total: 2,
        status: "running".to_owned(),
    };
    entry(run, at_millis, vec![introduction, step("load", "waiting", 0), step("train", "waiting", 0)])
}

/// The entry that ends a run.
#[must_use]
pub fn finished(run: &RunId, at_millis: u64, status: &str) -> NewEntry {
    entry(run, at_millis, vec![Fact::RunStatus { status: status.to_owned(), finished: true, failure: None }])
}

/// A step in a status; it has ended where the status says so.
#[must_use]
pub fn step(name: &str, status: &str, attempt: u32) -> Fact {
    Fact::Step {
        step: name.to_owned(),
        status: status.to_owned(),
        attempt,
        reused: false,
        finished: ["succeeded", "failed"].contains(&status),
        component: format!("registry.example/{name}@sha256:00"),
        outputs: (status == "succeeded").then(|| json!({ "table": { "plain": 1 } })),
        failure: None,
        usage: None,
        kind: crate::STEP_KIND.to_owned(),
        parent: None,
    }
}

/// The artifact with this content.
#[must_use]
pub fn artifact(content: &str) -> ArtifactRef {
    ArtifactRef {
        digest: registry_oci::Digest::sha256(content.as_bytes()),
        kind: ArtifactKind::DataSet,
        media_type: "text/csv".to_owned(),
        size_bytes: content.len() as u64,
        metadata: [("rows".to_owned(), "3".to_owned())].into(),
    }
}

/// A line of a step's log.
#[must_use]
pub fn line(step: &str, text: &str) -> LogLine {
    LogLine {
        sequence: 0,
        at_millis: 5,
        step: step.to_owned(),
        attempt: 1,
        stream: "stdout".to_owned(),
        text: text.to_owned(),
    }
}
