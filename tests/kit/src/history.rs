//! A long history, written as the executor writes one: runs that were submitted, worked and ended.
//! Never more than the ledger sees of runs: no plan, no artifacts, nothing to take up again.

use host_base::RunId;
use host_ledger::{Fact, Ledger, LedgerError, NewEntry};
use serde_json::json;

/// The steps of each run, sorted as they are done; each calls a component of its own.
pub const STEPS: [&str; 4] = ["load", "train", "evaluate", "report"];
/// Each in its turn.
pub const PIPELINES: [&str; 3] = ["digits", "churn", "forecast"];
/// One run in so many failed.
pub const FAILED_EVERY: u64 = 10;
const RUNS_PER_APPEND: u64 = 1_000;

/// Appends so many runs.
///
/// # Errors
/// The ledger's.
pub async fn fill(ledger: &impl Ledger, runs: u64) -> Result<(), LedgerError> {
    let mut first = 0;
    while first < runs {
        let until = runs.min(first + RUNS_PER_APPEND);
        ledger.append((first..until).flat_map(entries).collect()).await?;
        first = until;
    }
    Ok(())
}

/// The id of a run, counted from 0.
#[must_use]
pub fn run_id(number: u64) -> RunId {
    RunId::new(submitted_at(number), u128::from(number))
}

/// Digest of the component that a step calls.
#[must_use]
pub fn component(step: &str) -> String {
    let place = STEPS.iter().position(|name| *name == step).unwrap_or(STEPS.len());
    format!("sha256:{place:064x}")
}

/// Submitted a minute apart.
const fn submitted_at(number: u64) -> u64 {
    1_700_000_000_000 + number * 60_000
}

/// The history of one run: submitted, each step, the end.
fn entries(number: u64) -> Vec<NewEntry> {
    let run = run_id(number);
    let pipeline = PIPELINES[usize::try_from(number).unwrap_or(0) % PIPELINES.len()];
    let status = if number.is_multiple_of(FAILED_EVERY) { "failed" } else { "succeeded" };
    let begun = submitted_at(number);
    let entry = |after: u64, event: &str, facts| NewEntry {
        run: run.clone(),
        at_millis: begun + after,
        event: json!({ "event": event }),
        facts,
    };
    let submitted = Fact::Run {
        kind: host_ledger::PIPELINE_KIND.to_owned(),
        pipeline: pipeline.into(),
        parameters: json!({ "seed": { "plain": number } }),
        steps_total: STEPS.len() as u64,
        status: "running".into(),
    };
    let ended = Fact::RunStatus { status: status.into(), finished: true, failure: None };
    let steps = STEPS.iter().zip(1..).map(|(name, after)| entry(after, "attempt-succeeded", vec![step(name)]));
    std::iter::once(entry(0, "submitted", vec![submitted]))
        .chain(steps)
        .chain(std::iter::once(entry(9, "finished", vec![ended])))
        .collect()
}

fn step(name: &str) -> Fact {
    Fact::Step {
        step: name.into(),
        status: "succeeded".into(),
        attempt: 1,
        reused: false,
        finished: true,
        kind: host_ledger::STEP_KIND.into(),
        parent: None,
        component: format!("registry.example.org/team/{name}:1.0.0@{}", component(name)),
        outputs: Some(json!({ "output": { "plain": 1 } })),
        failure: None,
        usage: None,
    }
}
