//! A long history: what listing and showing cost behind 100,000 runs.
//! Never measures the filling, which no one waits for.

use std::time::Instant;

use anyhow::{Context, Result};
use host_base::RunId;
use host_ledger::{Fact, Ledger, NewEntry, RunFilter};
use host_ledger_sqlite::SqliteLedger;
use serde_json::json;

use crate::figure::Figure;
use crate::local_node::scratch;
use crate::statistics::{median, millis, percentile};

const RUNS: u64 = 100_000;
const RUNS_PER_APPEND: u64 = 1_000;
const STEPS: [&str; 4] = ["load", "train", "evaluate", "report"];
const PIPELINES: [&str; 3] = ["digits", "churn", "forecast"];
const PAGE: usize = 50;
const SAMPLES: u64 = 100;
const TARGET_MILLIS: f64 = 20.0;

/// Fills a ledger on disk, opens it again and reads.
pub async fn measure() -> Result<Vec<Figure>> {
    let folder = scratch()?;
    let path = folder.path().join("ledger");
    let ledger = SqliteLedger::open(&path)?;
    for first in (0..RUNS).step_by(usize::try_from(RUNS_PER_APPEND)?) {
        ledger.append((first..first + RUNS_PER_APPEND).flat_map(entries).collect()).await?;
    }
    ledger.close().await?;
    let ledger = SqliteLedger::open(&path)?;

    let all = RunFilter::default();
    let failed = RunFilter { status: Some("failed".into()), pipeline: Some("churn".into()), ..RunFilter::default() };
    let (mut first, mut deep, mut filtered, mut shown) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut page = None;
    for sample in 0..SAMPLES {
        let begun = Instant::now();
        ledger.runs(&all, None, PAGE).await?;
        first.push(millis(begun.elapsed()));

        let begun = Instant::now();
        page = ledger.runs(&all, page.as_deref(), PAGE).await?.next;
        deep.push(millis(begun.elapsed()));

        let begun = Instant::now();
        ledger.runs(&failed, None, PAGE).await?;
        filtered.push(millis(begun.elapsed()));

        let run = run_id(sample * (RUNS / SAMPLES));
        let begun = Instant::now();
        let record = ledger.run(&run).await?.with_context(|| format!("run {run} is gone"))?;
        let steps = ledger.steps(&run).await?;
        shown.push(millis(begun.elapsed()));
        anyhow::ensure!(record.steps_total as usize == steps.len(), "run {run} has lost steps");
    }
    ledger.close().await?;
    Ok(vec![
        Figure::against_target("ledger-list-page", median(&first), "ms", TARGET_MILLIS),
        Figure::against_target("ledger-list-later-page", median(&deep), "ms", TARGET_MILLIS),
        Figure::against_target("ledger-list-filtered", median(&filtered), "ms", TARGET_MILLIS),
        Figure::against_target("ledger-show-run", median(&shown), "ms", TARGET_MILLIS),
        Figure::against_target("ledger-show-run-worst", percentile(&shown, 100), "ms", TARGET_MILLIS),
    ])
}

/// Submitted a minute apart.
fn submitted_at(number: u64) -> u64 {
    1_700_000_000_000 + number * 60_000
}

fn run_id(number: u64) -> RunId {
    RunId::new(submitted_at(number), u128::from(number))
}

/// The history of one run: submitted, each step, the end. One run in ten failed.
fn entries(number: u64) -> Vec<NewEntry> {
    let run = run_id(number);
    let pipeline = PIPELINES[usize::try_from(number).unwrap_or(0) % PIPELINES.len()];
    let status = if number.is_multiple_of(10) { "failed" } else { "succeeded" };
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
        parameters: json!({ "seed": number }),
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
        component: format!("registry.example.org/team/{name}:1.0.0"),
        outputs: Some(json!({ "output": { "plain": 1 } })),
        failure: None,
        usage: None,
    }
}
