//! Recurring runs: make, list, show, let fire, delete.
//! Never fires one.

use axum::Json;
use axum::extract::{Path, State};
use host_api::kfp::recurring_run::{
    CronSchedule, PeriodicSchedule, RecurringRun as Wire, RecurringRunList, Trigger as WireTrigger,
};
use host_api::kfp::run::Request;
use host_api::kfp::{Empty, Int64, ListQuery, Timestamp};
use host_base::Failure;
use host_executor::catalogue::{Item, NewSchedule, RecurringRun};
use host_pipeline::schedule::{RUNS_AT_ONCE_MAX, Schedule, Trigger};

use super::answer::{Answer, Body, Query, Refused, id_and_verb, invalid, no_such_verb};
use super::list::{Field, Listed, page};
use super::run;
use crate::router::Shared;
use crate::user::User;

impl Listed for Item<RecurringRun> {
    fn field(&self, key: &str) -> Option<Field> {
        Some(match key {
            "id" | "recurring_run_id" => Field::text(&self.id),
            "name" | "display_name" => Field::text(&self.record.display_name),
            "description" => Field::optional(self.record.description.as_ref()),
            "created_at" => Field::millis(self.created_at_millis),
            "updated_at" => Field::millis(self.changed_at_millis),
            "status" => Field::text(status(self.record.schedule.enabled)),
            "experiment_id" => Field::optional(self.record.experiment.as_ref()),
            _ => return None,
        })
    }

    fn place(&self) -> String {
        format!("{:020}", self.position)
    }
}

const fn status(enabled: bool) -> &'static str {
    if enabled { "ENABLED" } else { "DISABLED" }
}

pub(super) async fn create(State(shared): State<Shared>, user: User, Body(asked): Body<Wire>) -> Answer<Wire> {
    let schedule = schedule(&asked)?;
    let request = asked.request;
    let new = NewSchedule {
        work: run::work(&shared, &request).await?,
        display_name: request.display_name.unwrap_or_default(),
        description: request.description,
        experiment: request.experiment_id,
        schedule,
        submitter: user.submitter(),
        service_account: request.service_account,
    };
    let made = shared.executor.create_schedule(new).await?;
    Ok(Json(to_wire(&shared, made).await?))
}

fn schedule(asked: &Wire) -> Result<Schedule, Refused> {
    let trigger = asked.trigger.clone().unwrap_or_default();
    let (trigger, starts, ends) = match (trigger.cron_schedule, trigger.periodic_schedule) {
        (Some(CronSchedule { start_time, end_time, cron }), None) => {
            (Trigger::Cron { pattern: cron }, start_time, end_time)
        }
        (None, Some(PeriodicSchedule { start_time, end_time, interval_second })) => {
            let seconds = u64::try_from(interval_second.0).unwrap_or(0);
            (Trigger::Every { seconds }, start_time, end_time)
        }
        _ => {
            let hint = "set one of `cron_schedule` and `periodic_schedule`";
            return Err(invalid("the trigger says not once when to fire", hint));
        }
    };
    let at_once = asked.max_concurrency.map_or(1, |count| count.0.clamp(1, i64::from(RUNS_AT_ONCE_MAX)));
    Ok(Schedule {
        trigger,
        starts_at_millis: starts.map(|time| time.millis),
        ends_at_millis: ends.map(|time| time.millis),
        catch_up: !asked.no_catchup.unwrap_or(false),
        runs_at_once_max: u32::try_from(at_once).unwrap_or(1),
        enabled: asked.mode.as_deref() != Some("DISABLE"),
    })
}

pub(super) async fn list(State(shared): State<Shared>, Query(query): Query<ListQuery>) -> Answer<RecurringRunList> {
    let mut all = shared.executor.items::<RecurringRun>(None).await?;
    if !query.experiment_id.is_empty() {
        all.retain(|item| item.record.experiment.as_ref() == Some(&query.experiment_id));
    }
    let page = page(all, &query)?;
    let mut recurring_runs = Vec::with_capacity(page.items.len());
    for item in page.items {
        recurring_runs.push(to_wire(&shared, item).await?);
    }
    Ok(Json(RecurringRunList { recurring_runs, total_size: page.total, next_page_token: page.next }))
}

pub(super) async fn get(State(shared): State<Shared>, Path(id): Path<String>) -> Answer<Wire> {
    let item = shared.executor.item(&id).await?;
    Ok(Json(to_wire(&shared, item).await?))
}

pub(super) async fn verb(State(shared): State<Shared>, user: User, Path(segment): Path<String>) -> Answer<Empty> {
    let (id, verb) = id_and_verb(&segment)?;
    user.check_schedule(&shared, id).await?;
    match verb {
        "enable" => shared.executor.enable_schedule(id, true).await?,
        "disable" => shared.executor.enable_schedule(id, false).await?,
        verb => return Err(no_such_verb(verb)),
    }
    Ok(Json(Empty {}))
}

pub(super) async fn delete(State(shared): State<Shared>, user: User, Path(id): Path<String>) -> Answer<Empty> {
    user.check_schedule(&shared, &id).await?;
    shared.executor.delete_schedule(&id).await?;
    Ok(Json(Empty {}))
}

async fn to_wire(shared: &Shared, item: Item<RecurringRun>) -> Result<Wire, Failure> {
    let record = item.record;
    let asked = run::asked(shared, record.work).await?;
    let request = Request {
        display_name: Some(record.display_name),
        description: record.description,
        experiment_id: record.experiment,
        service_account: record.service_account,
        ..asked
    };
    let enabled = record.schedule.enabled;
    Ok(Wire {
        recurring_run_id: item.id,
        request,
        max_concurrency: Some(Int64(i64::from(record.schedule.runs_at_once_max))),
        mode: Some(if enabled { "ENABLE" } else { "DISABLE" }.to_owned()),
        created_at: Some(Timestamp::new(item.created_at_millis)),
        updated_at: Some(Timestamp::new(item.changed_at_millis)),
        status: Some(status(enabled).to_owned()),
        error: record.missed.map(|missed| missed.failures.as_slice().into()),
        no_catchup: Some(!record.schedule.catch_up),
        trigger: Some(trigger(record.schedule)),
        namespace: None,
    })
}

fn trigger(schedule: Schedule) -> WireTrigger {
    let start_time = schedule.starts_at_millis.map(Timestamp::new);
    let end_time = schedule.ends_at_millis.map(Timestamp::new);
    match schedule.trigger {
        Trigger::Cron { pattern } => WireTrigger {
            cron_schedule: Some(CronSchedule { start_time, end_time, cron: pattern }),
            periodic_schedule: None,
        },
        Trigger::Every { seconds } => {
            let interval_second = Int64(i64::try_from(seconds).unwrap_or(i64::MAX));
            let periodic_schedule = Some(PeriodicSchedule { start_time, end_time, interval_second });
            WireTrigger { cron_schedule: None, periodic_schedule }
        }
    }
}
