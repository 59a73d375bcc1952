//! Experiments: names that runs are put under, archived and deleted.
//! Never deletes a run: a deleted experiment's runs stay.

use host_base::{Code, Failure, Millis};
use host_ledger::RunFilter;
use serde::{Deserialize, Serialize};

use super::schedule::RecurringRun;
use super::{CatalogueRecord, Item, check_name, put_change, removal};
use crate::Executor;
use crate::run::ledger_failure;

/// The experiment of whoever names none.
pub const DEFAULT_EXPERIMENT: &str = "Default";

/// What an experiment says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Experiment {
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether it was put aside.
    pub archived: bool,
}

impl CatalogueRecord for Experiment {
    const KIND: &'static str = "experiment";
}

/// An experiment to make.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewExperiment {
    /// Its name.
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
}

impl Executor {
    /// Makes an experiment.
    pub async fn create_experiment(&self, new: NewExperiment) -> Result<Item<Experiment>, Failure> {
        check_name(Experiment::KIND, &new.name)?;
        let record = Experiment { description: new.description, archived: false };
        self.put(&self.new_id()?, "", &new.name, &record).await
    }

    /// The experiment of this name, made where there is none.
    pub async fn experiment_named(&self, name: &str) -> Result<Item<Experiment>, Failure> {
        let find = async || -> Result<Option<Item<Experiment>>, Failure> {
            Ok(self.items::<Experiment>(None).await?.into_iter().find(|item| item.name == name))
        };
        if let Some(found) = find().await? {
            return Ok(found);
        }
        match self.create_experiment(NewExperiment { name: name.to_owned(), description: None }).await {
            // Someone else was faster.
            Err(failure) if failure.code == Code::Conflict => find().await?.ok_or(failure),
            made => made,
        }
    }

    /// The experiment of this name, which must be there.
    pub async fn known_experiment(&self, name: &str) -> Result<Item<Experiment>, Failure> {
        self.items::<Experiment>(None).await?.into_iter().find(|item| item.name == name).ok_or_else(|| {
            Failure::new(Code::NotFound, format!("there is no experiment `{name}`"))
                .with_hint("list them with `sandmill experiment list`")
        })
    }

    /// The id of the experiment that a run goes to: the one asked for, or the default one.
    pub async fn experiment_or_default(&self, asked: Option<&str>) -> Result<String, Failure> {
        match asked.filter(|id| !id.is_empty()) {
            Some(id) => Ok(self.item::<Experiment>(id).await?.id),
            None => Ok(self.experiment_named(DEFAULT_EXPERIMENT).await?.id),
        }
    }

    /// Puts an experiment aside, with its runs, and pauses its schedules; or takes it up again, alone.
    pub async fn archive_experiment(&self, id: &str, archived: bool) -> Result<(), Failure> {
        let _writing = self.shared.catalogue.lock().await;
        let Item { owner, name, record, .. } = self.item::<Experiment>(id).await?;
        let mut changes = vec![put_change(id, &owner, &name, &Experiment { archived, ..record })?];
        if archived {
            for item in self.items::<RecurringRun>(None).await? {
                if item.record.experiment.as_deref() == Some(id) && item.record.schedule.enabled {
                    let mut paused = item.record;
                    paused.schedule.enabled = false;
                    changes.push(put_change(&item.id, &item.owner, &item.name, &paused)?);
                }
            }
        }
        self.change(changes).await?;
        if archived {
            self.archive_runs_of(id).await?;
        }
        Ok(())
    }

    async fn archive_runs_of(&self, experiment: &str) -> Result<(), Failure> {
        let filter = RunFilter { experiment: Some(experiment.to_owned()), ..RunFilter::default() };
        let mut token = None;
        loop {
            let page = self.runs(&filter, token.as_deref(), usize::MAX).await?;
            for run in page.items.iter().filter(|run| !run.attributes.archived) {
                self.archive_run(&run.id, true).await?;
            }
            token = page.next;
            if token.is_none() {
                return Ok(());
            }
        }
    }

    /// Forgets an experiment.
    pub async fn delete_experiment(&self, id: &str) -> Result<(), Failure> {
        let _writing = self.shared.catalogue.lock().await;
        self.item::<Experiment>(id).await?;
        self.change(vec![removal::<Experiment>(id)]).await
    }

    /// When an experiment's newest run was made.
    pub async fn newest_run_of(&self, experiment: &str) -> Result<Option<Millis>, Failure> {
        let filter = RunFilter { experiment: Some(experiment.to_owned()), ..RunFilter::default() };
        let page = self.shared.ledger.runs(&filter, None, 1).await.map_err(ledger_failure)?;
        Ok(page.items.first().map(|run| run.submitted_at_millis))
    }
}
