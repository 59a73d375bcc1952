//! `sandmill schedule create`: a document, and when it is to be run.
//! Never says that a schedule was made before the server has said so.

use host_api::schedule::{CreateSchedule, Timing};
use host_client::Client;

use crate::args::ScheduleArguments;
use crate::commands::pipeline::parameters;
use crate::document::{Content, Document};
use crate::format;
use crate::printer::Printer;
use crate::trouble::Outcome;

/// Makes it, and prints its id.
pub async fn create(client: &Client, arguments: ScheduleArguments, printer: &Printer) -> Outcome {
    let Document { text, content } = Document::read(&arguments.file)?;
    let written = &arguments.parameters;
    let (parameters, pipeline) = match &content {
        Content::Pipeline(pipeline) => {
            (parameters::read(client, pipeline, written, printer).await?, &pipeline.metadata.name)
        }
        Content::Compiled(package) => {
            (parameters::compiled::read(package, written)?, &package.pipeline.pipeline_info.name)
        }
    };
    let timing = Timing {
        cron: arguments.cron,
        every_seconds: arguments.every,
        starts_at_millis: None,
        ends_at_millis: None,
        catch_up: arguments.catch_up,
        runs_at_once_max: Some(u32::from(arguments.at_once)),
        paused: arguments.paused,
    };
    let name = arguments.name.unwrap_or_else(|| pipeline.clone());
    let request = CreateSchedule { name, document: text, parameters, experiment: arguments.experiment, timing };
    let made = client.create_schedule(&request).await?;
    if let Some(next) = made.next_at_millis.first() {
        printer.note(&format!("fires next at {}", format::moment(*next)));
    }
    printer.either(&made, || made.id.clone())
}
