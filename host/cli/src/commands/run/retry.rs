//! `sandmill run retry`: tries again what did not succeed.
//! Never starts another run; the history of this one goes on.

use host_client::Client;
use serde_json::json;

use super::watch::watch;
use crate::printer::Printer;
use crate::trouble::Outcome;

/// Asks, and with `watching` stays until the run has ended.
pub async fn retry(client: &Client, run: &str, watching: bool, printer: &Printer) -> Outcome {
    client.retry(run).await?;
    if watching {
        return watch(client, run, printer).await;
    }
    printer.note(&format!("`sandmill run watch {run}` shows its progress"));
    printer.either(&json!({ "run": run, "state": "running" }), || run.to_owned())
}
