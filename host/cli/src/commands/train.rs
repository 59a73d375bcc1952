//! `sandmill train`: run, list, show, watch, logs, stop, resume.
//! Never keeps a job's state; every answer is asked for anew.

mod list;
mod logs;
mod run;
mod show;
mod watch;

use host_api::train_job::TrainJobQuery;
use host_base::{Code, Failure, RunId};
use host_client::Client;
use serde_json::json;

use crate::args::TrainCommand;
use crate::printer::Printer;
use crate::settings::Settings;
use crate::trouble::{Outcome, Trouble};

/// The word for the newest job.
const LATEST: &str = "latest";
/// How many of the newest jobs the beginning of an id is looked for in.
const JOBS_SEARCHED: usize = 200;
/// Shorter beginnings say too little.
const BEGINNING_CHARACTERS_MIN: usize = 4;

/// Carries one of them out.
pub async fn train(command: TrainCommand, settings: &Settings, printer: &Printer) -> Outcome {
    let client = settings.client()?;
    match command {
        TrainCommand::Run(arguments) => run::run(&client, arguments, printer).await,
        TrainCommand::List { name, status, page } => list::list(&client, name, status, page, printer).await,
        TrainCommand::Show { job } => show::show(&client, &resolve(&client, &job.job).await?, printer).await,
        TrainCommand::Watch { job } => watch::watch(&client, &resolve(&client, &job.job).await?, printer).await,
        TrainCommand::Logs { job, worker, follow } => {
            logs::logs(&client, &resolve(&client, &job.job).await?, worker, follow, printer).await
        }
        TrainCommand::Stop { job, cancel } => stop(&client, &resolve(&client, &job.job).await?, cancel, printer).await,
        TrainCommand::Resume { job, watch } => {
            let job = resolve(&client, &job.job).await?;
            client.resume_train_job(&job).await?;
            if watch {
                return watch::watch(&client, &job, printer).await;
            }
            printer.note(&format!("`sandmill train watch {job}` shows its loss"));
            printer.either(&json!({ "job": job, "state": "running" }), || job.clone())
        }
    }
}

async fn stop(client: &Client, job: &str, cancel: bool, printer: &Printer) -> Outcome {
    if cancel {
        client.cancel_train_job(job).await?;
        printer.note("its workers are being stopped; its checkpoints stay");
        return printer.either(&json!({ "job": job, "state": "cancelled" }), || job.to_owned());
    }
    client.stop_train_job(job).await?;
    printer.note(&format!("its state is being written down; `sandmill train resume {job}` goes on with it"));
    printer.either(&json!({ "job": job, "state": "suspending" }), || job.to_owned())
}

/// The id that a text means.
async fn resolve(client: &Client, text: &str) -> Outcome<String> {
    if text.parse::<RunId>().is_ok() {
        return Ok(text.to_owned());
    }
    let is_beginning = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if text != LATEST && (text.len() < BEGINNING_CHARACTERS_MIN || !is_beginning(text)) {
        return Err(Trouble::usage(
            format!("`{text}` names no training job"),
            format!("write a job's id, at least the first {BEGINNING_CHARACTERS_MIN} characters of it, or `{LATEST}`"),
        ));
    }
    let limit = if text == LATEST { 1 } else { JOBS_SEARCHED };
    let jobs = client.train_jobs(&TrainJobQuery { limit: Some(limit), ..TrainJobQuery::default() }).await?.items;
    let beginning = if text == LATEST { String::new() } else { text.to_ascii_lowercase() };
    let mut found = jobs.into_iter().map(|job| job.id).filter(|id| id.starts_with(&beginning));
    match (found.next(), found.next()) {
        (Some(job), None) => Ok(job),
        (Some(first), Some(second)) => Err(Trouble::usage(
            format!("several jobs begin with `{text}`, among them {first} and {second}"),
            "write more of the id",
        )),
        (None, _) if text == LATEST => Err(Failure::new(Code::NotFound, "the server has no training job yet")
            .with_hint("start one with `sandmill train run FILE`")
            .into()),
        (None, _) => {
            Err(Failure::new(Code::NotFound, format!("none of the newest {JOBS_SEARCHED} jobs begins with `{text}`"))
                .with_hint("list them with `sandmill train list`, or write the whole id")
                .into())
        }
    }
}
