//! `{{$…}}` in arguments, variables, constants and metadata: found, understood, filled.
//! Never fills text that came in as a value: a value that looks like a placeholder stays as it is.

use std::collections::BTreeMap;

use host_base::{Code, Failure};
use serde_json::Value as Json;

use super::artifact::{RuntimeArtifact, WORKSPACE};
use super::call::RunNames;
use crate::text::text_of_json;

/// What a placeholder stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Placeholder {
    ExecutorInput,
    OutputFile,
    Workspace,
    PipelineRoot,
    JobName,
    JobId,
    CreateTime,
    ScheduleTime,
    TaskName,
    TaskId,
    InputParameter(String),
    OutputParameter(String),
    Artifact { output: bool, name: String, part: ArtifactPart },
}

/// What of an artifact is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ArtifactPart {
    Uri,
    Path,
    Metadata(Option<String>),
}

/// A stretch of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece<'text> {
    Literal(&'text str),
    Placeholder(Placeholder),
    /// Written like a placeholder, and none that there is.
    Unknown(&'text str),
}

/// What there is to fill placeholders with.
pub(super) struct Scope<'run> {
    pub(super) run: &'run RunNames,
    pub(super) values: &'run BTreeMap<String, Json>,
    /// What only a task that is executed has.
    pub(super) task: Option<TaskScope<'run>>,
}

/// What placeholders of one attempt mean.
#[derive(Clone, Copy)]
pub(super) struct TaskScope<'run> {
    pub(super) name: &'run str,
    pub(super) id: &'run str,
    pub(super) executor_input: &'run str,
    pub(super) output_file: &'run str,
    pub(super) output_parameters: &'run BTreeMap<String, String>,
    pub(super) inputs: &'run BTreeMap<String, Vec<RuntimeArtifact>>,
    pub(super) outputs: &'run BTreeMap<String, RuntimeArtifact>,
}

const OPENING: &str = "{{$";
const CLOSING: &str = "}}";

/// A text cut at its placeholders.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(OPENING) {
        let Some(length) = rest[start..].find(CLOSING) else { break };
        let end = start + length + CLOSING.len();
        if start > 0 {
            pieces.push(Piece::Literal(&rest[..start]));
        }
        let whole = &rest[start..end];
        pieces.push(match read(&whole[OPENING.len()..whole.len() - CLOSING.len()]) {
            Some(placeholder) => Piece::Placeholder(placeholder),
            None => Piece::Unknown(whole),
        });
        rest = &rest[end..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest));
    }
    pieces
}

fn read(inner: &str) -> Option<Placeholder> {
    Some(match inner {
        "" => Placeholder::ExecutorInput,
        ".outputs.output_file" | ".outputMetadataUri" => Placeholder::OutputFile,
        ".workspace_path" => Placeholder::Workspace,
        ".pipeline_root" => Placeholder::PipelineRoot,
        ".pipeline_job_name" | ".pipeline_job_resource_name" => Placeholder::JobName,
        ".pipeline_job_uuid" => Placeholder::JobId,
        ".pipeline_job_create_time_utc" => Placeholder::CreateTime,
        ".pipeline_job_schedule_time_utc" => Placeholder::ScheduleTime,
        ".pipeline_task_name" => Placeholder::TaskName,
        ".pipeline_task_uuid" => Placeholder::TaskId,
        _ => return read_keyed(inner),
    })
}

/// `.inputs.parameters['NAME']` and the other kinds that name something.
fn read_keyed(inner: &str) -> Option<Placeholder> {
    if let Some(rest) = inner.strip_prefix(".inputs.parameters") {
        let (name, rest) = key(rest)?;
        return rest.is_empty().then_some(Placeholder::InputParameter(name));
    }
    if let Some(rest) = inner.strip_prefix(".outputs.parameters") {
        let (name, rest) = key(rest)?;
        return (rest == ".output_file").then_some(Placeholder::OutputParameter(name));
    }
    let (output, rest) = match (inner.strip_prefix(".inputs.artifacts"), inner.strip_prefix(".outputs.artifacts")) {
        (Some(rest), _) => (false, rest),
        (None, Some(rest)) => (true, rest),
        (None, None) => return None,
    };
    let (name, rest) = key(rest)?;
    let part = match rest {
        ".uri" => ArtifactPart::Uri,
        ".path" => ArtifactPart::Path,
        ".metadata" => ArtifactPart::Metadata(None),
        other => {
            let (key, rest) = key(other.strip_prefix(".metadata")?)?;
            if !rest.is_empty() {
                return None;
            }
            ArtifactPart::Metadata(Some(key))
        }
    };
    Some(Placeholder::Artifact { output, name, part })
}

/// `['NAME']`, and what follows it.
fn key(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('[')?;
    let quote = inner.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    let inner = &inner[1..];
    let end = inner.find(quote)?;
    Some((inner[..end].to_owned(), inner[end + 1..].strip_prefix(']')?))
}

/// A text with its placeholders filled.
pub(super) fn fill(text: &str, scope: &Scope<'_>) -> Result<String, Failure> {
    let mut filled = String::new();
    for piece in pieces(text) {
        match piece {
            Piece::Literal(literal) | Piece::Unknown(literal) => filled.push_str(literal),
            Piece::Placeholder(placeholder) => filled.push_str(&text_of_value(&value(&placeholder, scope)?)),
        }
    }
    Ok(filled)
}

/// A JSON value with all its texts filled. A text that is one placeholder becomes the value itself.
pub(super) fn fill_json(json: &Json, scope: &Scope<'_>) -> Result<Json, Failure> {
    Ok(match json {
        Json::String(text) => match pieces(text).as_slice() {
            [Piece::Placeholder(placeholder)] => value(placeholder, scope)?,
            _ => fill(text, scope)?.into(),
        },
        Json::Array(items) => items.iter().map(|item| fill_json(item, scope)).collect::<Result<_, _>>()?,
        Json::Object(fields) => {
            let mut filled = serde_json::Map::new();
            for (name, field) in fields {
                filled.insert(fill(name, scope)?, fill_json(field, scope)?);
            }
            Json::Object(filled)
        }
        other => other.clone(),
    })
}

/// Text as it stands, everything else as JSON; whole numbers without a fraction.
pub(super) fn text_of_value(value: &Json) -> String {
    if value.is_null() { "null".to_owned() } else { text_of_json(value) }
}

fn value(placeholder: &Placeholder, scope: &Scope<'_>) -> Result<Json, Failure> {
    let task = || {
        scope.task.ok_or_else(|| {
            Failure::new(Code::InvalidDocument, "a placeholder of a program stands where no program is run")
        })
    };
    Ok(match placeholder {
        Placeholder::Workspace => WORKSPACE.into(),
        Placeholder::PipelineRoot => scope.run.pipeline_root.clone().into(),
        Placeholder::JobName => scope.run.job_name.clone().into(),
        Placeholder::JobId => scope.run.job_id.clone().into(),
        Placeholder::CreateTime => scope.run.create_time.clone().into(),
        Placeholder::ScheduleTime => scope.run.schedule_time.clone().into(),
        Placeholder::InputParameter(name) => scope.values.get(name).cloned().unwrap_or(Json::Null),
        Placeholder::ExecutorInput => task()?.executor_input.into(),
        Placeholder::OutputFile => task()?.output_file.into(),
        Placeholder::TaskName => task()?.name.into(),
        Placeholder::TaskId => task()?.id.into(),
        Placeholder::OutputParameter(name) => {
            task()?.output_parameters.get(name).cloned().ok_or_else(|| nothing_of("output", name))?.into()
        }
        Placeholder::Artifact { output, name, part } => {
            let task = task()?;
            let found =
                if *output { task.outputs.get(name) } else { task.inputs.get(name).and_then(|all| all.first()) };
            let kind = if *output { "output" } else { "input" };
            part_of(found.ok_or_else(|| nothing_of(kind, name))?, part)
        }
    })
}

fn part_of(artifact: &RuntimeArtifact, part: &ArtifactPart) -> Json {
    match part {
        ArtifactPart::Uri => artifact.uri.clone().into(),
        ArtifactPart::Path => artifact.path().unwrap_or_else(|| artifact.uri.clone()).into(),
        ArtifactPart::Metadata(None) => serde_json::json!(artifact.metadata),
        ArtifactPart::Metadata(Some(key)) => artifact.metadata.get(key).cloned().unwrap_or(Json::Null),
    }
}

fn nothing_of(kind: &str, name: &str) -> Failure {
    Failure::new(Code::InvalidParameter, format!("a placeholder asks for {kind} `{name}`, which is missing"))
        .with_hint("use dsl.IfPresentPlaceholder for inputs that may be missing")
}

/// A program's words: `Concat` and `IfPresent` followed, placeholders filled.
pub(super) fn words(
    texts: &[String],
    scope: &Scope<'_>,
    present: &dyn Fn(&str) -> bool,
) -> Result<Vec<String>, Failure> {
    let mut words = Vec::new();
    for text in texts {
        match structure(text) {
            Some(json) => unfold(&json, scope, present, 0, &mut words)?,
            None => words.push(fill(text, scope)?),
        }
    }
    Ok(words)
}

/// The structure that a text holds, if it holds one.
pub(super) fn structure(text: &str) -> Option<Json> {
    let begins = text.trim_start().strip_prefix('{')?.trim_start();
    if !begins.starts_with("\"Concat\"") && !begins.starts_with("\"IfPresent\"") {
        return None;
    }
    serde_json::from_str(text).ok()
}

/// Structures inside each other; serde reads a little more than a hundred.
const DEPTH_MAX: usize = 128;

fn unfold(
    json: &Json,
    scope: &Scope<'_>,
    present: &dyn Fn(&str) -> bool,
    depth: usize,
    words: &mut Vec<String>,
) -> Result<(), Failure> {
    let malformed = || Failure::new(Code::InvalidDocument, format!("`{json}` is no Concat or IfPresent placeholder"));
    if depth > DEPTH_MAX {
        return Err(malformed());
    }
    if let Json::String(text) = json {
        words.push(fill(text, scope)?);
    } else if let Some(parts) = json.get("Concat").and_then(Json::as_array) {
        let mut joined = Vec::new();
        for part in parts {
            unfold(part, scope, present, depth + 1, &mut joined)?;
        }
        words.push(joined.concat());
    } else if let Some(choice) = json.get("IfPresent") {
        let name = choice.get("InputName").and_then(Json::as_str).ok_or_else(malformed)?;
        let chosen = choice.get(if present(name) { "Then" } else { "Else" });
        match chosen {
            None | Some(Json::Null) => {}
            Some(Json::Array(items)) => {
                for item in items {
                    unfold(item, scope, present, depth + 1, words)?;
                }
            }
            Some(one) => unfold(one, scope, present, depth + 1, words)?,
        }
    } else {
        return Err(malformed());
    }
    Ok(())
}

#[cfg(test)]
mod tests;
