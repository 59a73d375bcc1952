//! `sandmill run`: list, show, logs, watch, cancel, retry.
//! Never keeps a run's state; every answer is asked for anew.

mod cancel;
mod list;
pub mod logs;
mod retry;
mod show;
pub mod watch;

use clap::ValueEnum;
use host_api::run::RunQuery;

use crate::args::RunCommand;
use crate::printer::Printer;
use crate::run_id;
use crate::settings::Settings;
use crate::trouble::Outcome;

/// Carries one of them out.
pub async fn run(command: RunCommand, settings: &Settings, printer: &Printer) -> Outcome {
    let client = settings.client()?;
    match command {
        RunCommand::List { pipeline, experiment, status, component, page } => {
            let status = status.and_then(|status| status.to_possible_value()).map(|value| value.get_name().to_owned());
            let limit = Some(usize::from(page.limit));
            let query = RunQuery { pipeline, status, experiment, component, page: page.page, limit, schedule: None };
            list::list(&client, &query, printer).await
        }
        RunCommand::Show { run } => show::show(&client, &run_id::resolve(&client, &run.run).await?, printer).await,
        RunCommand::Logs { run, step, follow } => {
            logs::logs(&client, &run_id::resolve(&client, &run.run).await?, step.as_deref(), follow, printer).await
        }
        RunCommand::Watch { run } => watch::watch(&client, &run_id::resolve(&client, &run.run).await?, printer).await,
        RunCommand::Cancel { run } => {
            cancel::cancel(&client, &run_id::resolve(&client, &run.run).await?, printer).await
        }
        RunCommand::Retry { run, watch } => {
            retry::retry(&client, &run_id::resolve(&client, &run.run).await?, watch, printer).await
        }
    }
}
