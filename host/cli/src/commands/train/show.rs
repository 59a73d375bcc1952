//! `sandmill train show`: a job, its workers, checkpoints and last metrics.
//! Never hides a problem behind a width.

use std::collections::BTreeMap;

use host_api::metric::{MetricPoint, MetricQuery};
use host_api::train_job::TrainJobDetail;
use host_client::Client;
use serde::Serialize;

use super::list::took;
use crate::format::{self, short_digest};
use crate::printer::{Printer, Style, clean, problem_text};
use crate::table::{Table, cell, number, status_style};
use crate::trouble::Outcome;

/// The last value of each series, by worker and name.
type Last = BTreeMap<(String, String), MetricPoint>;

/// A job and the last point of each of its series, for programs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    #[serde(flatten)]
    detail: &'a TrainJobDetail,
    last_metrics: Vec<&'a MetricPoint>,
}

/// Prints the job.
pub async fn show(client: &Client, job: &str, printer: &Printer) -> Outcome {
    let detail = client.train_job(job).await?;
    let mut last = Last::new();
    let mut query = MetricQuery::default();
    loop {
        let points = client.train_job_metrics(job, &query).await?;
        take(&mut last, points.items);
        query.after = points.next;
        if query.after.is_none() {
            break;
        }
    }
    print(&detail, &last, printer)
}

/// Keeps the newest point of each series.
fn take(last: &mut Last, points: Vec<MetricPoint>) {
    for point in points {
        last.insert((point.step.clone(), point.name.clone()), point);
    }
}

fn print(detail: &TrainJobDetail, last: &Last, printer: &Printer) -> Outcome {
    printer.either(&Shown { detail, last_metrics: last.values().collect() }, || text(detail, last, printer.colours))
}

fn text(detail: &TrainJobDetail, last: &Last, colours: bool) -> String {
    let job = &detail.job;
    let mut lines = vec![format!("job        {}", job.id), format!("name       {}", clean(&job.name))];
    let took = took(job).map(|millis| format!(", took {}", format::span(millis))).unwrap_or_default();
    let status = status_style(&job.status).paint(&job.status, colours);
    lines.push(format!("status     {status}{took}"));
    let most = detail.steps_max.map(|most| format!(" of at most {most}")).unwrap_or_default();
    let reason = detail.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    lines.push(format!("steps      {}{most}{reason}", detail.step));
    lines.push(format!("component  {}", clean(&detail.component)));
    lines.push(format!(
        "group      {} of {} workers, generation {}, {} restarts",
        detail.size, job.workers, detail.generation, detail.restarts
    ));
    let value = |value: Option<f64>| value.map_or_else(|| "no number".to_owned(), |value| format!("{value:.6}"));
    for (name, measured) in &detail.evaluation {
        lines.push(format!("evaluation {} = {}", clean(name), value(*measured)));
    }
    if let Some(model) = &detail.model {
        lines.push(format!("model      {} ({})", model.digest, format::bytes(model.size_bytes)));
    }
    let mut text = lines.join("\n");
    let mut workers = Table::new(&["WORKER", "STATUS", "GENERATION", "LAST METRICS"]);
    for worker in &detail.worker_states {
        let own = last.iter().filter(|((series, _), _)| *series == worker.name);
        let metrics: Vec<String> = own
            .map(|((_, name), point)| format!("{} = {} @{}", clean(name), value(point.value), point.index))
            .collect();
        workers.row(vec![
            cell(&worker.name),
            cell(&worker.status).styled(status_style(&worker.status)),
            number(worker.attempts.to_string()),
            cell(metrics.join(", ")),
        ]);
    }
    text += "\n\n";
    text += &workers.render(colours);
    if !detail.checkpoints.is_empty() {
        let mut table = Table::new(&["CHECKPOINT AT", "SIZE", "DIGEST"]);
        for checkpoint in &detail.checkpoints {
            table.row(vec![
                number(checkpoint.step.to_string()),
                number(format::bytes(checkpoint.size_bytes)),
                cell(short_digest(&checkpoint.digest)),
            ]);
        }
        text += &format!("\n\n{}", table.render(colours));
    }
    let lost = detail.worker_states.iter().filter_map(|worker| Some((worker, worker.failure.as_ref()?)));
    for (worker, failure) in lost {
        text += &format!("\n\n{}\n{}", Style::Bold.paint(&worker.name, colours), problem_text(failure, "  ", colours));
    }
    if let Some(failure) = &job.failure {
        text += &format!("\n\n{}", problem_text(failure, "", colours));
    }
    text
}
