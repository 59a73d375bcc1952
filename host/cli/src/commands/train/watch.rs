//! `sandmill train watch`, and what `--watch` does elsewhere: a job's loss as it is trained, then how it ended.
//! Never ends the job with the watching.

use std::collections::BTreeMap;
use std::time::Duration;

use host_api::metric::{MetricPoint, MetricQuery};
use host_client::Client;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::list::took;
use crate::format;
use crate::printer::{Printer, clean, problem_text};
use crate::table::status_style;
use crate::trouble::{Exit, Outcome, Trouble};

/// How often the server is asked.
const ASK_MILLIS: u64 = 200;
/// Where nothing moves, so many steps pass between two lines.
const LINES_IN_ALL: u64 = 20;
/// Statuses in which nothing happens any more by itself.
const RESTING: [&str; 4] = ["succeeded", "failed", "cancelled", "suspended"];

/// Shows the loss until the job has ended, or waits. A job that did not succeed is a failure of the command.
pub async fn watch(client: &Client, job: &str, printer: &Printer) -> Outcome {
    let status = tokio::select! {
        status = follow(client, job, printer) => status?,
        // Where signals cannot be listened for, Ctrl-C ends the program at once, as anywhere.
        Ok(()) = tokio::signal::ctrl_c() => {
            printer.note(&format!(
                "the job goes on; watch it again with `sandmill train watch {job}`, stop it with `sandmill train stop {job}`"
            ));
            return Err(Trouble::silent(Exit::Interrupted));
        }
    };
    let detail = client.train_job(job).await?;
    if printer.json {
        printer.object(&detail)?;
    } else {
        if let Some(failure) = &detail.job.failure {
            printer.note(&problem_text(failure, "", printer.talk_colours));
        }
        let took = took(&detail.job).map(|millis| format!(" in {}", format::span(millis))).unwrap_or_default();
        let told = status_style(&status).paint(&status, printer.talk_colours);
        printer.note(&format!("{told}{took} after {} steps; `sandmill train show {job}` tells more", detail.step));
        printer.data(job)?;
    }
    match status.as_str() {
        "succeeded" | "suspended" => Ok(()),
        _ => Err(Trouble::silent(Exit::Failed)),
    }
}

/// Shows points as they come. Returns the status that the job came to rest in.
async fn follow(client: &Client, job: &str, printer: &Printer) -> Outcome<String> {
    let mut live = Live::new(printer);
    let mut query = MetricQuery::default();
    live.most = client.train_job(job).await?.steps_max;
    loop {
        // The status first: what was reported before it was read is then among the points.
        let detail = client.train_job(job).await?;
        loop {
            let points = client.train_job_metrics(job, &query).await?;
            query.after = points.items.last().map(|point| point.sequence).or(query.after);
            live.take(&points.items);
            if points.next.is_none() {
                break;
            }
        }
        live.told_restarts(detail.restarts);
        if RESTING.contains(&detail.job.status.as_str()) {
            live.end();
            return Ok(detail.job.status);
        }
        tokio::time::sleep(Duration::from_millis(ASK_MILLIS)).await;
    }
}

/// What is shown of one job: a line that moves on a terminal, a few lines elsewhere.
struct Live<'a> {
    printer: &'a Printer,
    bar: ProgressBar,
    most: Option<u64>,
    restarts: u32,
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
        bar.enable_steady_tick(Duration::from_millis(ASK_MILLIS));
        Self { printer, bar, most: None, restarts: 0, last_line: 0, values: BTreeMap::new() }
    }

    fn take(&mut self, points: &[MetricPoint]) {
        for point in points {
            match point.step.as_str() {
                "worker-0" => self.values.insert(clean(&point.name), point.value),
                "evaluation" => self.values.insert(format!("evaluation {}", clean(&point.name)), point.value),
                _ => continue,
            };
            let every = self.most.map_or(100, |most| most / LINES_IN_ALL).max(1);
            if self.bar.is_hidden() && (point.index / every != self.last_line / every || self.last_line == 0) {
                self.last_line = point.index;
                self.printer.note(&self.line(point.index));
            }
        }
        if let (Some(point), false) = (points.last(), self.bar.is_hidden()) {
            self.bar.set_message(self.line(point.index));
        }
    }

    fn line(&self, step: u64) -> String {
        let most = self.most.map(|most| format!("/{most}")).unwrap_or_default();
        let value = |value: Option<f64>| value.map_or_else(|| "no number".to_owned(), |value| format!("{value:.6}"));
        let values = self.values.iter().map(|(name, metric)| format!("{name} {}", value(*metric)));
        format!("step {step}{most}  {}", values.collect::<Vec<_>>().join("  "))
    }

    fn told_restarts(&mut self, restarts: u32) {
        if restarts > self.restarts {
            let text = format!("a worker was lost; the job goes on from its last checkpoint ({restarts} restarts)");
            if self.bar.is_hidden() { self.printer.note(&text) } else { self.bar.println(text) }
        }
        self.restarts = restarts;
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}
