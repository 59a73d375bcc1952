//! A document and data become a job. Acknowledged once the ledger holds it.
//! Never starts a worker before that.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use host_base::{ArtifactRef, Code, Failure, RunId};
use host_ledger::{Fact, RunAttributes};
use host_training::{Given, Plan};
use sdk_spec::train_job::Source;
use sdk_spec::trainer::Converted;
use sdk_spec::{DocumentError, TrainJob, trainer};

use crate::Executor;
use crate::import::access::Access;
use crate::run::ledger_failure;
use crate::train::drive::{Departure, JobDrive};
use crate::train::facts;

/// A document of Sandmill's own, or a manifest of Kubeflow's as one.
fn read(document: &str) -> Result<Converted, DocumentError> {
    if trainer::is_manifest(document) {
        return trainer::convert(document);
    }
    TrainJob::parse(document).map(|job| Converted { job, ignored: Vec::new() })
}

/// What a document means.
#[derive(Clone, Debug)]
pub struct CheckedJob {
    /// What would be carried out.
    pub plan: Plan,
    /// What it asks of another platform that changes nothing here, and why.
    pub ignored: Vec<String>,
    /// Data sets that whoever submits it has yet to give; the plan is without them.
    pub open_data_sets: Vec<String>,
    /// Models of that sort.
    pub open_models: Vec<String>,
}

/// Takes out what has no source and is not given.
fn take_open(sources: &mut BTreeMap<String, Source>, given: &BTreeMap<String, ArtifactRef>) -> Vec<String> {
    let mut open = Vec::new();
    sources.retain(|name, source| {
        let found = source != &Source::default() || given.contains_key(name);
        if !found {
            open.push(name.clone());
        }
        found
    });
    open
}

/// The digests of the artifacts that a document names.
///
/// # Errors
/// When it is no training job.
pub fn job_sources(document: &str) -> Result<Vec<String>, Vec<Failure>> {
    let Converted { job, .. } = read(document).map_err(|error| host_pipeline::document_failures(&error))?;
    Ok(host_training::sources(&job))
}

impl Executor {
    /// Accepts a job under a title, from a user where they are told apart. When this returns, it is durable and at work;
    /// all problems are returned at once.
    pub async fn submit_job(
        &self,
        document: &str,
        given: Given,
        name: Option<String>,
        submitter: Option<String>,
    ) -> Result<RunId, Vec<Failure>> {
        let Converted { job, ignored } = read(document).map_err(|error| host_pipeline::document_failures(&error))?;
        let plan = self.job_plan(&job, &given).await?;
        for ignored in &ignored {
            tracing::info!(job = plan.name, ignored, "a key of a manifest changes nothing here");
        }
        self.accept_job(plan, RunAttributes { display_name: name, submitter, ..RunAttributes::default() })
            .await
            .map_err(|failure| vec![failure])
    }

    /// Checks a document as a submission would, but for data that is yet to be given, and starts nothing; all problems
    /// are returned at once.
    pub async fn check_job(&self, document: &str, given: &Given) -> Result<CheckedJob, Vec<Failure>> {
        let read = read(document).map_err(|error| host_pipeline::document_failures(&error))?;
        let Converted { mut job, ignored } = read;
        let open_data_sets = take_open(&mut job.spec.data_sets, &given.data_sets);
        let open_models = take_open(&mut job.spec.models, &given.models);
        Ok(CheckedJob { plan: self.job_plan(&job, given).await?, ignored, open_data_sets, open_models })
    }

    /// Parses, resolves and admits a document, and starts nothing.
    pub async fn job_plan(&self, job: &TrainJob, given: &Given) -> Result<Plan, Vec<Failure>> {
        let shared = &self.shared;
        let trust = shared.config.trust.of(job.metadata.namespace.as_deref());
        let reference = job.spec.component.clone();
        let mut components = shared.components.resolve(BTreeSet::from([reference.clone()]), trust).await?;
        let Some(component) = components.remove(&reference) else {
            return Err(vec![Failure::new(Code::Internal, format!("component `{reference}` was not resolved"))]);
        };
        let kept = self.kept_artifacts(host_training::sources(job)).await?;
        let limits = &shared.config.default_limits;
        let plan = host_training::compile(job, (&component.id, &component.interface), given, &kept, limits)?;
        let mut refusals: Vec<Failure> = Vec::new();
        refusals.extend(shared.config.policy.check(&plan.name, &plan.grants).err());
        refusals.extend(plan.uris().filter_map(|uri| self.check_source(&plan, uri).err()));
        let admitted = shared.sandbox.admit(&component.interface.imports, &plan.grants);
        refusals.extend(admitted.err().map(|mut refusal| {
            refusal.message = format!("component `{reference}`: {}", refusal.message);
            refusal
        }));
        let room = shared.config.workers_at_once_max;
        if plan.workers as usize > room {
            let message = format!("the job asks for {} workers, and this node has room for {room}", plan.workers);
            refusals.push(
                Failure::new(Code::InvalidDocument, message)
                    .with_hint("ask for fewer, or start the node with `sandmill up --workers NUMBER`"),
            );
        }
        if refusals.is_empty() { Ok(plan) } else { Err(refusals) }
    }

    /// Whether what a job fetches can be read here, with what it names for that.
    fn check_source(&self, plan: &Plan, uri: &str) -> Result<(), Failure> {
        let shared = &self.shared;
        let access = plan.accesses.get(uri).map(|named| Access::of_job(&shared.kept, named)).transpose()?;
        crate::import::check(&shared.config.policy, uri, access.as_ref())
    }

    /// The artifacts of these digests, as far as there are any.
    async fn kept_artifacts(&self, digests: Vec<String>) -> Result<BTreeMap<String, ArtifactRef>, Vec<Failure>> {
        let mut kept = BTreeMap::new();
        for digest in digests {
            let found = self.shared.ledger.artifact(&digest).await.map_err(|error| vec![ledger_failure(error)])?;
            kept.extend(found.map(|record| (digest, record.artifact)));
        }
        Ok(kept)
    }

    async fn accept_job(&self, plan: Plan, attributes: RunAttributes) -> Result<RunId, Failure> {
        let shared = &self.shared;
        if shared.stopping.is_cancelled() {
            return Err(Failure::new(Code::Conflict, "the node is stopping and accepts no more jobs")
                .with_hint("submit again once it is back")
                .retryable());
        }
        let sources = plan.data_sets.values().chain(plan.models.values());
        for artifact in sources.filter_map(|source| crate::train::worker::found(source, &BTreeMap::new())) {
            if shared.artifacts.size_bytes(&artifact.digest).await.map_err(|error| error.to_failure())?.is_none() {
                let message = format!("the job is given {}, which is not kept here", artifact.digest);
                return Err(Failure::new(Code::ArtifactNotFound, message).with_hint("upload the file with the job"));
            }
        }
        let job = self.new_run()?;
        let checkpoints = shared.checkpoints.of(&job).await?;
        let (state, mut advanced) = host_training::start(Arc::new(plan));
        let began_at_millis = shared.clock.now_millis();
        // The submission is durable before it is acknowledged; what follows from it is written behind.
        let mut entry = facts::entry(&job, began_at_millis, &advanced.records.remove(0), &state)?;
        entry.facts.push(Fact::RunAttributes(attributes));
        shared.ledger.append(vec![entry]).await.map_err(ledger_failure)?;
        let departure = Departure { state, advanced, happening: None, began_at_millis };
        JobDrive::start(shared, job.clone(), checkpoints, departure);
        Ok(job)
    }
}
