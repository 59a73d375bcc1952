//! Kept schedules: what they run, when, and what became of the last firing.
//! Never fires; `crate::schedule` does.

use std::collections::BTreeMap;

use host_base::{Code, Failure, Millis, Value};
use host_pipeline::schedule::{PatternError, RUNS_AT_ONCE_MAX, Schedule};
use registry_oci::Digest;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::{CatalogueRecord, Item, check_name, put_change, removal};
use crate::Executor;

/// What is to be run, as it was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "work", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Work {
    /// A document of Sandmill's own.
    Document {
        /// Its kept text.
        text: Digest,
        /// What its parameters are set to.
        parameters: BTreeMap<String, Value>,
    },
    /// A compiled Kubeflow pipeline.
    Compiled {
        /// Its kept text.
        spec: Digest,
        /// What its parameters are set to.
        parameters: Map<String, Json>,
        /// Where artifacts say that they are.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        root: Option<String>,
    },
    /// A kept version of a compiled Kubeflow pipeline.
    Version {
        /// The pipeline.
        pipeline: String,
        /// The version; the newest at the time of the run where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<String>,
        /// What its parameters are set to.
        parameters: Map<String, Json>,
        /// Where artifacts say that they are.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        root: Option<String>,
    },
}

/// What a schedule says. Its title need not be unique, so that its name in the catalogue is its id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecurringRun {
    /// Its title.
    pub display_name: String,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The experiment that its runs belong to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experiment: Option<String>,
    /// What it runs.
    pub work: Work,
    /// When.
    pub schedule: Schedule,
    /// Who made it, and submits its runs; none where users are not told apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitter: Option<String>,
    /// Kept for those who gave it; steps have no accounts here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_account: Option<String>,
    /// The last firing that made no run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed: Option<MissedFiring>,
}

impl CatalogueRecord for RecurringRun {
    const KIND: &'static str = "schedule";
}

/// A firing that made no run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MissedFiring {
    /// The time that it was due.
    pub scheduled_at_millis: Millis,
    /// Counted from 1 over all firings.
    pub index: u64,
    /// Why not, all of it.
    pub failures: Vec<Failure>,
}

/// A schedule to make.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSchedule {
    /// Its title.
    pub display_name: String,
    /// What it is about.
    pub description: Option<String>,
    /// The experiment that its runs belong to; the default one where there is none.
    pub experiment: Option<String>,
    /// What it runs.
    pub work: Work,
    /// When.
    pub schedule: Schedule,
    /// Who makes it, where users are told apart.
    pub submitter: Option<String>,
    /// Given back to whoever asks.
    pub service_account: Option<String>,
}

impl Executor {
    /// Makes a schedule. Firings count from now on, or from its start.
    pub async fn create_schedule(&self, new: NewSchedule) -> Result<Item<RecurringRun>, Vec<Failure>> {
        let one = |failure: Failure| vec![failure];
        check_name(RecurringRun::KIND, &new.display_name).map_err(one)?;
        self.check_work(&new.work).await?;
        let mut schedule = new.schedule;
        schedule.runs_at_once_max = schedule.runs_at_once_max.clamp(1, RUNS_AT_ONCE_MAX);
        check_schedule(&schedule).map_err(one)?;
        let experiment = self.experiment_or_default(new.experiment.as_deref()).await.map_err(one)?;
        let record = RecurringRun {
            display_name: new.display_name,
            description: new.description,
            experiment: Some(experiment),
            work: new.work,
            schedule,
            submitter: new.submitter,
            service_account: new.service_account,
            missed: None,
        };
        let id = self.new_id().map_err(one)?;
        self.put(&id, "", &id, &record).await.map_err(one)
    }

    /// Lets a schedule fire, or stops it from firing. What it missed meanwhile counts as missed.
    pub async fn enable_schedule(&self, id: &str, enabled: bool) -> Result<(), Failure> {
        let _writing = self.shared.catalogue.lock().await;
        let Item { owner, name, mut record, .. } = self.item::<RecurringRun>(id).await?;
        record.schedule.enabled = enabled;
        self.put(id, &owner, &name, &record).await.map(drop)
    }

    /// Forgets a schedule. Its runs stay, and go on.
    pub async fn delete_schedule(&self, id: &str) -> Result<(), Failure> {
        let _writing = self.shared.catalogue.lock().await;
        self.item::<RecurringRun>(id).await?;
        self.change(vec![removal::<RecurringRun>(id)]).await
    }

    /// The next times that a schedule fires, should nothing hold it up.
    pub async fn next_firings(&self, item: &Item<RecurringRun>, count: usize) -> Result<Vec<Millis>, Failure> {
        let fired = self.fired(item).await?;
        let now = self.shared.clock.now_millis();
        item.record.schedule.next_times(item.created_at_millis, &fired, now, count).map_err(|error| no_schedule(&error))
    }

    /// Writes down that a firing made no run.
    pub(crate) async fn record_missed(&self, id: &str, missed: MissedFiring) -> Result<(), Failure> {
        let _writing = self.shared.catalogue.lock().await;
        let Item { owner, name, mut record, .. } = self.item::<RecurringRun>(id).await?;
        record.missed = Some(missed);
        self.change(vec![put_change(id, &owner, &name, &record)?]).await
    }
}

/// Refuses what never fires because it cannot be read or ends before it begins.
fn check_schedule(schedule: &Schedule) -> Result<(), Failure> {
    schedule.due(0, &host_pipeline::schedule::Fired::default(), 0).map_err(|error| no_schedule(&error))?;
    match (schedule.starts_at_millis, schedule.ends_at_millis) {
        (Some(start), Some(end)) if end < start => {
            Err(Failure::new(Code::BadRequest, "the schedule ends before it starts").with_hint("swap the two times"))
        }
        _ => Ok(()),
    }
}

pub(crate) fn no_schedule(error: &PatternError) -> Failure {
    Failure::new(Code::BadRequest, error.to_string())
        .with_hint("write a pattern such as `0 0 9 * * 1-5` for nine o'clock UTC on working days, or @hourly")
}
