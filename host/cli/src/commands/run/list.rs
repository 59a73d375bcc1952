//! `sandmill run list`: runs, newest first.
//! Never reads more than one page.

use host_api::run::{Run, RunPage, RunQuery};
use host_base::{Clock, SystemClock};
use host_client::Client;

use crate::format;
use crate::printer::Printer;
use crate::table::{Table, cell, number, status_style};
use crate::trouble::Outcome;

/// Prints a page.
pub async fn list(client: &Client, query: &RunQuery, printer: &Printer) -> Outcome {
    let runs = client.runs(query).await?;
    printer.either(&runs, || table(&runs, SystemClock.now_millis()).render(printer.colours))?;
    if let (Some(next), false) = (&runs.next, printer.json) {
        printer.note(&format!("more with --page {next}"));
    }
    Ok(())
}

fn table(page: &RunPage, now_millis: u64) -> Table {
    let mut table = Table::new(&["RUN", "PIPELINE", "STATUS", "STEPS", "AGE", "TOOK"]);
    for run in &page.items {
        table.row(vec![
            cell(&run.id),
            cell(&run.pipeline),
            cell(&run.status).styled(status_style(&run.status)),
            number(format!("{}/{}", run.steps_finished, run.steps_total)),
            number(format::age(now_millis.saturating_sub(run.submitted_at_millis))),
            number(took(run).map_or_else(|| "-".to_owned(), format::span)),
        ]);
    }
    table
}

/// From submission to end.
pub fn took(run: &Run) -> Option<u64> {
    run.finished_at_millis.map(|finished| finished.saturating_sub(run.submitted_at_millis))
}
