//! `sandmill artifact list`: artifacts, newest first.
//! Never reads more than one page.

use host_api::artifact::{ArtifactPage, ArtifactQuery};
use host_base::{Clock, SystemClock};
use host_client::Client;

use crate::args::PageArguments;
use crate::format;
use crate::printer::Printer;
use crate::table::{Table, cell, number};
use crate::trouble::Outcome;

/// Prints a page.
pub async fn list(client: &Client, run: Option<String>, page: PageArguments, printer: &Printer) -> Outcome {
    let query = ArtifactQuery { run, page: page.page, limit: Some(usize::from(page.limit)) };
    let artifacts = client.artifacts(&query).await?;
    printer.either(&artifacts, || table(&artifacts, SystemClock.now_millis()).render(printer.colours))?;
    if let (Some(next), false) = (&artifacts.next, printer.json) {
        printer.note(&format!("more with --page {next}"));
    }
    Ok(())
}

fn table(page: &ArtifactPage, now_millis: u64) -> Table {
    let mut table = Table::new(&["DIGEST", "KIND", "MEDIA TYPE", "SIZE", "MADE BY", "AGE"]);
    for item in &page.items {
        let maker = match (&item.step, &item.output) {
            (Some(step), Some(output)) => format!("{step}.{output}"),
            _ => "upload".to_owned(),
        };
        table.row(vec![
            cell(&item.artifact.digest),
            cell(item.artifact.kind.name()),
            cell(&item.artifact.media_type),
            number(format::bytes(item.artifact.size_bytes)),
            cell(maker),
            number(format::age(now_millis.saturating_sub(item.made_at_millis))),
        ]);
    }
    table
}
