//! Runs: submit, list, show, read logs, cancel, retry.
//! Never waits for a run to end; `event` streams until it has.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use host_api::run::{
    LogLine as WireLogLine, LogLines, LogQuery, Run, RunDetail, RunPage, RunQuery, Signer, Step, StepQuery,
    SubmitRequest, Submitted,
};
use host_api::{LOG_LINES_DEFAULT, LOG_LINES_MAX, PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAX, STEPS_DEFAULT, STEPS_MAX};
use host_base::Failure;
use host_executor::NewRun;
use host_ledger::{LogLine, RunFilter, RunRecord, StepRecord};

use crate::answer::Answer;
use crate::request::{JsonBody, Queries, run_id};
use crate::router::Shared;
use crate::value::{kept_values, usage_to_wire, value_from_wire};

pub(crate) async fn submit(
    State(shared): State<Shared>,
    JsonBody(request): JsonBody<SubmitRequest>,
) -> Answer<(StatusCode, Json<Submitted>)> {
    let parameters = request.parameters.into_iter().map(|(name, value)| Ok((name, value_from_wire(value)?)));
    let parameters = parameters.collect::<Answer<_>>()?;
    let experiment = match &request.experiment {
        Some(name) => Some(shared.executor.experiment_named(name).await?.id),
        None => None,
    };
    let new = NewRun {
        run: None,
        work: shared.executor.document_work(&request.document, parameters).await?,
        display_name: request.name,
        description: None,
        experiment,
        service_account: None,
        firing: None,
    };
    let run = shared.executor.start(new).await?;
    Ok((StatusCode::CREATED, Json(Submitted { run: run.to_string() })))
}

pub(crate) async fn list(State(shared): State<Shared>, Queries(query): Queries<RunQuery>) -> Answer<Json<RunPage>> {
    let experiment = match &query.experiment {
        Some(name) => Some(shared.executor.known_experiment(name).await?.id),
        None => None,
    };
    let filter = RunFilter { pipeline: query.pipeline, status: query.status, experiment, ..RunFilter::default() };
    let limit = query.limit.unwrap_or(PAGE_ITEMS_DEFAULT).clamp(1, PAGE_ITEMS_MAX);
    let page = shared.executor.runs(&filter, query.page.as_deref(), limit).await?;
    let items = page.items.into_iter().map(run_to_wire).collect::<Result<_, _>>()?;
    Ok(Json(RunPage { items, next: page.next }))
}

pub(crate) async fn get(
    State(shared): State<Shared>,
    Path(run): Path<String>,
    Queries(query): Queries<StepQuery>,
) -> Answer<Json<RunDetail>> {
    let run = run_id(&run)?;
    let record = shared.executor.run_record(&run).await?;
    let limit = query.limit.unwrap_or(STEPS_DEFAULT).clamp(1, STEPS_MAX);
    let after = query.after.unwrap_or_default();
    let mut steps = shared.executor.steps_behind(&run, &after, limit + 1).await?;
    let more = steps.len() > limit;
    steps.truncate(limit);
    let next = steps.last().filter(|_| more).map(|step| step.name.clone());
    let signers = shared.executor.signers(&run).await?;
    let steps = steps.into_iter().map(|step| step_to_wire(step, &signers)).collect::<Result<_, _>>()?;
    Ok(Json(RunDetail { run: run_to_wire(record)?, steps, next }))
}

pub(crate) async fn logs(
    State(shared): State<Shared>,
    Path(run): Path<String>,
    Queries(query): Queries<LogQuery>,
) -> Answer<Json<LogLines>> {
    let run = run_id(&run)?;
    // Reading no lines of a run that does not exist would look like a run that said nothing.
    shared.executor.run_record(&run).await?;
    let limit = query.limit.unwrap_or(LOG_LINES_DEFAULT).clamp(1, LOG_LINES_MAX);
    let lines = shared.executor.logs(&run, query.step.as_deref(), query.after.unwrap_or(0), limit).await?;
    Ok(Json(LogLines { items: lines.into_iter().map(line_to_wire).collect() }))
}

pub(crate) async fn cancel(State(shared): State<Shared>, Path(run): Path<String>) -> Answer<StatusCode> {
    shared.executor.cancel(&run_id(&run)?).await?;
    Ok(StatusCode::ACCEPTED)
}

pub(crate) async fn retry(State(shared): State<Shared>, Path(run): Path<String>) -> Answer<StatusCode> {
    shared.executor.retry(&run_id(&run)?).await?;
    Ok(StatusCode::ACCEPTED)
}

fn run_to_wire(record: RunRecord) -> Result<Run, Failure> {
    Ok(Run {
        id: record.id.to_string(),
        pipeline: record.pipeline,
        parameters: kept_values(record.parameters)?,
        status: record.status,
        submitted_at_millis: record.submitted_at_millis,
        finished_at_millis: record.finished_at_millis,
        steps_total: record.steps_total,
        steps_finished: record.steps_finished,
        failure: record.failure.map(Into::into),
    })
}

fn step_to_wire(record: StepRecord, signers: &BTreeMap<String, host_executor::Signer>) -> Result<Step, Failure> {
    let signer = signers.get(&record.component).map(signer_to_wire);
    Ok(Step {
        signer,
        name: record.name,
        kind: record.kind,
        parent: record.parent,
        status: record.status,
        attempts: record.attempts,
        reused: record.reused,
        component: record.component,
        started_at_millis: record.started_at_millis,
        finished_at_millis: record.finished_at_millis,
        outputs: record.outputs.map(kept_values).transpose()?,
        failure: record.failure.map(Into::into),
        usage: record.usage.map(usage_to_wire),
    })
}

pub(crate) fn signer_to_wire(signer: &host_executor::Signer) -> Signer {
    Signer { name: signer.name.clone(), key: signer.key.to_string() }
}

pub(crate) fn line_to_wire(line: LogLine) -> WireLogLine {
    let LogLine { sequence, at_millis, step, attempt, stream, text } = line;
    WireLogLine { sequence, at_millis, step, attempt, stream, text }
}
