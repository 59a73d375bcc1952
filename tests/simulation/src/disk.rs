//! A ledger that can be killed: what was appended is durable only once it is flushed, and a crash
//! keeps some beginning of what was not.
//! Never loses what it acknowledged, and never keeps an entry without all those before it.

use std::collections::BTreeMap;

use futures::executor::block_on;
use host_base::RunId;
use host_ledger::{Fact, Ledger as _, MemoryLedger, NewEntry};
use host_pipeline::{RunEvent, RunState};

/// Entries read at once.
const ENTRIES_PER_READ: usize = 10_000;

#[derive(Default)]
pub(crate) struct Disk {
    durable: MemoryLedger,
    pending: Vec<NewEntry>,
    /// What is durable, read back once, for checks after every step.
    read_back: BTreeMap<RunId, Vec<RunEvent>>,
}

impl Disk {
    /// Appends an event. `state` is the run after it.
    pub(crate) fn append(&mut self, now: u64, run: &RunId, event: &RunEvent, state: &RunState) {
        let event_json = serde_json::to_value(event).unwrap_or_else(|error| panic!("{event:?}: {error}"));
        let status =
            |finished: bool| Fact::RunStatus { status: format!("{:?}", state.status), finished, failure: None };
        let facts = match event {
            RunEvent::Submitted { plan } => vec![Fact::Run {
                kind: host_ledger::PIPELINE_KIND.to_owned(),
                pipeline: plan.pipeline.clone(),
                parameters: serde_json::Value::Null,
                steps_total: plan.steps().len() as u64,
                status: "running".to_owned(),
            }],
            RunEvent::Finished { .. } => vec![status(true)],
            RunEvent::RetryRequested => vec![status(false)],
            _ => Vec::new(),
        };
        self.pending.push(NewEntry { run: run.clone(), at_millis: now, event: event_json, facts });
    }

    /// Makes everything durable. Returns the runs that this made durable for the first time.
    pub(crate) fn flush(&mut self) -> Vec<RunId> {
        let introduced =
            |entry: &NewEntry| matches!(entry.facts.as_slice(), [Fact::Run { .. }]).then(|| entry.run.clone());
        let introduced = self.pending.iter().filter_map(introduced).collect();
        let pending = std::mem::take(&mut self.pending);
        for entry in &pending {
            self.read_back.entry(entry.run.clone()).or_default().push(event(entry.event.clone()));
        }
        block_on(self.durable.append(pending)).unwrap_or_else(|error| panic!("{error}"));
        introduced
    }

    /// Loses everything that is not durable but the first `kept` entries, which were on their way.
    pub(crate) fn crash(&mut self, kept: usize) {
        self.pending.truncate(kept);
        self.flush();
    }

    pub(crate) const fn pending(&self) -> usize {
        self.pending.len()
    }

    pub(crate) fn unfinished_runs(&self) -> Vec<RunId> {
        block_on(self.durable.unfinished_runs()).unwrap_or_else(|error| panic!("{error}"))
    }

    /// A run's durable history.
    pub(crate) fn history(&self, run: &RunId) -> Vec<RunEvent> {
        let entries =
            block_on(self.durable.entries(run, 0, ENTRIES_PER_READ)).unwrap_or_else(|error| panic!("{error}"));
        assert!(entries.len() < ENTRIES_PER_READ, "run {run} has a history longer than any that a simulation makes");
        entries.into_iter().map(|entry| event(entry.event)).collect()
    }

    /// A run's history with what is not durable yet.
    pub(crate) fn history_with_pending(&self, run: &RunId) -> Vec<RunEvent> {
        let pending = self.pending.iter().filter(|entry| entry.run == *run).map(|entry| event(entry.event.clone()));
        self.read_back.get(run).into_iter().flatten().cloned().chain(pending).collect()
    }
}

fn event(json: serde_json::Value) -> RunEvent {
    serde_json::from_value(json).unwrap_or_else(|error| panic!("an event does not survive being written: {error}"))
}
