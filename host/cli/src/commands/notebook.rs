//! `sandmill notebook`: run, list, stop.
//! Never a notebook's own pages: those are Jupyter's clients', or the console's.

mod list;
mod run;

use serde_json::json;

use crate::args::NotebookCommand;
use crate::printer::Printer;
use crate::settings::Settings;
use crate::trouble::Outcome;

/// Carries one of them out.
pub async fn notebook(command: NotebookCommand, settings: &Settings, printer: &Printer) -> Outcome {
    let client = settings.client()?;
    match command {
        NotebookCommand::Run(arguments) => run::run(&client, *arguments, printer).await,
        NotebookCommand::List => list::list(&client, printer).await,
        NotebookCommand::Stop { session } => {
            client.end_session(&session).await?;
            printer.either(&json!({ "session": session, "state": "ended" }), || session.clone())
        }
    }
}
