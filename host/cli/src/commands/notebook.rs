//! `sandmill notebook`: run, create, list, pause, resume, stop.
//! Never a notebook's own pages: those are Jupyter's clients', or the console's.

mod create;
mod list;
mod pause;
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
        NotebookCommand::Create(arguments) => create::create(&client, *arguments, printer).await,
        NotebookCommand::List => list::list(&client, printer).await,
        NotebookCommand::Pause { session } => pause::pause(&client, &session, printer).await,
        NotebookCommand::Resume { session } => {
            let resumed = client.resume_session(&session).await?;
            printer.either(&resumed, || resumed.id.clone())
        }
        NotebookCommand::Stop { session } => {
            client.end_session(&session).await?;
            printer.either(&json!({ "session": session, "state": "ended" }), || session.clone())
        }
    }
}
