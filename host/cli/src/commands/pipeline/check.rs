//! `sandmill pipeline check`: what a document means, or everything that is wrong with it.
//! Never starts anything.

use std::path::Path;

use host_api::pipeline::{CheckedPipeline, CheckedStep};

use crate::document::Document;
use crate::format::short_digest;
use crate::printer::Printer;
use crate::settings::Settings;
use crate::table::{Table, cell};
use crate::trouble::Outcome;

/// Checks, and prints the steps.
pub async fn check(file: &Path, settings: &Settings, printer: &Printer) -> Outcome {
    let document = Document::read(file)?;
    let checked = settings.client()?.check(document.text).await?;
    printer.note(&format!("{}: {} steps, nothing wrong", checked.pipeline, checked.steps.len()));
    for ignored in &checked.ignored {
        printer.note(&format!("ignored: {ignored}"));
    }
    printer.either(&checked, || table(&checked).render(printer.colours))
}

fn table(checked: &CheckedPipeline) -> Table {
    let mut table = Table::new(&["STEP", "COMPONENT", "DIGEST", "CALLS", "NEEDS", "CACHED"]);
    for step in &checked.steps {
        table.row(vec![
            cell(&step.name),
            cell(&step.component),
            cell(short_digest(&step.digest)),
            cell(calls(step)),
            cell(if step.needs.is_empty() { "-".to_owned() } else { step.needs.join(", ") }),
            cell(if step.cache { "yes" } else { "no" }),
        ]);
    }
    table
}

fn calls(step: &CheckedStep) -> String {
    step.function.as_ref().map_or_else(|| "command".to_owned(), |function| function.name.clone())
}
