//! `sandmill pipeline`: check, run.
//! Never compiles a document; the server does.

mod check;
pub mod parameters;
mod run;

use crate::args::PipelineCommand;
use crate::printer::Printer;
use crate::settings::Settings;
use crate::trouble::Outcome;

/// Carries one of them out.
pub async fn pipeline(command: PipelineCommand, settings: &Settings, printer: &Printer) -> Outcome {
    match command {
        PipelineCommand::Check { file } => check::check(&file, settings, printer).await,
        PipelineCommand::Run(arguments) => run::run(arguments, settings, printer).await,
    }
}
