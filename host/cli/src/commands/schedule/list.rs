//! `sandmill schedule list`: all schedules, oldest first.
//! Never lists runs.

use host_api::schedule::{Schedule, Timing};
use host_client::Client;

use crate::format;
use crate::printer::Printer;
use crate::table::{Table, cell};
use crate::trouble::Outcome;

/// Prints them.
pub async fn list(client: &Client, printer: &Printer) -> Outcome {
    let all = client.schedules().await?;
    printer.either(&all, || {
        let mut table = Table::new(&["SCHEDULE", "NAME", "STATE", "WHEN", "NEXT"]);
        for item in &all.items {
            table.row(vec![
                cell(&item.id),
                cell(&item.name),
                cell(state(item)),
                cell(when(&item.timing)),
                cell(next(item)),
            ]);
        }
        table.render(printer.colours)
    })
}

/// How it is.
pub fn state(schedule: &Schedule) -> &'static str {
    match (schedule.timing.paused, schedule.next_at_millis.is_empty()) {
        (true, _) => "paused",
        (false, true) => "ended",
        (false, false) => "on",
    }
}

/// When it fires, as it was written.
pub fn when(timing: &Timing) -> String {
    match (&timing.cron, timing.every_seconds) {
        (Some(pattern), _) => pattern.clone(),
        (None, Some(seconds)) => format!("every {seconds} s"),
        (None, None) => "-".to_owned(),
    }
}

/// Its next firing.
pub fn next(schedule: &Schedule) -> String {
    schedule.next_at_millis.first().map_or_else(|| "-".to_owned(), |millis| format::moment(*millis))
}
