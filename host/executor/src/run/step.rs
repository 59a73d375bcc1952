//! One step of a run looked at closely: its plan, its inputs, every attempt at it.
//! Never keeps any of it: the run's history is replayed for each question.

use std::collections::BTreeMap;
use std::sync::Arc;

use host_base::{Code, Failure, Millis, RunId, StepName, Usage, Value};
use host_ledger::StepRecord;
use host_pipeline::{Call, Plan, PlannedStep, ResolvedInputs, RunEvent, RunState, Signer};

use crate::Executor;
use crate::catalogue::Work;
use crate::run::history::no_such_run;
use crate::run::ledger_failure;
use crate::run::resume::event;

/// Entries read at once.
const ENTRIES_PER_READ: usize = 1_000;

/// Everything that is known of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct StepInsight {
    /// Its record.
    pub record: StepRecord,
    /// What was planned; none for what only holds steps.
    pub planned: Option<PlannedStep>,
    /// What it is handed, by parameter; none while something that it needs is missing.
    pub inputs: Option<BTreeMap<String, Value>>,
    /// Attempts, oldest first.
    pub attempts: Vec<AttemptRecord>,
    /// Interfaces that its component imports.
    pub imports: Vec<String>,
}

/// One attempt at a step, or the earlier result that stood in for one.
#[derive(Clone, Debug, PartialEq)]
pub struct AttemptRecord {
    /// Counted from 1; 0 for an earlier result.
    pub number: u32,
    /// When it began.
    pub started_at_millis: Millis,
    /// How it ended, and when; none while it is under way.
    pub end: Option<(Millis, AttemptEnd)>,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq)]
pub enum AttemptEnd {
    /// With outputs.
    Succeeded(Usage),
    /// Without.
    Failed(Failure, Usage),
    /// With the node.
    Interrupted,
    /// It was not made: this run's result stood in.
    Reused(RunId),
}

impl Executor {
    /// The plan of a run.
    pub async fn run_plan(&self, run: &RunId) -> Result<Arc<Plan>, Failure> {
        let first = self.shared.ledger.entries(run, 0, 1).await.map_err(ledger_failure)?;
        let entry = first.into_iter().next().ok_or_else(|| no_such_run(run))?;
        match event(entry)? {
            Some(RunEvent::Submitted { plan }) => Ok(plan),
            _ => {
                Err(Failure::new(Code::LedgerFailed, format!("the history of run {run} does not begin with its plan"))
                    .with_hint("was it written by a newer version of sandmill?"))
            }
        }
    }

    /// The document that a run came from, as it was sent.
    pub async fn run_document(&self, run: &RunId) -> Result<String, Failure> {
        let mut details = self.run_record(run).await?.attributes.details;
        let work = details.get_mut("work").map(serde_json::Value::take);
        let work = work.and_then(|work| serde_json::from_value(work).ok());
        match work {
            Some(Work::Document { text, .. }) => self.text(&text).await,
            Some(Work::Compiled { spec, .. }) => self.text(&spec).await,
            Some(Work::Version { pipeline, version, .. }) => {
                let version = self.version_or_newest(&pipeline, version.as_deref()).await?;
                self.text(&version.record.spec).await
            }
            None => Err(Failure::new(Code::NotFound, format!("no document was kept of run {run}"))
                .with_hint("runs keep theirs since they are submitted by request; submit the pipeline again")),
        }
    }

    /// One step of a run, looked at closely.
    pub async fn run_step(&self, run: &RunId, step: &str) -> Result<StepInsight, Failure> {
        // Sorted by name, as the ledger promises.
        let mut found = self.shared.ledger.steps(run).await.map_err(ledger_failure)?;
        let position = found.binary_search_by(|record| record.name.as_str().cmp(step)).map_err(|_| {
            Failure::new(Code::NotFound, format!("run {run} has no step `{step}`"))
                .with_hint("GET /api/v1/runs/RUN lists a run's steps")
        })?;
        let record = found.swap_remove(position);
        let name = StepName::from(step);
        let (events, attempts) = self.attempts(run, &name).await?;
        let state = host_pipeline::replay(&events)?;
        let index = state.index(&name);
        let planned = index.and_then(|index| state.planned(index)).cloned();
        let imports = match &planned {
            Some(planned) if !matches!(planned.call, Call::Import(_)) => {
                self.shared.components.interface(&planned.component).await.map(|interface| interface.imports.clone())
            }
            _ => Ok(Vec::new()),
        };
        // A component that was removed from the blobs since does not hide what its step did.
        let imports = imports.unwrap_or_default();
        Ok(StepInsight { record, planned, inputs: index.and_then(|at| inputs(&state, at)), attempts, imports })
    }

    /// A run's events, and with their times those of one step.
    async fn attempts(&self, run: &RunId, step: &StepName) -> Result<(Vec<RunEvent>, Vec<AttemptRecord>), Failure> {
        let (mut events, mut attempts, mut after) = (Vec::new(), Vec::new(), 0);
        loop {
            let entries = self.shared.ledger.entries(run, after, ENTRIES_PER_READ).await.map_err(ledger_failure)?;
            let Some(last) = entries.last() else { return Ok((events, attempts)) };
            after = last.sequence;
            for entry in entries {
                let at_millis = entry.at_millis;
                let Some(event) = event(entry)? else { continue };
                note(&mut attempts, at_millis, step, &event);
                events.push(event);
            }
        }
    }
}

/// Takes in what an event says of a step's attempts.
fn note(attempts: &mut Vec<AttemptRecord>, at_millis: Millis, wanted: &StepName, event: &RunEvent) {
    let mut end = |step: &StepName, number: u32, end: AttemptEnd| {
        if step == wanted
            && let Some(attempt) = attempts.iter_mut().rev().find(|attempt| attempt.number == number)
        {
            attempt.end = Some((at_millis, end));
        }
    };
    match event {
        RunEvent::AttemptStarted { step, attempt } if step == wanted => {
            attempts.push(AttemptRecord { number: *attempt, started_at_millis: at_millis, end: None });
        }
        RunEvent::StepReused { step, source, .. } if step == wanted => {
            let end = Some((at_millis, AttemptEnd::Reused(source.clone())));
            attempts.push(AttemptRecord { number: 0, started_at_millis: at_millis, end });
        }
        RunEvent::AttemptSucceeded { step, attempt, usage, .. } => end(step, *attempt, AttemptEnd::Succeeded(*usage)),
        RunEvent::AttemptFailed { step, attempt, failure, usage } => {
            end(step, *attempt, AttemptEnd::Failed(failure.clone(), *usage));
        }
        RunEvent::AttemptInterrupted { step, attempt } => end(step, *attempt, AttemptEnd::Interrupted),
        _ => {}
    }
}

/// What a step is handed, each by its parameter; a command's arguments are one list.
fn inputs(state: &RunState, index: usize) -> Option<BTreeMap<String, Value>> {
    let call = state.planned(index).map(|planned| &planned.call);
    match (call, host_pipeline::resolve_inputs(state, index)?) {
        (Some(call), ResolvedInputs::Function { arguments }) => {
            let signature = call.signature()?;
            Some(signature.parameters.iter().map(|parameter| parameter.name.clone()).zip(arguments).collect())
        }
        (_, ResolvedInputs::Command { args, mut inputs }) => {
            if !args.is_empty() {
                inputs.insert("args".to_owned(), Value::Plain(args.into()));
            }
            Some(inputs)
        }
        (_, ResolvedInputs::Kfp { inputs }) => Some(inputs),
        (None, ResolvedInputs::Function { .. }) => None,
    }
}

impl StepInsight {
    /// Whose signature of the component counted.
    #[must_use]
    pub fn signer(&self) -> Option<&Signer> {
        self.planned.as_ref().and_then(|planned| planned.component.signer.as_ref())
    }
}
