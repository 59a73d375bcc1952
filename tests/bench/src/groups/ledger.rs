//! A long history: what listing and showing cost behind 100,000 runs.
//! Never measures the filling, which no one waits for.

use std::time::Instant;

use anyhow::{Context, Result};
use host_ledger::{Ledger, RunFilter};
use host_ledger_sqlite::SqliteLedger;
use tests_kit::history;

use crate::figure::Figure;
use crate::local_node::scratch;
use crate::statistics::{median, millis, percentile};

const RUNS: u64 = 100_000;
const PAGE: usize = 50;
const SAMPLES: u64 = 100;
const TARGET_MILLIS: f64 = 20.0;

/// Fills a ledger on disk, opens it again and reads.
pub async fn measure() -> Result<Vec<Figure>> {
    let folder = scratch()?;
    let path = folder.path().join("ledger");
    let ledger = SqliteLedger::open(&path)?;
    history::fill(&ledger, RUNS).await?;
    ledger.close().await?;
    let ledger = SqliteLedger::open(&path)?;

    let all = RunFilter::default();
    let failed = RunFilter { status: Some("failed".into()), pipeline: Some("churn".into()), ..RunFilter::default() };
    let component = history::component("train");
    let calling = RunFilter { component: Some(component.clone()), ..RunFilter::default() };
    let (mut first, mut deep, mut filtered, mut shown) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut runs_calling, mut pipelines_calling) = (Vec::new(), Vec::new());
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

        let begun = Instant::now();
        ledger.runs(&calling, page.as_deref(), PAGE).await?;
        runs_calling.push(millis(begun.elapsed()));

        let begun = Instant::now();
        ledger.calling_pipelines(&component, None, PAGE).await?;
        pipelines_calling.push(millis(begun.elapsed()));

        let run = history::run_id(sample * (RUNS / SAMPLES));
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
        Figure::against_target("ledger-list-runs-calling", median(&runs_calling), "ms", TARGET_MILLIS),
        Figure::against_target("ledger-list-pipelines-calling", median(&pipelines_calling), "ms", TARGET_MILLIS),
        Figure::against_target("ledger-show-run", median(&shown), "ms", TARGET_MILLIS),
        Figure::against_target("ledger-show-run-worst", percentile(&shown, 100), "ms", TARGET_MILLIS),
    ])
}
