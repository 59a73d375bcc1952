//! `sandmill schedule show`: a schedule, and why its last firing made no run where one did not.
//! Never hides a problem.

use host_api::schedule::ScheduleQuery;
use host_client::Client;

use super::list::{next, state, when};
use crate::format;
use crate::printer::{Printer, clean, problem_text};
use crate::trouble::Outcome;

/// Prints it.
pub async fn show(client: &Client, schedule: &str, printer: &Printer) -> Outcome {
    let shown = client.schedule(schedule, &ScheduleQuery::default()).await?;
    printer.either(&shown, || {
        let mut lines = vec![
            format!("schedule   {}", shown.id),
            format!("name       {}", clean(&shown.name)),
            format!("state      {}", state(&shown)),
            format!("when       {}", clean(&when(&shown.timing))),
            format!("catch up   {}", if shown.timing.catch_up { "yes" } else { "no" }),
            format!("at once    {}", shown.timing.runs_at_once_max.unwrap_or(1)),
            format!("made       {}", format::moment(shown.created_at_millis)),
            format!("next       {}", next(&shown)),
        ];
        lines.extend(shown.problems.iter().map(|problem| problem_text(problem, "", printer.colours)));
        lines.join("\n")
    })
}
