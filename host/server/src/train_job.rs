//! Training jobs: check, submit, list, show, read logs and series, stop, resume, cancel.
//! Never waits for a job to end; `event` streams until it has.

pub(crate) mod event;

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use host_api::event::Position;
use host_api::metric::{MetricPoints, MetricQuery};
use host_api::run::{LogLines, LogQuery};
use host_api::train_job::{
    CheckedTrainJob, NewestPoints as WireNewest, SubmitTrainJob, SubmittedTrainJob, TrainCheckpoint, TrainJob,
    TrainJobDetail, TrainJobPage, TrainJobQuery,
};
use host_api::{PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAX, artifact as wire};
use host_base::{ArtifactRef, Failure};
use host_executor::{CheckedJob, Given, JobInsight, NewestPoints, PlannedSource, Signer};
use host_ledger::{RunFilter, RunRecord};

use crate::answer::{Answer, Refusal};
use crate::platform::own;
use crate::request::{JsonBody, Queries, digest, run_id};
use crate::router::Shared;
use crate::user::User;
use crate::value::{artifact_from_wire, artifact_to_wire};
use crate::{metric, run};

pub(crate) async fn submit(
    State(shared): State<Shared>,
    user: User,
    JsonBody(request): JsonBody<SubmitTrainJob>,
) -> Answer<(StatusCode, Json<SubmittedTrainJob>)> {
    let given = Given { data_sets: artifacts(request.data_sets)?, models: artifacts(request.models)? };
    for artifact in given.data_sets.values().chain(given.models.values()) {
        own::check_input(&shared, &user, &artifact.digest).await?;
    }
    if user.sees_only().is_some() {
        for named in host_executor::job_sources(&request.document)? {
            own::check_input(&shared, &user, &digest(&named)?).await?;
        }
    }
    let job = shared.executor.submit_job(&request.document, given, request.name, user.submitter()).await?;
    Ok((StatusCode::CREATED, Json(SubmittedTrainJob { job: job.to_string() })))
}

pub(crate) async fn check(
    State(shared): State<Shared>,
    JsonBody(request): JsonBody<SubmitTrainJob>,
) -> Answer<Json<CheckedTrainJob>> {
    let given = Given { data_sets: artifacts(request.data_sets)?, models: artifacts(request.models)? };
    let CheckedJob { plan, ignored, open_data_sets, open_models } =
        shared.executor.check_job(&request.document, &given).await?;
    let component = format!("{}@{}", plan.component.reference, plan.component.digest);
    let (workers, steps_max) = (plan.workers, plan.steps_max);
    Ok(Json(CheckedTrainJob { name: plan.name, component, workers, steps_max, open_data_sets, open_models, ignored }))
}

fn artifacts(given: BTreeMap<String, wire::ArtifactRef>) -> Result<BTreeMap<String, ArtifactRef>, Refusal> {
    given.into_iter().map(|(name, artifact)| Ok((name, artifact_from_wire(artifact)?))).collect()
}

pub(crate) async fn list(
    State(shared): State<Shared>,
    user: User,
    Queries(query): Queries<TrainJobQuery>,
) -> Answer<Json<TrainJobPage>> {
    let submitter = user.sees_only().map(str::to_owned);
    let filter = RunFilter { pipeline: query.name, status: query.status, submitter, ..RunFilter::default() };
    let limit = query.limit.unwrap_or(PAGE_ITEMS_DEFAULT).clamp(1, PAGE_ITEMS_MAX);
    let page = shared.executor.jobs(filter, query.page.as_deref(), limit).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for record in page.items {
        let newest = shared.executor.newest_points(&record).await?;
        items.push(job_to_wire(record, newest));
    }
    Ok(Json(TrainJobPage { items, next: page.next }))
}

pub(crate) async fn get(State(shared): State<Shared>, Path(job): Path<String>) -> Answer<Json<TrainJobDetail>> {
    let job = run_id(&job)?;
    // Read first: what comes in between is then told again by a stream from there, and nothing is missed.
    let (history, log) = shared.executor.run_position(&job).await?;
    let signers = shared.executor.signers(&job).await?;
    let insight = shared.executor.job(&job).await?;
    let newest = shared.executor.newest_points(&insight.record).await?;
    Ok(Json(detail_to_wire(insight, newest, Position { history, log }, &signers)?))
}

pub(crate) async fn metrics(
    State(shared): State<Shared>,
    Path(job): Path<String>,
    Queries(query): Queries<MetricQuery>,
) -> Answer<Json<MetricPoints>> {
    let job = run_id(&job)?;
    shared.executor.job_record(&job).await?;
    Ok(Json(metric::points(&shared, &job, &query).await?))
}

pub(crate) async fn logs(
    State(shared): State<Shared>,
    Path(job): Path<String>,
    Queries(query): Queries<LogQuery>,
) -> Answer<Json<LogLines>> {
    let job = run_id(&job)?;
    shared.executor.job_record(&job).await?;
    Ok(Json(run::lines(&shared, &job, &query).await?))
}

pub(crate) async fn stop(State(shared): State<Shared>, user: User, Path(job): Path<String>) -> Answer<StatusCode> {
    let job = run_id(&job)?;
    user.check_job(&shared, &job).await?;
    shared.executor.suspend_job(&job).await?;
    Ok(StatusCode::ACCEPTED)
}

pub(crate) async fn resume(State(shared): State<Shared>, user: User, Path(job): Path<String>) -> Answer<StatusCode> {
    let job = run_id(&job)?;
    user.check_job(&shared, &job).await?;
    shared.executor.resume_job(&job).await?;
    Ok(StatusCode::ACCEPTED)
}

pub(crate) async fn cancel(State(shared): State<Shared>, user: User, Path(job): Path<String>) -> Answer<StatusCode> {
    let job = run_id(&job)?;
    user.check_job(&shared, &job).await?;
    shared.executor.cancel_job(&job).await?;
    Ok(StatusCode::ACCEPTED)
}

fn job_to_wire(record: RunRecord, newest: Option<NewestPoints>) -> TrainJob {
    TrainJob {
        id: record.id.to_string(),
        title: record.attributes.display_name,
        name: record.pipeline,
        status: record.status,
        workers: record.steps_total,
        submitted_at_millis: record.submitted_at_millis,
        finished_at_millis: record.finished_at_millis,
        failure: record.failure.map(Into::into),
        newest: newest.map(|NewestPoints { step, metrics }| WireNewest { step, metrics }),
    }
}

fn detail_to_wire(
    job: JobInsight,
    newest: Option<NewestPoints>,
    position: Position,
    signers: &BTreeMap<String, Signer>,
) -> Result<TrainJobDetail, Failure> {
    let JobInsight { record, workers, plan, kept } = job;
    let sources = |sources: &BTreeMap<String, PlannedSource>| {
        let found = |(name, source): (&String, &PlannedSource)| {
            let artifact = match source {
                PlannedSource::Artifact(artifact) => Some(artifact),
                PlannedSource::Uri(uri) => kept.fetched.get(uri),
            };
            Some((name.clone(), artifact_to_wire(artifact?.clone())))
        };
        sources.iter().filter_map(found).collect()
    };
    Ok(TrainJobDetail {
        job: job_to_wire(record, newest),
        data_sets: sources(&plan.data_sets),
        models: sources(&plan.models),
        plan: serde_json::to_value(&plan).unwrap_or_default(),
        position: position.to_string(),
        component: format!("{}@{}", plan.component.reference, plan.component.digest),
        settings: plan.settings,
        seed: plan.seed,
        steps_max: plan.steps_max,
        step: kept.step,
        generation: kept.generation,
        size: kept.size,
        restarts: kept.restarts,
        worker_states: workers.into_iter().map(|step| run::step_to_wire(step, signers)).collect::<Result<_, _>>()?,
        checkpoints: kept.checkpoints.iter().map(checkpoint_to_wire).collect(),
        evaluation: kept.evaluation,
        reason: kept.reason.map(word),
        model: kept.model.map(artifact_to_wire),
    })
}

fn checkpoint_to_wire(checkpoint: &host_training::Checkpoint) -> TrainCheckpoint {
    TrainCheckpoint {
        step: checkpoint.step,
        digest: checkpoint.artifact.digest.to_string(),
        size_bytes: checkpoint.artifact.size_bytes,
    }
}

/// The word that a status or a reason is written down as.
fn word(kept: impl serde::Serialize) -> String {
    // Both are enumerations without content, which JSON holds as texts.
    serde_json::to_value(kept).ok().and_then(|word| Some(word.as_str()?.to_owned())).unwrap_or_default()
}
