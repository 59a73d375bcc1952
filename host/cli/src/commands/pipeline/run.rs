//! `sandmill pipeline run`: a document and parameters become a run.
//! Never says that a run was accepted before the server has said so.

use host_api::run::SubmitRequest;
use serde_json::json;

use super::parameters;
use crate::args::SubmitArguments;
use crate::commands::run::watch::watch;
use crate::document::{Content, Document};
use crate::printer::Printer;
use crate::settings::Settings;
use crate::trouble::Outcome;

/// Submits, and with `--watch` stays until the run has ended.
pub async fn run(arguments: SubmitArguments, settings: &Settings, printer: &Printer) -> Outcome {
    let SubmitArguments { file, parameters: written, name, experiment, watch: watching } = arguments;
    let Document { text, content } = Document::read(&file)?;
    let client = settings.client()?;
    let parameters = match &content {
        Content::Pipeline(pipeline) => parameters::read(&client, pipeline, &written, printer).await?,
        Content::Compiled(package) => parameters::compiled::read(package, &written)?,
    };
    let submitted = client.submit(&SubmitRequest { document: text, parameters, name, experiment }).await?;
    let run = submitted.run;
    if watching {
        printer.note(&format!("run {run}"));
        return watch(&client, &run, printer).await;
    }
    printer.note(&format!("accepted; `sandmill run watch {run}` shows its progress"));
    printer.either(&json!({ "run": run, "state": "running" }), || run.clone())
}
