//! What a function of Python left behind, held against the types that its document promises.
//! Never believes the function: whatever it says it returned is checked like any value from outside.

use std::collections::BTreeMap;

use host_base::artifact::{METADATA_BYTES_MAX, is_media_type};
use host_base::{ArtifactKind, ArtifactRef, Code, Failure, FunctionSignature, NamedType, Value, ValueType};
use serde::Deserialize;
use serde_json::Value as Json;

use crate::compile::{artifact_in, check_value};
use crate::kfp::is_folder;
use crate::layout::Collected;

/// The name of the one output of a function that returns one value.
pub(crate) const SINGLE_RESULT: &str = "output";
/// The name under which the report is collected; no result of a function has a slash in its name.
pub(super) const REPORT: &str = "python/report";
/// What stands before a result's name where its file is collected.
pub(super) const ARTIFACT_PREFIX: &str = "artifact/";
/// Longest report, with all plain values that the function returns in it.
pub(super) const REPORT_BYTES_MAX: u64 = 32 << 20;
/// Longest message of an exception, in characters.
const MESSAGE_CHARACTERS_MAX: usize = 4_096;

/// What the component says of a call.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Report {
    /// The function returned; its results by name.
    Returned(BTreeMap<String, Returned>),
    /// It raised an exception.
    Failed(Failed),
}

/// One result.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Returned {
    /// Python's word for its type.
    python_type: String,
    /// It as JSON; absent where there is no such form.
    #[serde(default, with = "present")]
    value: Option<Json>,
    /// What is said of it, where it is a file.
    #[serde(default)]
    file: Option<DescribedFile>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DescribedFile {
    kind: ArtifactKind,
    media_type: String,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Failed {
    message: String,
    #[serde(default)]
    hint: Option<String>,
    retryable: bool,
}

/// Tells null from nothing.
mod present {
    use serde::{Deserialize, Deserializer};
    use serde_json::Value as Json;

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Json>, D::Error> {
        Json::deserialize(from).map(Some)
    }
}

/// The step's outputs.
///
/// # Errors
/// Where the function failed, or returned something else than it promises.
pub(crate) fn outputs(
    signature: &FunctionSignature,
    collected: &Collected,
) -> Result<BTreeMap<String, Value>, Failure> {
    let function = &signature.name;
    let report = collected.texts.get(REPORT).ok_or_else(|| {
        Failure::new(Code::MissingOutput, format!("function `{function}` ended the whole program before it returned"))
            .with_hint("leave the function by `return` or an exception, not by `os._exit`")
    })?;
    let report = serde_json::from_str(report).map_err(|error| {
        let message = format!("what function `{function}` returned was reported in a form that is not read: {error}");
        Failure::new(Code::MissingOutput, message).with_hint("use the run-python component of this release")
    })?;
    let mut returned = match report {
        Report::Returned(returned) => returned,
        Report::Failed(failed) => return Err(failure(failed)),
    };
    let output = |output: &NamedType| {
        let value = returned.remove(&output.name).ok_or_else(|| missing(function, &output.name))?;
        let file = collected.artifacts.get(&format!("{ARTIFACT_PREFIX}{}", output.name));
        Ok((output.name.clone(), value_of(function, output, value, file)?))
    };
    signature.outputs.iter().map(output).collect()
}

fn value_of(
    function: &str,
    output: &NamedType,
    returned: Returned,
    content: Option<&ArtifactRef>,
) -> Result<Value, Failure> {
    let NamedType { name, value_type } = output;
    let python = returned.python_type.as_str();
    match (artifact_in(value_type), returned.value, returned.file) {
        (Some(kind), _, Some(file)) => artifact(function, name, kind, python, file, content).map(Value::Artifact),
        (Some(_), Some(Json::Null), None) if matches!(value_type, ValueType::Option(_)) => Ok(Value::Plain(Json::Null)),
        (None, Some(json), None) => {
            let place = format!("function `{function}`, result `{name}`");
            check_value(&place, &json, value_type).map_err(|failure| Failure {
                message: format!("{} (a Python `{python}`)", failure.message),
                ..failure.with_hint("return what the function's annotation says, or change the annotation")
            })?;
            Ok(Value::Plain(json))
        }
        _ => Err(mistyped(function, name, &value_type.to_string(), python)),
    }
}

/// The file as the function says that it is.
fn artifact(
    function: &str,
    name: &str,
    kind: ArtifactKind,
    python: &str,
    file: DescribedFile,
    content: Option<&ArtifactRef>,
) -> Result<ArtifactRef, Failure> {
    if file.kind != kind && kind != ArtifactKind::Artifact {
        return Err(mistyped(function, name, kind.name(), python));
    }
    let mut artifact = content.cloned().ok_or_else(|| missing(function, name))?;
    let refused = |what: String, hint: &str| {
        let message = format!("function `{function}`, result `{name}`: {what}");
        Err(Failure::new(Code::TypeMismatch, message).with_hint(hint.to_owned()))
    };
    if !is_media_type(&file.media_type) {
        return refused(format!("`{}` is no media type", file.media_type), "write one such as text/csv");
    }
    let size_bytes: usize = file.metadata.iter().map(|(name, value)| name.len() + value.len()).sum();
    if size_bytes > METADATA_BYTES_MAX {
        let what = format!("its metadata has {size_bytes} bytes; at most {METADATA_BYTES_MAX} are kept");
        return refused(what, "put what is large into the artifact itself");
    }
    artifact.kind = kind;
    // A folder is an archive, whatever the function calls it; what the runtime noted of it stays.
    if !is_folder(&artifact) {
        artifact.media_type = file.media_type;
    }
    for (name, value) in file.metadata {
        artifact.metadata.entry(name).or_insert(value);
    }
    Ok(artifact)
}

fn failure(failed: Failed) -> Failure {
    let message = match failed.message.char_indices().nth(MESSAGE_CHARACTERS_MAX) {
        Some((at, _)) => format!("{}…", &failed.message[..at]),
        None => failed.message,
    };
    let hint = failed.hint.unwrap_or_else(|| "its log has the traceback: `sandmill run logs`".to_owned());
    let failure = Failure::new(Code::StepFailed, message).with_hint(hint);
    if failed.retryable { failure.retryable() } else { failure }
}

fn missing(function: &str, name: &str) -> Failure {
    Failure::new(Code::MissingOutput, format!("function `{function}` returned no `{name}`, which it promises"))
        .with_hint("return a value with a field for each result")
}

fn mistyped(function: &str, name: &str, wanted: &str, python: &str) -> Failure {
    let message = format!("function `{function}`, result `{name}` wants {wanted}, but got a Python `{python}`");
    Failure::new(Code::TypeMismatch, message)
        .with_hint("return what the function's annotation says, or change the annotation")
}
