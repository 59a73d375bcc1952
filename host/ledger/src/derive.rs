//! From entries to views, written once for every ledger: a pure walk over an entry's facts.
//! Never reads anything but the entry and the rows themselves, so that a rebuild gives the same views.

use std::collections::{BTreeSet, HashSet};

use host_base::{ArtifactRef, Millis, RunId};

use crate::{
    ArtifactRecord, ArtifactUse, CachedResult, Entry, Fact, LedgerError, MetricPoint, RunAttributes, RunRecord,
    STEP_KIND, Sequence, StepRecord,
};

/// Where an artifact stands in the list of all: behind which entry, and where within.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArtifactPosition {
    /// The entry that made it, or the last entry before it was uploaded.
    pub sequence: Sequence,
    /// Which fact of the entry, or [`UPLOADS_FROM`] and the number of the upload.
    pub part: u64,
}

/// Parts from here on are uploads: they stand behind every fact of the entry before them.
pub const UPLOADS_FROM: u64 = 1 << 32;

impl ArtifactPosition {
    /// The position of the `number`th upload ever, counted from 1, made when `last_entry` was the newest entry.
    #[must_use]
    pub const fn of_upload(last_entry: Sequence, number: u64) -> Self {
        Self { sequence: last_entry, part: UPLOADS_FROM + number }
    }
}

/// The rows that views are kept in. What an implementation offers to [`apply`].
pub trait ViewRows {
    /// The row of a run.
    fn run(&self, run: &RunId) -> Result<Option<RunRecord>, LedgerError>;
    /// A new run, introduced at `sequence`.
    fn insert_run(&mut self, sequence: Sequence, record: RunRecord) -> Result<(), LedgerError>;
    /// A known run, changed.
    fn update_run(&mut self, record: RunRecord) -> Result<(), LedgerError>;
    /// The row of a step.
    fn step(&self, run: &RunId, name: &str) -> Result<Option<StepRecord>, LedgerError>;
    /// A step, new or changed.
    fn put_step(&mut self, run: &RunId, record: StepRecord) -> Result<(), LedgerError>;
    /// A run that was inserted calls a component. The same again changes nothing.
    fn put_call(&mut self, run: &RunId, component: &str) -> Result<(), LedgerError>;
    /// An artifact, made by `record.run` or uploaded. The lowest position of a digest is its first maker.
    fn put_artifact(&mut self, position: ArtifactPosition, record: ArtifactRecord) -> Result<(), LedgerError>;
    /// A use of an artifact. The same use again changes nothing.
    fn put_use(&mut self, position: ArtifactPosition, digest: &str, used: ArtifactUse) -> Result<(), LedgerError>;
    /// A result under a cache key, in place of any before.
    fn put_cached(&mut self, key: &str, result: CachedResult) -> Result<(), LedgerError>;
    /// A metric point; its `sequence` is given out by the rows.
    fn put_metric(&mut self, run: &RunId, point: MetricPoint) -> Result<(), LedgerError>;
}

/// Refuses an append that breaks a rule of the history, before anything of it is written. `entries`
/// are its runs and facts in order; `is_known` says whether an earlier append introduced a run.
pub fn check<'entry>(
    entries: impl IntoIterator<Item = (&'entry RunId, &'entry [Fact])>,
    is_known: impl Fn(&RunId) -> Result<bool, LedgerError>,
) -> Result<(), LedgerError> {
    let mut introduced = HashSet::new();
    for (run, facts) in entries {
        let known = introduced.contains(run) || is_known(run)?;
        let introduces = |fact: &Fact| matches!(fact, Fact::Run { .. });
        let (first, rest) = facts.split_at(facts.len().min(usize::from(!known)));
        if !known && !first.iter().any(introduces) {
            return Err(LedgerError::Refused(format!("the first entry of run {run} does not introduce it")));
        }
        if rest.iter().any(introduces) {
            return Err(LedgerError::Refused(format!("run {run} is introduced a second time")));
        }
        introduced.insert(run);
    }
    Ok(())
}

/// Brings the views up to date with one entry that passed [`check`].
pub fn apply(rows: &mut impl ViewRows, entry: &Entry) -> Result<(), LedgerError> {
    // A run's row is loaded once, and written once, however many of the entry's facts are about it.
    let mut run = RunRow { before: rows.run(&entry.run)?, now: None, calls: BTreeSet::new() };
    for (part, fact) in (0..).zip(&entry.facts) {
        let position = ArtifactPosition { sequence: entry.sequence, part };
        apply_fact(rows, &mut run, entry, position, fact)?;
    }
    match (run.before, run.now) {
        (None, Some(record)) => rows.insert_run(entry.sequence, record)?,
        (Some(before), Some(record)) if before != record => rows.update_run(record)?,
        _ => {}
    }
    run.calls.iter().try_for_each(|component| rows.put_call(&entry.run, component))
}

struct RunRow {
    before: Option<RunRecord>,
    now: Option<RunRecord>,
    /// Components that the entry says are called, by digest.
    calls: BTreeSet<String>,
}

impl RunRow {
    fn change(&mut self, change: impl FnOnce(&mut RunRecord)) {
        if self.now.is_none() {
            self.now.clone_from(&self.before);
        }
        if let Some(record) = &mut self.now {
            change(record);
        }
    }
}

fn apply_fact(
    rows: &mut impl ViewRows,
    run: &mut RunRow,
    entry: &Entry,
    position: ArtifactPosition,
    fact: &Fact,
) -> Result<(), LedgerError> {
    match fact {
        Fact::Run { kind, pipeline, parameters, steps_total, status } => {
            run.now = Some(RunRecord {
                id: entry.run.clone(),
                kind: kind.clone(),
                pipeline: pipeline.clone(),
                parameters: parameters.clone(),
                status: status.clone(),
                submitted_at_millis: entry.at_millis,
                finished_at_millis: None,
                steps_total: *steps_total,
                steps_finished: 0,
                failure: None,
                attributes: RunAttributes::default(),
            });
            Ok(())
        }
        Fact::RunStatus { status, finished, failure } => {
            run.change(|record| {
                record.status.clone_from(status);
                record.failure.clone_from(failure);
                record.finished_at_millis = finished.then_some(entry.at_millis);
            });
            Ok(())
        }
        Fact::StepsTotal { steps_total } => {
            run.change(|record| record.steps_total = *steps_total);
            Ok(())
        }
        Fact::RunAttributes(attributes) => {
            run.change(|record| record.attributes.clone_from(attributes));
            Ok(())
        }
        Fact::Step { .. } => apply_step(rows, run, entry, fact),
        Fact::ArtifactMade { step, output, artifact } => {
            rows.put_artifact(position, made(entry, step, output, artifact))
        }
        Fact::ArtifactUsed { step, parameter, digest } => {
            let used = ArtifactUse { run: entry.run.clone(), step: step.clone(), parameter: parameter.clone() };
            rows.put_use(position, digest, used)
        }
        Fact::CacheStored { key, step: _, outputs } => {
            rows.put_cached(key, CachedResult { run: entry.run.clone(), outputs: outputs.clone() })
        }
        Fact::Metric { step, name, index, value } => {
            let (step, name, at_millis) = (step.clone(), name.clone(), entry.at_millis);
            rows.put_metric(
                &entry.run,
                MetricPoint { sequence: 0, at_millis, step, name, index: *index, value: *value },
            )
        }
    }
}

fn apply_step(rows: &mut impl ViewRows, run: &mut RunRow, entry: &Entry, fact: &Fact) -> Result<(), LedgerError> {
    let Fact::Step { step, .. } = fact else { return Ok(()) };
    let before = rows.step(&entry.run, step)?;
    let Some(after) = step_after(before.as_ref(), entry.at_millis, fact) else { return Ok(()) };
    if before.as_ref().is_none_or(|before| before.component != after.component) {
        run.calls.extend(called(&after.component));
    }
    let was_finished = before.is_some_and(|before| before.finished_at_millis.is_some());
    match (was_finished, after.finished_at_millis.is_some()) {
        _ if after.kind != STEP_KIND => {}
        (false, true) => run.change(|record| record.steps_finished += 1),
        // A finished run that is tried again opens its failed steps anew.
        (true, false) => run.change(|record| record.steps_finished = record.steps_finished.saturating_sub(1)),
        _ => {}
    }
    rows.put_step(&entry.run, after)
}

/// The digest behind a component's reference; none for what calls no component.
fn called(component: &str) -> Option<String> {
    component.rsplit_once('@').map(|(_, digest)| digest.to_owned())
}

/// A step's row after a fact about it. The newest fact states the whole step, but for times, which
/// build up, and usage, which is measured once and stands until the next attempt.
fn step_after(before: Option<&StepRecord>, at_millis: Millis, fact: &Fact) -> Option<StepRecord> {
    let Fact::Step { step, status, attempt, reused, finished, component, outputs, failure, usage, kind, parent } = fact
    else {
        return None;
    };
    let same_attempt = before.filter(|before| before.attempts == *attempt);
    // What holds steps makes no attempts; it begins once it is more than waiting.
    let began = *attempt > 0 || *reused || (kind != STEP_KIND && status == "running");
    let finished_before = same_attempt.and_then(|before| before.finished_at_millis);
    Some(StepRecord {
        name: step.clone(),
        status: status.clone(),
        attempts: *attempt,
        reused: *reused,
        component: component.clone(),
        started_at_millis: before.and_then(|before| before.started_at_millis).or(began.then_some(at_millis)),
        finished_at_millis: finished.then(|| finished_before.unwrap_or(at_millis)),
        outputs: outputs.clone(),
        failure: failure.clone(),
        usage: usage.or(same_attempt.and_then(|before| before.usage)),
        kind: kind.clone(),
        parent: parent.clone(),
    })
}

fn made(entry: &Entry, step: &str, output: &str, artifact: &ArtifactRef) -> ArtifactRecord {
    ArtifactRecord {
        artifact: artifact.clone(),
        run: Some(entry.run.clone()),
        step: Some(step.to_owned()),
        output: Some(output.to_owned()),
        made_at_millis: entry.at_millis,
    }
}
