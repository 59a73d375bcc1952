//! `sandmill experiment create`: a name that runs are put under.
//! Never makes one twice.

use host_api::experiment::CreateExperiment;
use host_client::Client;

use crate::printer::Printer;
use crate::trouble::Outcome;

/// Makes it, and prints its id.
pub async fn create(client: &Client, name: String, description: Option<String>, printer: &Printer) -> Outcome {
    let made = client.create_experiment(&CreateExperiment { name, description }).await?;
    printer.either(&made, || made.id.clone())
}
