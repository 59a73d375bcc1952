//! Training jobs: submit, list, show, read logs and series, stop, resume, cancel.
//! Never waits for a job to end.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use host_api::metric::{MetricPoints, MetricQuery};
use host_api::run::{LogLines, LogQuery};
use host_api::train_job::{
    SubmitTrainJob, SubmittedTrainJob, TrainCheckpoint, TrainJob, TrainJobDetail, TrainJobPage, TrainJobQuery,
};
use host_api::{PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAX, artifact as wire};
use host_base::{ArtifactRef, Failure};
use host_executor::{Given, JobInsight, Signer};
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
    Ok(Json(TrainJobPage { items: page.items.into_iter().map(job_to_wire).collect(), next: page.next }))
}

pub(crate) async fn get(State(shared): State<Shared>, Path(job): Path<String>) -> Answer<Json<TrainJobDetail>> {
    let job = run_id(&job)?;
    let signers = shared.executor.signers(&job).await?;
    Ok(Json(detail_to_wire(shared.executor.job(&job).await?, &signers)?))
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

fn job_to_wire(record: RunRecord) -> TrainJob {
    TrainJob {
        id: record.id.to_string(),
        title: record.attributes.display_name,
        name: record.pipeline,
        status: record.status,
        workers: record.steps_total,
        submitted_at_millis: record.submitted_at_millis,
        finished_at_millis: record.finished_at_millis,
        failure: record.failure.map(Into::into),
    }
}

fn detail_to_wire(job: JobInsight, signers: &BTreeMap<String, Signer>) -> Result<TrainJobDetail, Failure> {
    let JobInsight { record, workers, plan, kept } = job;
    let checkpoint = |checkpoint: &host_training::Checkpoint| TrainCheckpoint {
        step: checkpoint.step,
        digest: checkpoint.artifact.digest.to_string(),
        size_bytes: checkpoint.artifact.size_bytes,
    };
    Ok(TrainJobDetail {
        job: job_to_wire(record),
        component: format!("{}@{}", plan.component.reference, plan.component.digest),
        settings: plan.settings,
        seed: plan.seed,
        steps_max: plan.steps_max,
        step: kept.step,
        generation: kept.generation,
        size: kept.size,
        restarts: kept.restarts,
        worker_states: workers.into_iter().map(|step| run::step_to_wire(step, signers)).collect::<Result<_, _>>()?,
        checkpoints: kept.checkpoints.iter().map(checkpoint).collect(),
        evaluation: kept.evaluation,
        reason: kept.reason.and_then(|reason| Some(serde_json::to_value(reason).ok()?.as_str()?.to_owned())),
        model: kept.model.map(artifact_to_wire),
    })
}
