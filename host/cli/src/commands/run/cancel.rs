//! `sandmill run cancel`: asks a run to end.
//! Never waits until it has.

use host_client::Client;
use serde_json::json;

use crate::printer::Printer;
use crate::trouble::Outcome;

/// Asks, and prints the run.
pub async fn cancel(client: &Client, run: &str, printer: &Printer) -> Outcome {
    client.cancel(run).await?;
    printer.note("its attempts are being stopped; what succeeded stays");
    printer.either(&json!({ "run": run, "state": "cancelling" }), || run.to_owned())
}
