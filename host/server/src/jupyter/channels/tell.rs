//! What a kernel says, as messages to one client.
//! Never tells a question to anybody but who asked for the cell.

use host_executor::{ErrorReport, Heard, HeardFrom, Said, TextStream, data_of, metadata_of};
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;

use super::answer::Client;
use super::{Hearing, Message};
use crate::notebook::reason;

/// Passes on what is heard until the kernel is over. A client that is too slow is cut off: it would not know what it
/// has missed.
pub(super) async fn tell((missed, mut hearing): (Vec<Heard>, Hearing), client: Client, out: mpsc::Sender<Message>) {
    for heard in missed {
        if !pass_on(heard, &client, &out).await {
            return;
        }
    }
    loop {
        match hearing.recv().await {
            Ok(heard) => {
                if !pass_on(heard, &client, &out).await {
                    return;
                }
            }
            Err(RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "a client does not keep up with its kernel and is cut off");
                return;
            }
            Err(RecvError::Closed) => return,
        }
    }
}

/// Whether there is more to come after it.
async fn pass_on(Heard { asked, what }: Heard, client: &Client, out: &mpsc::Sender<Message>) -> bool {
    let parent = asked.as_ref().map_or_else(|| json!({}), |asked| asked["header"].clone());
    let is_own = asked.is_some_and(|asked| client.has_asked(&asked));
    let is_over = matches!(what, HeardFrom::Ended);
    for message in messages(client, &parent, is_own, what) {
        if out.send(message).await.is_err() {
            return false;
        }
    }
    !is_over
}

fn messages(client: &Client, parent: &Value, is_own: bool, what: HeardFrom) -> Vec<Message> {
    let status = |state: &str| client.message("iopub", "status", parent, json!({ "execution_state": state }));
    let iopub = |kind: &str, content: Value| vec![client.message("iopub", kind, parent, content)];
    match what {
        HeardFrom::Busy => vec![status("busy")],
        HeardFrom::Idle => vec![status("idle")],
        HeardFrom::Ended => vec![status("dead")],
        HeardFrom::Died(failure) => {
            let text = format!("{}\n", reason(&failure));
            let told = client.message("iopub", "stream", parent, json!({ "name": "stderr", "text": text }));
            vec![told, status("dead")]
        }
        HeardFrom::Restarted(None) => vec![status("starting"), status("idle")],
        HeardFrom::Restarted(Some(_)) => vec![status("restarting"), status("starting"), status("idle")],
        HeardFrom::CellBegan { code, number } => {
            iopub("execute_input", json!({ "code": code, "execution_count": number }))
        }
        HeardFrom::CellFailed(ErrorReport { name, message, traceback }) => {
            iopub("error", json!({ "ename": name, "evalue": message, "traceback": traceback }))
        }
        HeardFrom::Question { prompt, secret } if is_own => {
            vec![client.message("stdin", "input_request", parent, json!({ "prompt": prompt, "password": secret }))]
        }
        HeardFrom::Question { .. } => Vec::new(),
        HeardFrom::Said { said, number } => {
            let (kind, content) = said_content(said, number);
            iopub(kind, content)
        }
    }
}

fn said_content(said: Said, number: u32) -> (&'static str, Value) {
    match said {
        Said::Text { stream, text } => {
            let name = match stream {
                TextStream::Stdout => "stdout",
                TextStream::Stderr => "stderr",
            };
            ("stream", json!({ "name": name, "text": text }))
        }
        Said::Cleared { wait } => ("clear_output", json!({ "wait": wait })),
        Said::Value(bundle) => {
            let content =
                json!({ "execution_count": number, "data": data_of(&bundle), "metadata": metadata_of(&bundle) });
            ("execute_result", content)
        }
        Said::Shown { bundle, id, update } => {
            let transient = id.map_or_else(|| json!({}), |id| json!({ "display_id": id }));
            let kind = if update { "update_display_data" } else { "display_data" };
            (kind, json!({ "data": data_of(&bundle), "metadata": metadata_of(&bundle), "transient": transient }))
        }
    }
}
