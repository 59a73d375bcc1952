//! `sandmill pipeline`: check, run.
//! Never compiles a document; the server does.

mod check;
mod parameters;
mod run;

use crate::args::PipelineCommand;
use crate::printer::Printer;
use crate::settings::Settings;
use crate::trouble::Outcome;

/// Carries one of them out.
pub async fn pipeline(command: PipelineCommand, settings: &Settings, printer: &Printer) -> Outcome {
    match command {
        PipelineCommand::Check { file } => check::check(&file, settings, printer).await,
        PipelineCommand::Run { file, parameters, watch } => {
            run::run(&file, &parameters, watch, settings, printer).await
        }
    }
}
