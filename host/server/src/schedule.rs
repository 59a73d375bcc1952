//! Schedules: make, list, show, pause, resume, delete.
//! Never fires one.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use host_api::schedule::{CreateSchedule, NEXT_FIRINGS_MAX, Schedule as Wire, ScheduleQuery, Schedules, Timing};
use host_base::Failure;
use host_executor::catalogue::{Item, NewSchedule, RecurringRun};
use host_pipeline::schedule::{Schedule, Trigger};

use crate::answer::{Answer, Refusal, bad_request};
use crate::request::{JsonBody, Queries};
use crate::router::Shared;
use crate::user::User;
use crate::value::value_from_wire;

/// Next firings where a request names no number.
const NEXT_DEFAULT: usize = 1;

pub(crate) async fn create(
    State(shared): State<Shared>,
    user: User,
    JsonBody(asked): JsonBody<CreateSchedule>,
) -> Answer<(StatusCode, Json<Wire>)> {
    let parameters = asked.parameters.into_iter().map(|(name, value)| Ok((name, value_from_wire(value)?)));
    let parameters = parameters.collect::<Answer<_>>()?;
    let schedule = schedule(asked.timing)?;
    let experiment = match &asked.experiment {
        Some(name) => Some(shared.executor.experiment_named(name).await?.id),
        None => None,
    };
    let new = NewSchedule {
        display_name: asked.name,
        description: None,
        experiment,
        work: shared.executor.document_work(&asked.document, parameters).await?,
        schedule,
        submitter: user.submitter(),
        service_account: None,
    };
    let made = shared.executor.create_schedule(new).await?;
    Ok((StatusCode::CREATED, Json(to_wire(&shared, made, NEXT_DEFAULT).await?)))
}

fn schedule(timing: Timing) -> Result<Schedule, Refusal> {
    let trigger = match (timing.cron, timing.every_seconds) {
        (Some(pattern), None) => Trigger::Cron { pattern },
        (None, Some(seconds)) => Trigger::Every { seconds },
        _ => {
            return Err(bad_request("the schedule says not once when to fire", "set one of `cron` and `everySeconds`"));
        }
    };
    Ok(Schedule {
        trigger,
        starts_at_millis: timing.starts_at_millis,
        ends_at_millis: timing.ends_at_millis,
        catch_up: timing.catch_up,
        runs_at_once_max: timing.runs_at_once_max.unwrap_or(1),
        enabled: !timing.paused,
    })
}

pub(crate) async fn list(State(shared): State<Shared>) -> Answer<Json<Schedules>> {
    let mut items = Vec::new();
    for item in shared.executor.items::<RecurringRun>(None).await? {
        items.push(to_wire(&shared, item, NEXT_DEFAULT).await?);
    }
    Ok(Json(Schedules { items }))
}

pub(crate) async fn get(
    State(shared): State<Shared>,
    Path(id): Path<String>,
    Queries(query): Queries<ScheduleQuery>,
) -> Answer<Json<Wire>> {
    let item = shared.executor.item(&id).await?;
    let next = query.next.unwrap_or(NEXT_DEFAULT).min(NEXT_FIRINGS_MAX);
    Ok(Json(to_wire(&shared, item, next).await?))
}

pub(crate) async fn pause(State(shared): State<Shared>, user: User, Path(id): Path<String>) -> Answer<StatusCode> {
    user.check_schedule(&shared, &id).await?;
    shared.executor.enable_schedule(&id, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn resume(State(shared): State<Shared>, user: User, Path(id): Path<String>) -> Answer<StatusCode> {
    user.check_schedule(&shared, &id).await?;
    shared.executor.enable_schedule(&id, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn delete(State(shared): State<Shared>, user: User, Path(id): Path<String>) -> Answer<StatusCode> {
    user.check_schedule(&shared, &id).await?;
    shared.executor.delete_schedule(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn to_wire(shared: &Shared, item: Item<RecurringRun>, next: usize) -> Result<Wire, Failure> {
    let next_at_millis = shared.executor.next_firings(&item, next).await?;
    let record = item.record;
    let missed = record.missed.into_iter().flat_map(|missed| missed.failures);
    Ok(Wire {
        id: item.id,
        name: record.display_name,
        experiment: record.experiment,
        timing: timing(record.schedule),
        created_at_millis: item.created_at_millis,
        next_at_millis,
        problems: missed.map(Into::into).collect(),
    })
}

fn timing(schedule: Schedule) -> Timing {
    let (cron, every_seconds) = match schedule.trigger {
        Trigger::Cron { pattern } => (Some(pattern), None),
        Trigger::Every { seconds } => (None, Some(seconds)),
    };
    Timing {
        cron,
        every_seconds,
        starts_at_millis: schedule.starts_at_millis,
        ends_at_millis: schedule.ends_at_millis,
        catch_up: schedule.catch_up,
        runs_at_once_max: Some(schedule.runs_at_once_max),
        paused: !schedule.enabled,
    }
}
