//! `sandmill train watch`, and what `--watch` does elsewhere: a job's loss as it is trained, then how it ended.
//! Never ends the job with the watching.

use std::collections::BTreeMap;
use std::time::Duration;

use host_api::event::StreamEvent;
use host_api::train_job::change::{JobChange, Points};
use host_client::{Client, RunEvents};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::list::took;
use crate::format;
use crate::printer::{Printer, clean, problem_text};
use crate::table::status_style;
use crate::trouble::{Exit, Outcome, Trouble};

/// How often the line on a terminal moves.
const TICK_MILLIS: u64 = 200;
/// A job that waits says nothing: after this much silence it is looked whether it still does.
const REST_MILLIS: u64 = 300;
/// Where nothing moves, so many steps pass between two lines.
const LINES_IN_ALL: u64 = 20;

/// Shows the loss until the job has ended, or waits. A job that did not succeed is a failure of the command.
pub async fn watch(client: &Client, job: &str, printer: &Printer) -> Outcome {
    tokio::select! {
        followed = follow(client, job, printer) => followed?,
        // Where signals cannot be listened for, Ctrl-C ends the program at once, as anywhere.
        Ok(()) = tokio::signal::ctrl_c() => {
            printer.note(&format!(
                "the job goes on; watch it again with `sandmill train watch {job}`, stop it with `sandmill train stop {job}`"
            ));
            return Err(Trouble::silent(Exit::Interrupted));
        }
    };
    let detail = client.train_job(job).await?;
    let status = detail.job.status.as_str();
    if printer.json {
        printer.object(&detail)?;
    } else {
        if let Some(failure) = &detail.job.failure {
            printer.note(&problem_text(failure, "", printer.talk_colours));
        }
        let took = took(&detail.job).map(|millis| format!(" in {}", format::span(millis))).unwrap_or_default();
        let told = status_style(status).paint(status, printer.talk_colours);
        printer.note(&format!("{told}{took} after {} steps; `sandmill train show {job}` tells more", detail.step));
        printer.data(job)?;
    }
    match status {
        "succeeded" | "suspended" => Ok(()),
        _ => Err(Trouble::silent(Exit::Failed)),
    }
}

/// Shows events as they come, until the job has ended, or waits.
async fn follow(client: &Client, job: &str, printer: &Printer) -> Outcome {
    let mut live = Live::new(printer);
    live.most = client.train_job(job).await?.steps_max;
    let mut events = client.train_job_events(job, false);
    let mut rests = false;
    while let Some(event) = next(client, job, &mut events, rests).await? {
        if printer.json {
            printer.object(&event)?;
        }
        match &event {
            StreamEvent::Points(points) => live.take(points),
            StreamEvent::Job(event) => {
                rests = matches!(event.change, JobChange::Suspended | JobChange::Submitted { suspended: true, .. })
                    || (rests && !matches!(event.change, JobChange::ResumeRequested));
                live.tell(&event.change);
            }
            _ => {}
        }
    }
    live.end();
    Ok(())
}

/// The next event; none once the job has ended, or has come to rest by all that is told of it.
async fn next(client: &Client, job: &str, events: &mut RunEvents, rests: bool) -> Outcome<Option<StreamEvent>> {
    if !rests {
        return Ok(events.next().await?);
    }
    loop {
        match tokio::time::timeout(Duration::from_millis(REST_MILLIS), events.next()).await {
            Ok(event) => return Ok(event?),
            // It may have been resumed long ago, and the events of that are still to come.
            Err(_) if client.train_job(job).await?.job.status == "suspended" => return Ok(None),
            Err(_) => {}
        }
    }
}

/// What is shown of one job: a line that moves on a terminal, a few lines elsewhere.
struct Live<'a> {
    printer: &'a Printer,
    bar: ProgressBar,
    most: Option<u64>,
    last_line: u64,
    /// The newest value of each metric, of the first worker that reports it.
    values: BTreeMap<String, Option<f64>>,
}

impl<'a> Live<'a> {
    fn new(printer: &'a Printer) -> Self {
        let moving = printer.talk_terminal && !printer.quiet;
        let target = if moving { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed}  {wide_msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(TICK_MILLIS));
        Self { printer, bar, most: None, last_line: 0, values: BTreeMap::new() }
    }

    fn take(&mut self, points: &Points) {
        let prefix = match points.step.as_str() {
            "worker-0" => "",
            "evaluation" => "evaluation ",
            _ => return,
        };
        self.values.extend(points.values.iter().map(|(name, value)| (format!("{prefix}{}", clean(name)), *value)));
        if !self.bar.is_hidden() {
            self.bar.set_message(self.line(points.index));
            return;
        }
        let every = self.most.map_or(100, |most| most / LINES_IN_ALL).max(1);
        if points.index / every != self.last_line / every || self.last_line == 0 {
            self.last_line = points.index;
            self.printer.note(&self.line(points.index));
        }
    }

    fn line(&self, step: u64) -> String {
        let most = self.most.map(|most| format!("/{most}")).unwrap_or_default();
        let value = |value: Option<f64>| value.map_or_else(|| "no number".to_owned(), |value| format!("{value:.6}"));
        let values = self.values.iter().map(|(name, metric)| format!("{name} {}", value(*metric)));
        format!("step {step}{most}  {}", values.collect::<Vec<_>>().join("  "))
    }

    fn tell(&self, change: &JobChange) {
        let text = match change {
            JobChange::WorkerLost { rank, step, failure } => {
                format!("worker {rank} was lost after step {step}: {} {}", failure.code, clean(&failure.message))
            }
            JobChange::GroupBegan { restarts, size, from_step, .. } if *restarts > 0 => format!(
                "a worker was lost; the job goes on from step {from_step} with {size} workers ({restarts} restarts)"
            ),
            JobChange::CheckpointRefused { failure, .. } => clean(&failure.message),
            JobChange::Interrupted => "the node stopped meanwhile; the job goes on from its last checkpoint".to_owned(),
            _ => return,
        };
        if self.bar.is_hidden() { self.printer.note(&text) } else { self.bar.println(text) }
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}
