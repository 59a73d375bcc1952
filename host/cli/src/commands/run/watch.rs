//! `sandmill run watch`, and what `--watch` does elsewhere: a run's progress, then how it ended.
//! Never ends the run with the watching.

use host_api::problem::Problem;
use host_api::run::{RunDetail, Step};
use host_client::Client;
use serde::Serialize;

use super::list::took;
use super::show::{failures, in_order_of_work, millis};
use crate::format;
use crate::live::LiveRun;
use crate::printer::Printer;
use crate::table::status_style;
use crate::trouble::{Exit, Outcome, Trouble};

/// How a run ended, for programs.
#[derive(Serialize)]
struct Ended {
    run: String,
    pipeline: String,
    state: String,
    millis: Option<u64>,
    steps: Vec<EndedStep>,
}

/// How a step of it ended.
#[derive(Serialize)]
struct EndedStep {
    name: String,
    state: String,
    millis: u64,
    cached: bool,
    attempts: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<Problem>,
}

/// Shows progress until the run has ended. A run that did not succeed is a failure of the command.
pub async fn watch(client: &Client, run: &str, printer: &Printer) -> Outcome {
    follow(client, run, printer).await?;
    let detail = client.run(run).await?;
    let status = detail.run.status.clone();
    tell(&detail, printer)?;
    if status == "succeeded" { Ok(()) } else { Err(Trouble::silent(Exit::Failed)) }
}

async fn follow(client: &Client, run: &str, printer: &Printer) -> Outcome {
    let mut live = LiveRun::new(printer);
    let mut events = client.events(run, false);
    loop {
        tokio::select! {
            event = events.next() => match event? {
                Some(event) => live.apply(&event),
                None => return Ok(()),
            },
            // Where signals cannot be listened for, Ctrl-C ends the program at once, as anywhere.
            Ok(()) = tokio::signal::ctrl_c() => {
                live.clear();
                printer.note(&format!(
                    "the run goes on; watch it again with `sandmill run watch {run}`, end it with `sandmill run cancel {run}`"
                ));
                return Err(Trouble::silent(Exit::Interrupted));
            }
        }
    }
}

fn tell(detail: &RunDetail, printer: &Printer) -> Outcome {
    let RunDetail { run, steps, next: _, position: _ } = detail;
    if printer.json {
        return printer.object(&Ended {
            run: run.id.clone(),
            pipeline: run.pipeline.clone(),
            state: run.status.clone(),
            millis: took(run),
            steps: in_order_of_work(steps).into_iter().map(ended_step).collect(),
        });
    }
    for failure in failures(steps, printer.talk_colours) {
        printer.note(&failure);
    }
    let cached = steps.iter().filter(|step| step.reused).count();
    let cached = if cached > 0 { format!(", {cached} cached") } else { String::new() };
    let took = took(run).map(|millis| format!(" in {}", format::span(millis))).unwrap_or_default();
    let status = status_style(&run.status).paint(&run.status, printer.talk_colours);
    printer.note(&format!("{status}{took} ({} steps{cached}); `sandmill run show {}` tells more", steps.len(), run.id));
    printer.data(&run.id)
}

fn ended_step(step: &Step) -> EndedStep {
    EndedStep {
        name: step.name.clone(),
        state: step.status.clone(),
        millis: millis(step).unwrap_or(0),
        cached: step.reused,
        attempts: step.attempts,
        failure: step.failure.clone().filter(|_| step.status != "succeeded"),
    }
}
