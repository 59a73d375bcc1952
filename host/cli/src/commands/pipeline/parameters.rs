//! `--param NAME=VALUE`: texts become values of the types that the document declares.
//! Never uploads a file that the server has already.

pub mod compiled;

use std::collections::BTreeMap;
use std::path::Path;

use host_api::artifact::{ArtifactKind, ArtifactRef, Value};
use host_base::{Code, Failure};
use host_client::Client;
use registry_oci::Digest;
use sdk_spec::{ParameterType, Pipeline};

use crate::files;
use crate::format;
use crate::printer::Printer;
use crate::trouble::{Exit, Outcome, Trouble};
use crate::upload::upload_file;

/// A parameter as it was written, with the type that the document gives it.
#[derive(Debug, PartialEq)]
enum Written<'a> {
    /// Known already.
    Plain(serde_json::Value),
    /// A file to upload.
    File(&'a Path, ArtifactKind),
    /// An artifact that the server has.
    Digest(Digest, ArtifactKind),
}

/// Reads all parameters; everything wrong with them is told at once, before anything is uploaded.
pub async fn read(
    client: &Client,
    pipeline: &Pipeline,
    written: &[String],
    printer: &Printer,
) -> Outcome<BTreeMap<String, Value>> {
    let mut parameters = BTreeMap::new();
    for (name, value) in interpret(pipeline, written)? {
        let value = match value {
            Written::Plain(json) => Value::Plain(json),
            Written::File(path, kind) => Value::Artifact(upload(client, &name, path, kind, printer).await?),
            Written::Digest(digest, kind) => Value::Artifact(known(client, &name, &digest, kind).await?),
        };
        parameters.insert(name, value);
    }
    Ok(parameters)
}

fn interpret<'a>(pipeline: &Pipeline, written: &'a [String]) -> Outcome<BTreeMap<String, Written<'a>>> {
    let mut values = BTreeMap::new();
    let mut problems = Vec::new();
    for text in written {
        match interpret_one(pipeline, text) {
            Ok((name, value)) => {
                if values.insert(name.to_owned(), value).is_some() {
                    problems.push(refusal(format!("parameter `{name}` is set twice"), "leave one out"));
                }
            }
            Err(problem) => problems.push(problem),
        }
    }
    let missing = pipeline
        .spec
        .parameters
        .iter()
        .filter(|(name, declared)| declared.default.is_none() && !values.contains_key(*name));
    for (name, declared) in missing {
        let example = if kind_of(declared.parameter_type).is_some() { "@FILE" } else { "VALUE" };
        problems.push(refusal(
            format!("parameter `{name}` has no default and is not set"),
            &format!("set it with --param {name}={example}"),
        ));
    }
    if problems.is_empty() {
        return Ok(values);
    }
    Err(Trouble { problems: problems.into_iter().map(Into::into).collect(), exit: Exit::Usage })
}

fn interpret_one<'a>(pipeline: &Pipeline, text: &'a str) -> Result<(&'a str, Written<'a>), Failure> {
    let Some((name, value)) = text.split_once('=') else {
        return Err(refusal(format!("`{text}` sets no parameter"), "write --param NAME=VALUE"));
    };
    let Some(declared) = pipeline.spec.parameters.get(name) else {
        let names: Vec<&str> = pipeline.spec.parameters.keys().map(String::as_str).collect();
        let hint = if names.is_empty() {
            "the pipeline has no parameters".to_owned()
        } else {
            format!("the pipeline's parameters are: {}", names.join(", "))
        };
        return Err(refusal(format!("the pipeline has no parameter `{name}`"), &hint));
    };
    value_of(declared.parameter_type, value)
        .map(|value| (name, value))
        .map_err(|hint| refusal(format!("parameter `{name}` cannot be `{value}`"), hint))
}

/// The value, or what to write instead.
fn value_of(parameter_type: ParameterType, text: &str) -> Result<Written<'_>, &'static str> {
    if let Some(kind) = kind_of(parameter_type) {
        return match text.strip_prefix('@') {
            Some(path) => Ok(Written::File(Path::new(path), kind)),
            None => text
                .parse()
                .map(|digest| Written::Digest(digest, kind))
                .map_err(|_| "write @FILE to upload a file, or the digest of an artifact, sha256:…"),
        };
    }
    let json = |fits: fn(&serde_json::Value) -> bool| serde_json::from_str(text).ok().filter(fits).map(Written::Plain);
    match parameter_type {
        ParameterType::Integer => json(|json| json.is_i64() || json.is_u64()).ok_or("write a whole number, such as 7"),
        ParameterType::Number => json(serde_json::Value::is_number).ok_or("write a number, such as 0.8"),
        ParameterType::Boolean => json(serde_json::Value::is_boolean).ok_or("write true or false"),
        ParameterType::List => json(serde_json::Value::is_array).ok_or("write a JSON list, such as '[1, 2]'"),
        ParameterType::Object => json(serde_json::Value::is_object).ok_or("write a JSON object, such as '{\"a\": 1}'"),
        _ => Ok(Written::Plain(text.into())),
    }
}

const fn kind_of(parameter_type: ParameterType) -> Option<ArtifactKind> {
    match parameter_type {
        ParameterType::Artifact => Some(ArtifactKind::Artifact),
        ParameterType::DataSet => Some(ArtifactKind::DataSet),
        ParameterType::Model => Some(ArtifactKind::Model),
        ParameterType::Metrics => Some(ArtifactKind::Metrics),
        _ => None,
    }
}

fn refusal(message: String, hint: &str) -> Failure {
    Failure::new(Code::InvalidParameter, message).with_hint(hint)
}

async fn upload(
    client: &Client,
    name: &str,
    path: &Path,
    kind: ArtifactKind,
    printer: &Printer,
) -> Outcome<ArtifactRef> {
    let (digest, _) = files::digest(path)?;
    match client.artifact(&digest.to_string()).await {
        Ok(found) if found.artifact.artifact.kind == kind => return Ok(found.artifact.artifact),
        Ok(_) => {}
        Err(error) if error.is_not_found() => {}
        Err(error) => return Err(error.into()),
    }
    let artifact = upload_file(client, path, kind, files::media_type(path), &BTreeMap::new()).await?;
    let size = format::bytes(artifact.size_bytes);
    printer.note(&format!("uploaded {} for `{name}` ({size})", path.display()));
    Ok(artifact)
}

async fn known(client: &Client, name: &str, digest: &Digest, kind: ArtifactKind) -> Outcome<ArtifactRef> {
    let artifact = client.artifact(&digest.to_string()).await?.artifact.artifact;
    if artifact.kind == kind {
        return Ok(artifact);
    }
    let message = format!(
        "parameter `{name}` takes an artifact of kind {}, and {digest} is of kind {}",
        kind.name(),
        artifact.kind.name()
    );
    Err(Trouble {
        problems: vec![refusal(message, "name another artifact; `sandmill artifact list` shows kinds").into()],
        exit: Exit::Usage,
    })
}

#[cfg(test)]
mod tests;
