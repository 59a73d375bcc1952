//! Notebooks in Jupyter's form, nbformat 4: checked, given parameters, and filled with what their cells gave.
//! Never drops what it does not know: keys of other programs stay where they are.

use std::collections::BTreeMap;

use host_base::{Code, Failure};
use serde_json::{Map, Value, json};

/// The tag of the cell that holds a notebook's parameters.
const PARAMETERS: &str = "parameters";
/// The tag of the cell that sets them for one run.
const INJECTED: &str = "injected-parameters";
const FORMAT: u64 = 4;
/// From this minor format on, cells have ids.
const FORMAT_MINOR_WITH_IDS: u64 = 5;
const CELLS_MAX: usize = 10_000;

/// A notebook.
#[derive(Clone, Debug, PartialEq)]
pub struct Notebook(Value);

/// What a cell gave, in the form in which notebooks keep it.
pub type Output = Value;

impl Notebook {
    /// Takes a notebook, if it is one.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn new(mut document: Value) -> Result<Self, Failure> {
        let format = document["nbformat"].as_u64();
        if format != Some(FORMAT) {
            let found = format.map_or("none".to_owned(), |format| format.to_string());
            return Err(refuse(&format!("its format (`nbformat`) is {found}; notebooks of format {FORMAT} are read"))
                .with_hint("open and save it with a current Jupyter"));
        }
        let has_ids = document["nbformat_minor"].as_u64().is_some_and(|minor| minor >= FORMAT_MINOR_WITH_IDS);
        let Some(cells) = document["cells"].as_array_mut() else { return Err(refuse("it has no list of cells")) };
        if cells.len() > CELLS_MAX {
            let count = cells.len();
            return Err(refuse(&format!("it has {count} cells; at most {CELLS_MAX} are run")));
        }
        for (at, cell) in cells.iter_mut().enumerate() {
            check_cell(cell).map_err(|problem| refuse(&format!("cell {}: {problem}", at + 1)))?;
            if has_ids && cell["id"].as_str().is_none() {
                cell["id"] = json!(format!("cell-{at}"));
            }
        }
        Ok(Self(document))
    }

    /// The places of its code cells, and their sources.
    #[must_use]
    pub fn code(&self) -> Vec<(usize, String)> {
        let cells = self.cells().iter().enumerate();
        cells.filter(|(_, cell)| cell["cell_type"] == "code").map(|(at, cell)| (at, source(cell))).collect()
    }

    /// Adds a cell that sets parameters: behind the one that is tagged for them, else before all others.
    ///
    /// # Errors
    /// When the language is not one whose values can be written, or a name is no name in it.
    pub fn set_parameters(&mut self, language: &str, parameters: &BTreeMap<String, Value>) -> Result<(), Failure> {
        if parameters.is_empty() {
            return Ok(());
        }
        if language != "python" {
            let message = format!("parameters can be set in Python, and this kernel speaks {language}");
            return Err(Failure::new(Code::InvalidParameter, message).with_hint("read them in the notebook itself"));
        }
        let lines = parameters.iter().map(|(name, value)| Ok(format!("{} = {}", python_name(name)?, python(value))));
        let text = lines.collect::<Result<Vec<_>, Failure>>()?.join("\n");
        let cells = self.cells_mut();
        cells.retain(|cell| !has_tag(cell, INJECTED));
        let place = cells.iter().position(|cell| has_tag(cell, PARAMETERS)).map_or(0, |at| at + 1);
        let cell = json!({
            "cell_type": "code", "id": INJECTED, "metadata": { "tags": [INJECTED] }, "source": text,
            "outputs": [], "execution_count": null,
        });
        cells.insert(place, cell);
        Ok(())
    }

    /// Forgets what cells gave at an earlier time.
    pub fn clear(&mut self) {
        for cell in self.cells_mut().iter_mut().filter(|cell| cell["cell_type"] == "code") {
            cell["outputs"] = json!([]);
            cell["execution_count"] = Value::Null;
        }
    }

    /// What a cell gave, and its number.
    pub fn set_outputs(&mut self, at: usize, outputs: Vec<Output>, number: u32) {
        if let Some(cell) = self.cells_mut().get_mut(at) {
            cell["outputs"] = Value::Array(outputs);
            cell["execution_count"] = json!(number);
        }
    }

    /// Says which kernel ran it.
    pub fn set_language(&mut self, kernel: &str, language: &str, version: &str, file_extension: &str) {
        let metadata = &mut self.0["metadata"];
        if !metadata.is_object() {
            *metadata = Value::Object(Map::new());
        }
        metadata["language_info"] = json!({ "name": language, "version": version, "file_extension": file_extension });
        if metadata["kernelspec"].is_null() {
            metadata["kernelspec"] = json!({ "name": kernel, "display_name": kernel, "language": language });
        }
    }

    /// The document.
    #[must_use]
    pub fn into_document(self) -> Value {
        self.0
    }

    fn cells(&self) -> &[Value] {
        self.0["cells"].as_array().map_or(&[], Vec::as_slice)
    }

    fn cells_mut(&mut self) -> &mut Vec<Value> {
        match &mut self.0["cells"] {
            Value::Array(cells) => cells,
            _ => unreachable!("a notebook was checked to have cells"),
        }
    }
}

fn check_cell(cell: &Value) -> Result<(), String> {
    let kind = cell["cell_type"].as_str().unwrap_or_default();
    if !["code", "markdown", "raw"].contains(&kind) {
        return Err(format!("its type is `{kind}`; cells are code, markdown or raw"));
    }
    let is_text = |value: &Value| value.is_string();
    match &cell["source"] {
        Value::String(_) => Ok(()),
        Value::Array(lines) if lines.iter().all(is_text) => Ok(()),
        _ => Err("its source is neither text nor lines of text".to_owned()),
    }
}

fn source(cell: &Value) -> String {
    match &cell["source"] {
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        text => text.as_str().unwrap_or_default().to_owned(),
    }
}

fn has_tag(cell: &Value, tag: &str) -> bool {
    cell["metadata"]["tags"].as_array().is_some_and(|tags| tags.iter().any(|found| found == tag))
}

fn python_name(name: &str) -> Result<&str, Failure> {
    let mut characters = name.chars();
    let begins = characters.next().is_some_and(|first| first.is_alphabetic() || first == '_');
    if begins && characters.all(|character| character.is_alphanumeric() || character == '_') {
        return Ok(name);
    }
    Err(Failure::new(Code::InvalidParameter, format!("`{name}` is no name of a variable"))
        .with_hint("use letters, digits and `_`"))
}

/// A value as Python writes it.
fn python(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        // JSON's escapes are Python's, too.
        Value::String(_) => value.to_string(),
        Value::Array(items) => format!("[{}]", items.iter().map(python).collect::<Vec<_>>().join(", ")),
        Value::Object(entries) => {
            let entry = |(key, value): (&String, &Value)| format!("{}: {}", Value::from(key.as_str()), python(value));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

fn refuse(problem: &str) -> Failure {
    Failure::new(Code::InvalidDocument, format!("the notebook cannot be run: {problem}"))
}

#[cfg(test)]
mod tests;
