//! Work becomes a run with a name, a place in an experiment, and the request that it came from.
//! Never plans or drives; `submit` does.

use std::collections::BTreeMap;
use std::sync::Arc;

use host_base::{Calendar, Code, Failure, RunId, Value};
use host_ledger::{Fact, Firing, NewEntry, RunAttributes};
use serde_json::{Map, Value as Json, json};

use crate::catalogue::Work;
use crate::run::history::no_such_run;
use crate::run::kept_event::attributes_entry;
use crate::run::ledger_failure;
use crate::{Executor, KfpSubmission};

/// A run to start.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRun {
    /// Its id, where it follows from something; starting it again changes nothing.
    pub run: Option<RunId>,
    /// What it carries out.
    pub work: Work,
    /// Its title.
    pub display_name: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// Its experiment; the default one where there is none.
    pub experiment: Option<String>,
    /// Who submits it, where users are told apart.
    pub submitter: Option<String>,
    /// Given back to whoever asks.
    pub service_account: Option<String>,
    /// The firing of a schedule that it is.
    pub firing: Option<Firing>,
}

/// How a run is introduced to the ledger.
#[derive(Clone, Debug, Default)]
pub struct Introduction {
    /// Its id; a new one where there is none.
    pub run: Option<RunId>,
    /// What is attached to it from the start.
    pub attributes: RunAttributes,
}

impl Executor {
    /// Accepts a run. When this returns, it is durable and at work; all problems are returned at once.
    pub async fn start(&self, new: NewRun) -> Result<RunId, Vec<Failure>> {
        let one = |failure: Failure| vec![failure];
        if let Some(run) = &new.run
            && self.shared.ledger.run(run).await.map_err(ledger_failure).map_err(one)?.is_some()
        {
            return Ok(run.clone());
        }
        let experiment = self.experiment_or_default(new.experiment.as_deref()).await.map_err(one)?;
        let details = json!({ "work": new.work, "serviceAccount": new.service_account });
        let attributes = RunAttributes {
            display_name: new.display_name,
            description: new.description,
            experiment: Some(experiment),
            submitter: new.submitter,
            firing: new.firing,
            details,
            ..RunAttributes::default()
        };
        self.start_work(new.work, Introduction { run: new.run, attributes }).await
    }

    pub(crate) async fn start_work(&self, work: Work, introduction: Introduction) -> Result<RunId, Vec<Failure>> {
        let one = |failure: Failure| vec![failure];
        match work {
            Work::Document { text, parameters } => {
                self.check_artifacts(&parameters).await?;
                let document = self.text(&text).await.map_err(one)?;
                let plan = Arc::new(self.plan(&document, Some(&parameters)).await?);
                self.submit_plan(plan, introduction).await.map_err(one)
            }
            Work::Compiled { spec, parameters, root } => {
                let spec = self.text(&spec).await.map_err(one)?;
                self.submit_compiled(&spec, parameters, root, introduction).await
            }
            Work::Version { pipeline, version, parameters, root } => {
                let version = self.version_or_newest(&pipeline, version.as_deref()).await.map_err(one)?;
                let text = self.text(&version.record.spec).await.map_err(one)?;
                if sdk_spec::kfp::is_package(&text) {
                    return self.submit_compiled(&text, parameters, root, introduction).await;
                }
                let parameters = parameters.into_iter().map(|(name, json)| (name, Value::Plain(json))).collect();
                let plan = Arc::new(self.plan(&text, Some(&parameters)).await?);
                self.submit_plan(plan, introduction).await.map_err(one)
            }
        }
    }

    /// Plans a compiled pipeline and accepts a run of it.
    async fn submit_compiled(
        &self,
        spec: &str,
        parameters: Map<String, Json>,
        root: Option<String>,
        introduction: Introduction,
    ) -> Result<RunId, Vec<Failure>> {
        let spec = serde_json::from_str(spec).map_err(|error| {
            vec![Failure::new(Code::StorageFailed, format!("a kept specification is no JSON: {error}"))]
        })?;
        let attributes = &introduction.attributes;
        let submission = KfpSubmission {
            spec,
            parameters: parameters.into_iter().collect(),
            pipeline_root: root.unwrap_or_default(),
            job_name: attributes.display_name.clone().unwrap_or_default(),
            schedule_time: attributes.firing.as_ref().map(|firing| Calendar::of(firing.scheduled_at_millis).rfc3339()),
            enable_caching: None,
            introduction,
        };
        self.submit_kfp(submission).await
    }

    /// Refuses work that could not be started now.
    pub(crate) async fn check_work(&self, work: &Work) -> Result<(), Vec<Failure>> {
        let one = |failure: Failure| vec![failure];
        match work {
            Work::Document { text, parameters } => {
                let document = self.text(text).await.map_err(one)?;
                self.plan(&document, Some(parameters)).await.map(drop)
            }
            Work::Compiled { spec, .. } => self.text(spec).await.map(drop).map_err(one),
            Work::Version { pipeline, version, .. } => {
                self.version_or_newest(pipeline, version.as_deref()).await.map(drop).map_err(one)
            }
        }
    }

    /// Keeps a document as work, of Sandmill's own or one that kfp's compiler wrote.
    pub async fn document_work(
        &self,
        document: &str,
        parameters: BTreeMap<String, Value>,
    ) -> Result<Work, Vec<Failure>> {
        if sdk_spec::kfp::is_package(document) {
            let (spec, parameters) = crate::kfp::package_and_parameters(document, parameters)?;
            return self.compiled_work(&spec, parameters.into_iter().collect(), None).await;
        }
        let text = self.keep_text(document).await.map_err(|failure| vec![failure])?;
        Ok(Work::Document { text, parameters })
    }

    /// Keeps a compiled Kubeflow pipeline as work.
    pub async fn compiled_work(
        &self,
        spec: &Json,
        parameters: Map<String, Json>,
        root: Option<String>,
    ) -> Result<Work, Vec<Failure>> {
        Ok(Work::Compiled { spec: self.keep_spec(spec).await?, parameters, root })
    }

    /// Puts a run aside, or takes it up again.
    pub async fn archive_run(&self, run: &RunId, archived: bool) -> Result<(), Failure> {
        self.change_attributes(run, |attributes| attributes.archived = archived).await
    }

    /// Takes a run out of the lists; one that is at work is cancelled. Its history stays.
    pub async fn remove_run(&self, run: &RunId) -> Result<(), Failure> {
        self.change_attributes(run, |attributes| attributes.removed = true).await?;
        if self.shared.drives().contains_key(run) {
            // Where it has ended meanwhile there is nothing to cancel.
            drop(self.cancel(run).await);
        }
        Ok(())
    }

    pub(crate) async fn change_attributes(
        &self,
        run: &RunId,
        change: impl FnOnce(&mut RunAttributes),
    ) -> Result<(), Failure> {
        let _writing = self.shared.attributes.lock().await;
        let record = self.shared.ledger.run(run).await.map_err(ledger_failure)?.ok_or_else(|| no_such_run(run))?;
        let mut attributes = record.attributes.clone();
        change(&mut attributes);
        if attributes == record.attributes {
            return Ok(());
        }
        let entry = NewEntry {
            run: run.clone(),
            at_millis: self.shared.clock.now_millis(),
            event: attributes_entry(),
            facts: vec![Fact::RunAttributes(attributes)],
        };
        self.shared.ledger.append(vec![entry]).await.map(drop).map_err(ledger_failure)
    }
}
