//! `sandmill schedule`: create, list, show, pause, resume, delete, next.
//! Never fires one; the node does.

mod create;
mod list;
mod show;

use host_api::schedule::ScheduleQuery;
use host_client::Client;
use serde_json::json;

use crate::args::ScheduleCommand;
use crate::format;
use crate::printer::Printer;
use crate::settings::Settings;
use crate::trouble::Outcome;

/// Carries one of them out.
pub async fn schedule(command: ScheduleCommand, settings: &Settings, printer: &Printer) -> Outcome {
    let client = settings.client()?;
    match command {
        ScheduleCommand::Create(arguments) => create::create(&client, *arguments, printer).await,
        ScheduleCommand::List => list::list(&client, printer).await,
        ScheduleCommand::Show { schedule } => show::show(&client, &schedule, printer).await,
        ScheduleCommand::Pause { schedule } => {
            client.pause_schedule(&schedule).await?;
            done(&schedule, "paused", printer)
        }
        ScheduleCommand::Resume { schedule } => {
            client.resume_schedule(&schedule).await?;
            done(&schedule, "resumed", printer)
        }
        ScheduleCommand::Delete { schedule } => {
            client.delete_schedule(&schedule).await?;
            done(&schedule, "deleted", printer)
        }
        ScheduleCommand::Next { schedule, count } => next(&client, &schedule, usize::from(count), printer).await,
    }
}

fn done(schedule: &str, state: &str, printer: &Printer) -> Outcome {
    printer.either(&json!({ "schedule": schedule, "state": state }), || schedule.to_owned())
}

/// Prints the next times that it fires.
async fn next(client: &Client, schedule: &str, count: usize, printer: &Printer) -> Outcome {
    let times = client.schedule(schedule, &ScheduleQuery { next: Some(count) }).await?.next_at_millis;
    printer.either(&json!({ "schedule": schedule, "nextAtMillis": times }), || {
        times.iter().map(|millis| format::moment(*millis)).collect::<Vec<_>>().join("\n")
    })
}
