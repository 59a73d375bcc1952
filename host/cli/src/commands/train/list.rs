//! `sandmill train list`: training jobs, newest first.
//! Never reads more than one page.

use clap::ValueEnum;
use host_api::train_job::{TrainJob, TrainJobPage, TrainJobQuery};
use host_base::{Clock, SystemClock};
use host_client::Client;

use crate::args::{JobStatus, PageArguments};
use crate::format;
use crate::printer::Printer;
use crate::table::{Table, cell, number, status_style};
use crate::trouble::Outcome;

/// Prints a page.
pub async fn list(
    client: &Client,
    name: Option<String>,
    status: Option<JobStatus>,
    page: PageArguments,
    printer: &Printer,
) -> Outcome {
    let status = status.and_then(|status| status.to_possible_value()).map(|value| value.get_name().to_owned());
    let query = TrainJobQuery { name, status, page: page.page, limit: Some(usize::from(page.limit)) };
    let jobs = client.train_jobs(&query).await?;
    printer.either(&jobs, || table(&jobs, SystemClock.now_millis()).render(printer.colours))?;
    if let (Some(next), false) = (&jobs.next, printer.json) {
        printer.note(&format!("more with --page {next}"));
    }
    Ok(())
}

fn table(page: &TrainJobPage, now_millis: u64) -> Table {
    let mut table = Table::new(&["JOB", "NAME", "STATUS", "WORKERS", "AGE", "TOOK"]);
    for job in &page.items {
        table.row(vec![
            cell(&job.id),
            cell(&job.name),
            cell(&job.status).styled(status_style(&job.status)),
            number(job.workers.to_string()),
            number(format::age(now_millis.saturating_sub(job.submitted_at_millis))),
            number(took(job).map_or_else(|| "-".to_owned(), format::span)),
        ]);
    }
    table
}

/// From submission to end.
pub fn took(job: &TrainJob) -> Option<u64> {
    job.finished_at_millis.map(|finished| finished.saturating_sub(job.submitted_at_millis))
}
