//! Runs: make, list, show, end, try again, put aside, delete.
//! Never waits for a run to end.

use axum::Json;
use axum::extract::{Path, State};
use host_api::kfp::run::{
    PipelineVersionReference, Request, Run as Wire, RunDetails, RunList, RuntimeConfig, RuntimeStatus,
};
use host_api::kfp::{Empty, ListQuery, Timestamp};
use host_base::{Code, Failure};
use host_executor::NewRun;
use host_executor::catalogue::Work;
use host_ledger::{RunFilter, RunRecord, StepRecord};
use registry_oci::Digest;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::answer::{Answer, Body, Query, Refused, id_and_verb, invalid, no_such_verb, run_id};
use super::list::{Field, Listed, page};
use super::state::{runtime_state, storage_state};
use super::task;
use crate::router::Shared;
use crate::user::User;

/// The request that a run came from, as the executor keeps it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Details {
    work: Option<Work>,
    service_account: Option<String>,
}

impl Listed for RunRecord {
    fn field(&self, key: &str) -> Option<Field> {
        let attributes = &self.attributes;
        Some(match key {
            "id" | "run_id" => Field::text(self.id.as_str()),
            "name" | "display_name" => Field::text(title(self)),
            "description" => Field::optional(attributes.description.as_ref()),
            "created_at" => Field::millis(self.submitted_at_millis),
            "scheduled_at" => {
                attributes.firing.as_ref().map_or(Field::None, |at| Field::millis(at.scheduled_at_millis))
            }
            "finished_at" => self.finished_at_millis.map_or(Field::None, Field::millis),
            "state" | "status" => Field::text(runtime_state(&self.status)),
            "storage_state" => Field::text(storage_state(attributes.archived)),
            "experiment_id" => Field::optional(attributes.experiment.as_ref()),
            "recurring_run_id" => Field::optional(attributes.firing.as_ref().map(|firing| &firing.schedule)),
            _ => return None,
        })
    }

    fn place(&self) -> String {
        self.id.to_string()
    }
}

pub(super) async fn create(State(shared): State<Shared>, user: User, Body(asked): Body<Wire>) -> Answer<Wire> {
    let request = asked.request;
    let new = NewRun {
        run: None,
        work: work(&shared, &request).await?,
        display_name: request.display_name.filter(|name| !name.is_empty()),
        description: request.description,
        experiment: request.experiment_id,
        submitter: user.submitter(),
        service_account: request.service_account,
        firing: None,
    };
    let run = shared.executor.start(new).await?;
    let (record, steps) = shared.executor.run(&run).await?;
    Ok(Json(shown(&shared, record, Some(&steps)).await?))
}

/// What a request asks to be run: what it brings, or what is kept.
pub(super) async fn work(shared: &Shared, request: &Request) -> Result<Work, Refused> {
    let RuntimeConfig { parameters, pipeline_root } = request.runtime_config.clone().unwrap_or_default();
    let (parameters, root) = (parameters.unwrap_or_default(), pipeline_root.filter(|root| !root.is_empty()));
    match (&request.pipeline_spec, request.pipeline_version_reference.clone()) {
        (Some(spec), None) => Ok(shared.executor.compiled_work(spec, parameters, root).await?),
        (None, Some(PipelineVersionReference { pipeline_id: pipeline, pipeline_version_id: version })) => {
            shared.executor.version_or_newest(&pipeline, version.as_deref()).await?;
            Ok(Work::Version { pipeline, version: version.filter(|id| !id.is_empty()), parameters, root })
        }
        (spec, _) => {
            let many = if spec.is_some() { "both" } else { "neither" };
            let message = format!("the request has {many} of `pipeline_spec` and `pipeline_version_reference`");
            Err(invalid(message, "say what is to be run with one of the two"))
        }
    }
}

pub(super) async fn list(State(shared): State<Shared>, Query(query): Query<ListQuery>) -> Answer<RunList> {
    let experiment = Some(query.experiment_id.clone()).filter(|id| !id.is_empty());
    let filter = RunFilter { experiment, ..RunFilter::default() };
    let mut all = Vec::new();
    let mut token = None;
    loop {
        let page = shared.executor.runs(&filter, token.as_deref(), usize::MAX).await?;
        all.extend(page.items);
        token = page.next;
        if token.is_none() {
            break;
        }
    }
    let page = page(all, &query)?;
    let mut runs = Vec::with_capacity(page.items.len());
    for record in page.items {
        runs.push(shown(&shared, record, None).await?);
    }
    Ok(Json(RunList { runs, total_size: page.total, next_page_token: page.next }))
}

pub(super) async fn get(State(shared): State<Shared>, Path(id): Path<String>) -> Answer<Wire> {
    let (record, steps) = known(&shared, &id).await?;
    Ok(Json(shown(&shared, record, Some(&steps)).await?))
}

pub(super) async fn verb(State(shared): State<Shared>, user: User, Path(segment): Path<String>) -> Answer<Empty> {
    let (id, verb) = id_and_verb(&segment)?;
    let record = known_record(&shared, id).await?;
    user.check_run(&shared, &record.id).await?;
    match verb {
        "archive" => shared.executor.archive_run(&record.id, true).await?,
        "unarchive" => shared.executor.archive_run(&record.id, false).await?,
        "retry" => shared.executor.retry(&record.id).await?,
        // Ending what has ended is no error to Kubeflow.
        "terminate" if record.finished_at_millis.is_some() => {}
        "terminate" => shared.executor.cancel(&record.id).await?,
        verb => return Err(no_such_verb(verb)),
    }
    Ok(Json(Empty {}))
}

pub(super) async fn delete(State(shared): State<Shared>, user: User, Path(id): Path<String>) -> Answer<Empty> {
    let record = known_record(&shared, &id).await?;
    user.check_run(&shared, &record.id).await?;
    shared.executor.remove_run(&record.id).await?;
    Ok(Json(Empty {}))
}

/// A run that was not deleted, and its steps.
pub(super) async fn known(shared: &Shared, id: &str) -> Result<(RunRecord, Vec<StepRecord>), Refused> {
    let (record, steps) = shared.executor.run(&run_id(id)?).await?;
    Ok((not_deleted(record)?, steps))
}

async fn known_record(shared: &Shared, id: &str) -> Result<RunRecord, Refused> {
    not_deleted(shared.executor.run_record(&run_id(id)?).await?)
}

fn not_deleted(record: RunRecord) -> Result<RunRecord, Refused> {
    if record.attributes.removed {
        let message = format!("run {} was deleted", record.id);
        return Err(Failure::new(Code::NotFound, message).with_hint("list the runs").into());
    }
    Ok(record)
}

/// A kept specification; a document of Sandmill's own as the JSON that it stands for.
pub(super) async fn spec(shared: &Shared, digest: &Digest) -> Result<Value, Failure> {
    let text = shared.executor.text(digest).await?;
    if let Ok(document) = sdk_spec::Pipeline::parse(&text) {
        return Ok(serde_json::to_value(document).unwrap_or_default());
    }
    serde_json::from_str(&text).map_err(|error| {
        Failure::new(Code::StorageFailed, format!("the kept specification {digest} is no JSON: {error}"))
    })
}

fn title(record: &RunRecord) -> &str {
    record.attributes.display_name.as_deref().unwrap_or(&record.pipeline)
}

/// A run as callers see it; with its tasks where its steps are given.
async fn shown(shared: &Shared, record: RunRecord, steps: Option<&[StepRecord]>) -> Result<Wire, Failure> {
    let details: Details = serde_json::from_value(record.attributes.details.clone()).unwrap_or_default();
    let asked = match details.work {
        Some(work) => asked(shared, work).await?,
        None => given(plain(&record.parameters), None),
    };
    let request = Request {
        display_name: Some(title(&record).to_owned()),
        description: record.attributes.description.clone(),
        experiment_id: record.attributes.experiment.clone(),
        service_account: details.service_account,
        ..asked
    };
    let run = record.id.to_string();
    let created_at = Timestamp::new(record.submitted_at_millis);
    let finished_at = record.finished_at_millis.map(Timestamp::new);
    let failure =
        steps.into_iter().flatten().filter(|step| step.status == "failed").find_map(|step| step.failure.as_ref());
    let task_details = steps.map(|steps| RunDetails { task_details: task::details(&run, created_at, steps) });
    Ok(Wire {
        state_history: history(&record),
        request,
        run_id: run,
        storage_state: Some(storage_state(record.attributes.archived).to_owned()),
        created_at: Some(created_at),
        scheduled_at: Some(
            record.attributes.firing.as_ref().map_or(created_at, |at| Timestamp::new(at.scheduled_at_millis)),
        ),
        finished_at: Some(finished_at.unwrap_or(Timestamp::EPOCH)),
        state: Some(runtime_state(&record.status).to_owned()),
        error: failure.map(|failure| std::slice::from_ref(failure).into()),
        run_details: task_details,
        recurring_run_id: record.attributes.firing.map(|firing| firing.schedule),
    })
}

/// A request that gives these parameters.
fn given(parameters: Map<String, Value>, pipeline_root: Option<String>) -> Request {
    let config = RuntimeConfig { parameters: Some(parameters), pipeline_root };
    Request { runtime_config: Some(config), ..Request::default() }
}

/// What a run or a recurring run was asked to carry out.
pub(super) async fn asked(shared: &Shared, work: Work) -> Result<Request, Failure> {
    Ok(match work {
        Work::Compiled { spec: digest, parameters, root } => {
            let pipeline_spec = Some(spec(shared, &digest).await?);
            Request { pipeline_spec, ..given(parameters, root) }
        }
        Work::Version { pipeline, version, parameters, root } => {
            let reference = PipelineVersionReference { pipeline_id: pipeline, pipeline_version_id: version };
            Request { pipeline_version_reference: Some(reference), ..given(parameters, root) }
        }
        Work::Document { parameters, .. } => {
            let parameters = serde_json::to_value(parameters).unwrap_or_default();
            given(plain(&parameters), None)
        }
    })
}

/// Parameters as the ledger keeps them, as plain JSON.
fn plain(kept: &Value) -> Map<String, Value> {
    let fields = kept.as_object().into_iter().flatten();
    fields.map(|(name, value)| (name.clone(), value.get("plain").unwrap_or(value).clone())).collect()
}

fn history(record: &RunRecord) -> Vec<RuntimeStatus> {
    let at = |millis: u64, state: &str| RuntimeStatus { update_time: Timestamp::new(millis), state: state.to_owned() };
    let mut history = vec![at(record.submitted_at_millis, "PENDING"), at(record.submitted_at_millis, "RUNNING")];
    history.extend(record.finished_at_millis.map(|millis| at(millis, runtime_state(&record.status))));
    history
}
