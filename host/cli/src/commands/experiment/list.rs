//! `sandmill experiment list`: all experiments, oldest first.
//! Never lists runs; `sandmill run list --experiment NAME` does.

use host_base::{Clock, SystemClock};
use host_client::Client;

use crate::format;
use crate::printer::Printer;
use crate::table::{Table, cell, number};
use crate::trouble::Outcome;

/// Prints them.
pub async fn list(client: &Client, printer: &Printer) -> Outcome {
    let all = client.experiments().await?;
    let now = SystemClock.now_millis();
    let age = |millis: u64| format::age(now.saturating_sub(millis));
    printer.either(&all, || {
        let mut table = Table::new(&["EXPERIMENT", "STATE", "AGE", "LAST RUN", "ID"]);
        for item in &all.items {
            table.row(vec![
                cell(&item.name),
                cell(if item.archived { "archived" } else { "available" }),
                number(age(item.created_at_millis)),
                number(item.last_run_at_millis.map_or_else(|| "-".to_owned(), age)),
                cell(&item.id),
            ]);
        }
        table.render(printer.colours)
    })
}
