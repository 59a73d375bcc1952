//! A notebook run from its first cell to its last, in a session of its own.
//! Never stops half-way without the notebook: what was run before an error comes back with it.

use std::collections::BTreeMap;
use std::sync::Arc;

use host_base::Failure;
use host_cap_kernel::{Bundle, ErrorReport, Said, TextStream};
use host_notebook::{Notebook, Output};
use serde_json::{Map, Value, json};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::TryRecvError;

use super::{Cell, Heard, HeardFrom, NewSession, SessionHandle};
use crate::Executor;

/// A notebook that was run.
#[derive(Clone, Debug)]
pub struct RanNotebook {
    /// With what its cells gave.
    pub notebook: Value,
    /// Cells that were run.
    pub cells_run: u32,
    /// The place of the cell that broke off, counted from 1, and why.
    pub error: Option<(u32, ErrorReport)>,
}

impl Executor {
    /// Runs a notebook in a session of its own.
    ///
    /// # Errors
    /// When it is no notebook, its parameters cannot be set, or the session cannot begin.
    pub async fn run_notebook(
        &self,
        document: Value,
        parameters: &BTreeMap<String, Value>,
        new: NewSession,
    ) -> Result<RanNotebook, Failure> {
        let notebook = Notebook::new(document)?;
        let session = self.open_session(new).await?;
        let ran = run(&session, notebook, parameters).await;
        // It is over in any case; somebody may have ended it already.
        self.close_session(session.id()).await.ok();
        ran
    }
}

async fn run(
    session: &SessionHandle,
    mut notebook: Notebook,
    parameters: &BTreeMap<String, Value>,
) -> Result<RanNotebook, Failure> {
    let about = session.description().await?;
    notebook.clear();
    notebook.set_parameters(&about.language, parameters)?;
    notebook.set_language(session.kernel(), &about.language, &about.version, &about.file_extension);
    let (mut cells_run, mut error) = (0, None);
    for (at, code) in notebook.code() {
        let mut hearing = session.listen();
        let cell = Cell { code, silent: false, counts: true, may_ask: false };
        let Some(reply) = session.execute(Arc::new(json!({})), cell).await else { break };
        cells_run += 1;
        notebook.set_outputs(at, outputs(&mut hearing), reply.number);
        if let Err(report) = reply.outcome {
            error = Some((u32::try_from(at + 1).unwrap_or(u32::MAX), report));
            break;
        }
    }
    Ok(RanNotebook { notebook: notebook.into_document(), cells_run, error })
}

/// What was heard of the cell that just ended.
fn outputs(hearing: &mut broadcast::Receiver<Heard>) -> Vec<Output> {
    let mut outputs = Vec::new();
    let mut clears = false;
    loop {
        match hearing.try_recv() {
            Ok(Heard { what: HeardFrom::Said { said: Said::Cleared { wait }, .. }, .. }) => {
                clears = wait;
                if !wait {
                    outputs.clear();
                }
            }
            Ok(Heard { what, .. }) => {
                let Some(output) = output(what) else { continue };
                if std::mem::take(&mut clears) {
                    outputs.clear();
                }
                add(&mut outputs, output);
            }
            // A cell that said more than could wait: what is left is the newest of it.
            Err(TryRecvError::Lagged(_)) => {}
            Err(TryRecvError::Empty | TryRecvError::Closed) => return outputs,
        }
    }
}

/// Text that follows text of the same stream belongs to it.
fn add(outputs: &mut Vec<Output>, output: Output) {
    if let Some(last) = outputs.last_mut()
        && output["output_type"] == "stream"
        && last["output_type"] == "stream"
        && last["name"] == output["name"]
        && let (Some(whole), Some(text)) = (last["text"].as_str(), output["text"].as_str())
    {
        last["text"] = Value::String(format!("{whole}{text}"));
        return;
    }
    outputs.push(output);
}

fn output(heard: HeardFrom) -> Option<Output> {
    match heard {
        HeardFrom::Said { said: Said::Text { stream, text }, .. } => {
            let name = match stream {
                TextStream::Stdout => "stdout",
                TextStream::Stderr => "stderr",
            };
            Some(json!({ "output_type": "stream", "name": name, "text": text }))
        }
        HeardFrom::Said { said: Said::Shown { bundle, .. }, .. } => {
            Some(json!({ "output_type": "display_data", "data": data_of(&bundle), "metadata": metadata_of(&bundle) }))
        }
        HeardFrom::Said { said: Said::Value(bundle), number } => Some(json!({
            "output_type": "execute_result", "execution_count": number,
            "data": data_of(&bundle), "metadata": metadata_of(&bundle),
        })),
        HeardFrom::CellFailed(ErrorReport { name, message, traceback }) => {
            Some(json!({ "output_type": "error", "ename": name, "evalue": message, "traceback": traceback }))
        }
        _ => None,
    }
}

/// A bundle as notebooks have it: contents by media type, JSON as JSON.
#[must_use]
pub fn data_of(bundle: &Bundle) -> Value {
    let content = |(kind, content): &(String, String)| {
        let is_json = kind == "application/json" || kind.ends_with("+json");
        let parsed = is_json.then(|| serde_json::from_str(content).ok()).flatten();
        (kind.clone(), parsed.unwrap_or_else(|| Value::String(content.clone())))
    };
    Value::Object(bundle.representations.iter().map(content).collect::<Map<_, _>>())
}

/// What is said about a bundle; an object in any case.
#[must_use]
pub fn metadata_of(bundle: &Bundle) -> Value {
    let parsed = bundle.metadata.as_ref().and_then(|text| serde_json::from_str(text).ok());
    parsed.filter(Value::is_object).unwrap_or_else(|| json!({}))
}
