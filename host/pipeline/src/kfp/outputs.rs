//! What an attempt left behind, as the step's outputs.
//! Never makes a value up: a declared parameter that was not written is a failure.

use std::collections::BTreeMap;

use host_base::{ArtifactRef, Code, Failure, Value};
use sdk_spec::kfp::ParameterType;
use serde::Deserialize;
use serde_json::Value as Json;

use super::artifact::{self, RuntimeArtifact};
use super::executor_input::{of_type, shown, words_for};
use super::layout::{DESCRIPTION, Promise, PromisedArtifact};
use crate::layout::Collected;

/// What a step may say of its outputs.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Description {
    parameter_values: BTreeMap<String, Json>,
    artifacts: BTreeMap<String, DescribedArtifacts>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DescribedArtifacts {
    artifacts: Vec<DescribedArtifact>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DescribedArtifact {
    uri: String,
    metadata: BTreeMap<String, Json>,
    #[serde(alias = "customPath")]
    custom_path: String,
}

/// A step's outputs. What it says of them wins over the files of single parameters.
///
/// # Errors
/// Where a declared parameter is missing or of another type, or the description cannot be read.
pub(crate) fn outputs(promise: &Promise, collected: &Collected) -> Result<BTreeMap<String, Value>, Failure> {
    let described: Description = match collected.texts.get(DESCRIPTION) {
        Some(text) => serde_json::from_str(text).map_err(|error| {
            let message = format!("task `{}` described its outputs in text that cannot be read: {error}", promise.task);
            Failure::new(Code::MissingOutput, message).with_hint("let the SDK write the executor output file")
        })?,
        None => Description::default(),
    };
    let mut outputs = BTreeMap::new();
    for (name, wanted) in &promise.parameters {
        let value = match described.parameter_values.get(name) {
            Some(json) => of_type(*wanted, json).ok_or_else(|| mistyped(&promise.task, name, *wanted, json))?,
            None => match collected.texts.get(&format!("parameter/{name}")) {
                Some(text) => read(&promise.task, name, *wanted, text)?,
                None => return Err(missing(&promise.task, name)),
            },
        };
        outputs.insert(name.clone(), Value::Plain(value));
    }
    for (name, promised) in &promise.artifacts {
        let content = collected.artifacts.get(&format!("artifact/{name}"));
        let said = described.artifacts.get(name).map(|all| all.artifacts.as_slice()).unwrap_or_default();
        outputs.insert(name.clone(), artifact_output(&promise.task, name, promised, content, said)?);
    }
    Ok(outputs)
}

/// A parameter's file: text as it stands, everything else as JSON, with Python's words for true and false.
fn read(task: &str, name: &str, wanted: ParameterType, text: &str) -> Result<Json, Failure> {
    let json = match wanted {
        ParameterType::String | ParameterType::ParameterTypeEnumUnspecified => return Ok(text.into()),
        ParameterType::Boolean => serde_json::from_str(&text.trim().to_ascii_lowercase()),
        _ => serde_json::from_str(text.trim()),
    };
    let json = json.unwrap_or_else(|_| Json::String(text.to_owned()));
    of_type(wanted, &json).ok_or_else(|| mistyped(task, name, wanted, &json))
}

fn artifact_output(
    task: &str,
    name: &str,
    promised: &PromisedArtifact,
    content: Option<&ArtifactRef>,
    said: &[DescribedArtifact],
) -> Result<Value, Failure> {
    if promised.is_list && said.is_empty() {
        return Ok(Value::List(Vec::new()));
    }
    let mut all = Vec::new();
    for described in said {
        if !described.custom_path.is_empty() && described.custom_path != promised.path {
            return Err(elsewhere(task, name, &described.custom_path, &promised.path));
        }
        let runtime = merged(&promised.artifact, described);
        all.push(Value::Artifact(match content {
            Some(content) if runtime.uri == promised.artifact.uri => runtime.describe(content.clone()),
            // The step wrote below its own folder under a name that nobody was told of before.
            _ if is_below(&runtime.uri, &promised.artifact.uri) => {
                let written = artifact::local_path(&runtime.uri).unwrap_or_default();
                return Err(elsewhere(task, name, &written, &promised.path));
            }
            _ => artifact::external(&runtime),
        }));
    }
    if promised.is_list {
        return Ok(Value::List(all));
    }
    Ok(all.into_iter().next().unwrap_or_else(|| {
        Value::Artifact(match content {
            Some(content) => promised.artifact.describe(content.clone()),
            None => artifact::external(&promised.artifact),
        })
    }))
}

fn merged(promised: &RuntimeArtifact, described: &DescribedArtifact) -> RuntimeArtifact {
    let mut runtime = promised.clone();
    if !described.uri.is_empty() {
        runtime.uri.clone_from(&described.uri);
    }
    runtime.metadata.extend(described.metadata.iter().map(|(key, json)| (key.clone(), json.clone())));
    runtime
}

/// Whether a URI lies in the folder that another lies in, and is not that other.
fn is_below(uri: &str, promised: &str) -> bool {
    let folder = promised.rfind('/').map_or(promised, |at| &promised[..=at]);
    uri != promised && uri.starts_with(folder)
}

fn missing(task: &str, name: &str) -> Failure {
    Failure::new(Code::MissingOutput, format!("task `{task}` ended without its output parameter `{name}`")).with_hint(
        format!("return it from the function, or write it to {{{{$.outputs.parameters['{name}'].output_file}}}}"),
    )
}

fn mistyped(task: &str, name: &str, wanted: ParameterType, json: &Json) -> Failure {
    let message = format!("task `{task}` gives {} as `{name}`, and wrote {}", words_for(wanted), shown(json));
    Failure::new(Code::TypeMismatch, message).with_hint("write the value that the component declares, as JSON")
}

fn elsewhere(task: &str, name: &str, written: &str, promised: &str) -> Failure {
    let message = format!("task `{task}` put its output `{name}` at `{written}`; it is looked for at `{promised}`");
    Failure::new(Code::MissingOutput, message).with_hint("write to the output's own path")
}

#[cfg(test)]
mod tests;
