//! `sandmill notebook run`: a notebook from its first cell to its last, without anybody before it.
//! Never overwrites the notebook that it runs, unless told to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use host_api::notebook::RunNotebook;
use host_client::Client;
use sdk_spec::notebook::Notebook;
use serde_json::{Value, json};

use crate::args::NotebookRunArguments;
use crate::document::read_notebook;
use crate::printer::Printer;
use crate::trouble::{Exit, Outcome, Trouble};

/// Runs it and writes down what it gave, also where a cell broke off.
pub async fn run(client: &Client, arguments: NotebookRunArguments, printer: &Printer) -> Outcome {
    let document = arguments.file.as_deref().map(|file| document(file, printer)).transpose()?.unwrap_or_default();
    let named = || {
        // As in any other document, a path is meant from where the document lies.
        let folder = arguments.file.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
        document.file.as_ref().map(|file| folder.join(file))
    };
    let path = &arguments.notebook.clone().or_else(named).ok_or_else(|| {
        Trouble::usage(
            "the document names no notebook",
            "write `notebook: FILE.ipynb` under its `spec`, or name the file on the command line",
        )
    })?;
    let text = std::fs::read_to_string(path).map_err(|error| Trouble::unreadable(path, &error))?;
    let notebook: Value = serde_json::from_str(&text).map_err(|error| {
        Trouble::usage(format!("{} is no notebook: {error}", path.display()), "name a file that Jupyter saved (.ipynb)")
    })?;
    let mut parameters = document.parameters;
    parameters.extend(arguments.param.iter().map(|text| parameter(text)).collect::<Outcome<BTreeMap<_, _>>>()?);
    let asked = RunNotebook {
        notebook,
        parameters,
        kernel: arguments.session.kernel.or(document.kernel),
        platform: arguments.session.platform.map(|access| access.name().to_owned()).or(document.platform),
        environment: document.environment,
        memory_bytes: document.memory.map(|memory| memory.0),
    };
    let ran = client.run_notebook(&asked).await?;
    let output = arguments.output.unwrap_or_else(|| beside(path));
    let mut text = serde_json::to_string_pretty(&ran.notebook).unwrap_or_default();
    text.push('\n');
    std::fs::write(&output, text).map_err(|error| Trouble::unwritable(&output, &error))?;
    let told = json!({ "output": output, "cellsRun": ran.cells_run, "error": ran.error });
    printer.either(&told, || format!("{} cells run, written to {}", ran.cells_run, output.display()))?;
    let Some(error) = ran.error else { return Ok(()) };
    if !printer.json {
        printer.note(&format!("cell {} broke off:\n{}", error.cell, error.traceback.join("\n")));
    }
    Err(Trouble::silent(Exit::Failed))
}

/// What a document says, with what of it changes nothing told.
fn document(file: &Path, printer: &Printer) -> Outcome<Notebook> {
    let (document, ignored) = read_notebook(file)?;
    for told in &ignored {
        printer.note(&format!("changes nothing here: {told}"));
    }
    if document.paused {
        printer.note("changes nothing here: that the session is to be paused; it ends with the notebook's last cell");
    }
    Ok(document)
}

/// `name=value`; the value is JSON where it is some, and text else.
fn parameter(text: &str) -> Outcome<(String, Value)> {
    let Some((name, value)) = text.split_once('=') else {
        return Err(Trouble::usage(format!("`{text}` sets no parameter"), "write --param NAME=VALUE"));
    };
    let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
    Ok((name.to_owned(), value))
}

fn beside(path: &Path) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}.executed.ipynb"))
}
