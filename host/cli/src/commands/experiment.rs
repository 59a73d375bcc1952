//! `sandmill experiment`: create, list, compare.
//! Never keeps an experiment's state; every answer is asked for anew.

mod compare;
mod create;
mod list;

use crate::args::ExperimentCommand;
use crate::printer::Printer;
use crate::run_id;
use crate::settings::Settings;
use crate::trouble::Outcome;

/// Carries one of them out.
pub async fn experiment(command: ExperimentCommand, settings: &Settings, printer: &Printer) -> Outcome {
    let client = settings.client()?;
    match command {
        ExperimentCommand::Create { name, description } => create::create(&client, name, description, printer).await,
        ExperimentCommand::List => list::list(&client, printer).await,
        ExperimentCommand::Compare { runs } => {
            let mut ids = Vec::with_capacity(runs.len());
            for run in &runs {
                ids.push(run_id::resolve(&client, run).await?);
            }
            compare::compare(&client, &ids, printer).await
        }
    }
}
