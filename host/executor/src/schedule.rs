//! Fires schedules: starts a run for each firing that is due, and waits for the next.
//! Never remembers a firing: the run itself is the record, so that a restart neither loses nor repeats one.

use std::time::Duration;

use host_base::{Failure, Millis};
use host_ledger::{Firing, RunFilter};
use host_pipeline::schedule::{Due, Fired, FiringNames, fill, run_of_firing};
use serde_json::Value as Json;

use crate::catalogue::{Item, MissedFiring, RecurringRun, Work};
use crate::executor::Shared;
use crate::run::ledger_failure;
use crate::run::start::NewRun;
use crate::{Executor, catalogue};

/// The longest sleep: a clock that was set is noticed within this time.
const SLEEP_MILLIS_MAX: u64 = 60_000;
/// The wait after something failed that may not fail again.
const RETRY_MILLIS: u64 = 10_000;
/// Firings of one schedule before the others have their turn.
const FIRINGS_PER_TURN_MAX: usize = 100;
/// The newest runs of a schedule among which those at work are counted.
const RUNS_LOOKED_AT: usize = 50;

impl Executor {
    /// Begins to fire schedules, until the node stops.
    pub fn start_schedules(&self) {
        let (executor, stopping) = (self.clone(), self.shared.stopping.clone());
        self.shared.tasks.spawn(async move {
            // Schedules are kept until then and no longer.
            let _ = stopping.run_until_cancelled(Box::pin(executor.keep_schedules())).await;
        });
    }

    async fn keep_schedules(&self) {
        loop {
            let now = self.shared.clock.now_millis();
            let until = self.fire_due(now).await.unwrap_or_else(|failure| {
                tracing::error!(%failure, "schedules could not be read; trying again");
                now + RETRY_MILLIS
            });
            let sleep = until.saturating_sub(self.shared.clock.now_millis()).min(SLEEP_MILLIS_MAX);
            tokio::select! {
                () = self.shared.schedules_changed.notified() => {}
                () = tokio::time::sleep(Duration::from_millis(sleep)) => {}
            }
        }
    }

    /// Fires what is due, and says when to look again.
    async fn fire_due(&self, now: Millis) -> Result<Millis, Failure> {
        let mut until = now + SLEEP_MILLIS_MAX;
        for item in self.items::<RecurringRun>(None).await? {
            if !item.record.schedule.enabled {
                continue;
            }
            let next = self.turn(&item).await.unwrap_or_else(|failure| {
                tracing::warn!(schedule = item.id, %failure, "a schedule could not fire; trying again");
                Some(now + RETRY_MILLIS)
            });
            until = next.map_or(until, |next| until.min(next));
        }
        Ok(until)
    }

    /// Fires one schedule as often as it is due. Gives the time of its next turn; none where something
    /// else has to happen first, which wakes it.
    async fn turn(&self, item: &Item<RecurringRun>) -> Result<Option<Millis>, Failure> {
        let mut missed = item.record.missed.clone();
        for _ in 0..FIRINGS_PER_TURN_MAX {
            let now = self.shared.clock.now_millis();
            let fired = with_missed(self.fired(item).await?, missed.as_ref());
            let due = item.record.schedule.due(item.created_at_millis, &fired, now);
            match due.map_err(|error| catalogue::no_schedule(&error))? {
                Due::Wait { until_millis } => return Ok(Some(until_millis)),
                Due::Full | Due::Never => return Ok(None),
                Due::Fire { scheduled_at_millis, index } => {
                    if let Err(failures) = self.fire(item, scheduled_at_millis, index).await {
                        if let Some(passing) = failures.iter().find(|failure| failure.retryable) {
                            return Err(passing.clone());
                        }
                        tracing::warn!(schedule = item.id, ?failures, "a firing made no run");
                        let lost = MissedFiring { scheduled_at_millis, index, failures };
                        self.record_missed(&item.id, lost.clone()).await?;
                        missed = Some(lost);
                    }
                }
            }
        }
        Ok(Some(self.shared.clock.now_millis()))
    }

    async fn fire(
        &self,
        item: &Item<RecurringRun>,
        scheduled_at_millis: Millis,
        index: u64,
    ) -> Result<(), Vec<Failure>> {
        let run = run_of_firing(&item.id, scheduled_at_millis);
        let names =
            FiringNames { scheduled_at_millis, now_millis: self.shared.clock.now_millis(), index, run: run.clone() };
        let record = &item.record;
        let new = NewRun {
            run: Some(run),
            work: filled(&record.work, &names),
            display_name: Some(format!("{} {index}", record.display_name)),
            description: None,
            experiment: record.experiment.clone(),
            submitter: record.submitter.clone(),
            service_account: record.service_account.clone(),
            firing: Some(Firing { schedule: item.id.clone(), scheduled_at_millis, index }),
        };
        self.start(new).await.map(drop)
    }

    /// What the ledger knows of a schedule's firings.
    pub(crate) async fn fired(&self, item: &Item<RecurringRun>) -> Result<Fired, Failure> {
        let filter = RunFilter { schedule: Some(item.id.clone()), with_removed: true, ..RunFilter::default() };
        let page = self.shared.ledger.runs(&filter, None, RUNS_LOOKED_AT).await.map_err(ledger_failure)?;
        let newest = page.items.first().and_then(|run| run.attributes.firing.as_ref());
        let at_work = page.items.iter().filter(|run| run.finished_at_millis.is_none()).count();
        let fired = Fired {
            last_scheduled_at_millis: newest.map(|firing| firing.scheduled_at_millis),
            count: newest.map_or(0, |firing| firing.index),
            at_work: u32::try_from(at_work).unwrap_or(u32::MAX),
        };
        Ok(with_missed(fired, item.record.missed.as_ref()))
    }
}

/// A firing that made no run has passed all the same.
fn with_missed(fired: Fired, missed: Option<&MissedFiring>) -> Fired {
    match missed {
        Some(missed) if fired.last_scheduled_at_millis.is_none_or(|last| last < missed.scheduled_at_millis) => {
            Fired { last_scheduled_at_millis: Some(missed.scheduled_at_millis), count: missed.index, ..fired }
        }
        _ => fired,
    }
}

/// The work of one firing: names in its parameters filled in.
fn filled(work: &Work, names: &FiringNames) -> Work {
    let each = |parameters: &serde_json::Map<String, Json>| {
        parameters.iter().map(|(name, value)| (name.clone(), fill(value, names))).collect()
    };
    match work {
        Work::Document { text, parameters } => {
            let value = |value: &host_base::Value| match value {
                host_base::Value::Plain(json) => host_base::Value::Plain(fill(json, names)),
                other => other.clone(),
            };
            let parameters = parameters.iter().map(|(name, given)| (name.clone(), value(given))).collect();
            Work::Document { text: text.clone(), parameters }
        }
        Work::Compiled { spec, parameters, root } => {
            Work::Compiled { spec: spec.clone(), parameters: each(parameters), root: root.clone() }
        }
        Work::Version { pipeline, version, parameters, root } => Work::Version {
            pipeline: pipeline.clone(),
            version: version.clone(),
            parameters: each(parameters),
            root: root.clone(),
        },
    }
}

impl Shared {
    /// Has the schedules looked at: something changed that they may wait for.
    pub(crate) fn wake_schedules(&self) {
        self.schedules_changed.notify_one();
    }
}
