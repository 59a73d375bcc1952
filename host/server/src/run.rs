//! Runs: submit, list, show, read logs, cancel, retry.
//! Never waits for a run to end; `event` streams until it has.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use host_api::event::Position;
use host_api::run::{
    LogLine as WireLogLine, LogLines, LogQuery, Run, RunDetail, RunPage, RunQuery, Signer, Step, StepQuery,
    SubmitRequest, Submitted,
};
use host_api::{
    LOG_LINES_DEFAULT, LOG_LINES_MAX, LOG_LINES_SEARCHED_MAX, PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAX, STEPS_DEFAULT,
    STEPS_MAX,
};
use host_base::{Failure, RunId};
use host_executor::NewRun;
use host_ledger::{LogLine, RunFilter, RunRecord, StepRecord};

use crate::answer::Answer;
use crate::platform::own;
use crate::request::{JsonBody, Queries, run_id};
use crate::router::Shared;
use crate::user::User;
use crate::value::{kept_values, usage_to_wire, value_from_wire};

pub(crate) async fn submit(
    State(shared): State<Shared>,
    user: User,
    JsonBody(request): JsonBody<SubmitRequest>,
) -> Answer<(StatusCode, Json<Submitted>)> {
    let parameters = request.parameters.into_iter().map(|(name, value)| Ok((name, value_from_wire(value)?)));
    let parameters: BTreeMap<_, _> = parameters.collect::<Answer<_>>()?;
    own::check_inputs(&shared, &user, parameters.values()).await?;
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
        submitter: user.submitter(),
        service_account: None,
        firing: None,
    };
    let run = shared.executor.start(new).await?;
    Ok((StatusCode::CREATED, Json(Submitted { run: run.to_string() })))
}

pub(crate) async fn list(
    State(shared): State<Shared>,
    user: User,
    Queries(query): Queries<RunQuery>,
) -> Answer<Json<RunPage>> {
    let experiment = match &query.experiment {
        Some(name) => Some(shared.executor.known_experiment(name).await?.id),
        None => None,
    };
    let RunQuery { pipeline, status, schedule, component, .. } = query;
    let submitter = user.sees_only().map(str::to_owned);
    let filter = RunFilter { pipeline, status, experiment, schedule, component, submitter, ..RunFilter::default() };
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
    // Read first: what comes in between is then told again by a stream from there, and nothing is missed.
    let (history, log) = shared.executor.run_position(&run).await?;
    let record = shared.executor.run_record(&run).await?;
    let limit = query.limit.unwrap_or(STEPS_DEFAULT).clamp(1, STEPS_MAX);
    let after = query.after.unwrap_or_default();
    let mut steps = match query.status {
        Some(status) => steps_of_status(&shared, &run, after, limit + 1, &status).await?,
        None => shared.executor.steps_behind(&run, &after, limit + 1).await?,
    };
    let more = steps.len() > limit;
    steps.truncate(limit);
    let next = steps.last().filter(|_| more).map(|step| step.name.clone());
    let signers = shared.executor.signers(&run).await?;
    let steps = steps.into_iter().map(|step| step_to_wire(step, &signers)).collect::<Result<_, _>>()?;
    let position = Position { history, log }.to_string();
    Ok(Json(RunDetail { run: run_to_wire(record)?, steps, next, position }))
}

/// Steps of one status. A run has a bounded number of steps, so that all of them may be looked at.
async fn steps_of_status(
    shared: &Shared,
    run: &RunId,
    mut after: String,
    limit: usize,
    status: &str,
) -> Answer<Vec<StepRecord>> {
    let mut found = Vec::new();
    loop {
        let steps = shared.executor.steps_behind(run, &after, STEPS_MAX).await?;
        let Some(last) = steps.last() else { return Ok(found) };
        after.clone_from(&last.name);
        found.extend(steps.into_iter().filter(|step| step.status == status).take(limit - found.len()));
        if found.len() == limit {
            return Ok(found);
        }
    }
}

pub(crate) async fn logs(
    State(shared): State<Shared>,
    Path(run): Path<String>,
    Queries(query): Queries<LogQuery>,
) -> Answer<Json<LogLines>> {
    let run = run_id(&run)?;
    // Reading no lines of a run that does not exist would look like a run that said nothing.
    shared.executor.run_record(&run).await?;
    Ok(Json(lines(&shared, &run, &query).await?))
}

/// Lines of a run, or of a training job, that is known to exist.
pub(crate) async fn lines(shared: &Shared, run: &RunId, query: &LogQuery) -> Answer<LogLines> {
    let limit = query.limit.unwrap_or(LOG_LINES_DEFAULT).clamp(1, LOG_LINES_MAX);
    let (step, after) = (query.step.as_deref(), query.after.unwrap_or(0));
    let (lines, next) = match query.contains.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => found_lines(shared, run, step, after, limit, &text.to_lowercase()).await?,
        None => {
            let lines = shared.executor.logs(run, step, after, limit).await?;
            let next = lines.last().filter(|_| lines.len() == limit).map(|line| line.sequence);
            (lines, next)
        }
    };
    Ok(LogLines { items: lines.into_iter().map(line_to_wire).collect(), next })
}

/// Lines that hold a text, and where to go on. A rare word in a long log is looked for in several answers, so
/// that none of them takes long.
async fn found_lines(
    shared: &Shared,
    run: &RunId,
    step: Option<&str>,
    mut after: u64,
    limit: usize,
    text: &str,
) -> Answer<(Vec<LogLine>, Option<u64>)> {
    let (mut found, mut searched) = (Vec::new(), 0);
    loop {
        let lines = shared.executor.logs(run, step, after, LOG_LINES_MAX).await?;
        let Some(last) = lines.last() else { return Ok((found, None)) };
        after = last.sequence;
        searched += lines.len();
        for line in lines {
            if line.text.to_lowercase().contains(text) {
                let sequence = line.sequence;
                found.push(line);
                if found.len() == limit {
                    return Ok((found, Some(sequence)));
                }
            }
        }
        if searched >= LOG_LINES_SEARCHED_MAX {
            return Ok((found, Some(after)));
        }
    }
}

pub(crate) async fn cancel(State(shared): State<Shared>, user: User, Path(run): Path<String>) -> Answer<StatusCode> {
    let run = run_id(&run)?;
    user.check_run(&shared, &run).await?;
    shared.executor.cancel(&run).await?;
    Ok(StatusCode::ACCEPTED)
}

pub(crate) async fn retry(State(shared): State<Shared>, user: User, Path(run): Path<String>) -> Answer<StatusCode> {
    let run = run_id(&run)?;
    user.check_run(&shared, &run).await?;
    shared.executor.retry(&run).await?;
    Ok(StatusCode::ACCEPTED)
}

fn run_to_wire(record: RunRecord) -> Result<Run, Failure> {
    let attributes = record.attributes;
    Ok(Run {
        id: record.id.to_string(),
        name: attributes.display_name,
        experiment: attributes.experiment,
        schedule: attributes.firing.map(|firing| firing.schedule),
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

pub(crate) fn step_to_wire(
    record: StepRecord,
    signers: &BTreeMap<String, host_executor::Signer>,
) -> Result<Step, Failure> {
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
