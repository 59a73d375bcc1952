//! One attempt of a step that has a layout (a function of Python, or a step of a compiled Kubeflow pipeline): the layout
//! becomes a call, what is found becomes outputs.
//! Never decides where anything lies; `host-pipeline` does.

use std::collections::BTreeMap;
use std::sync::Arc;

use host_base::{ArtifactKind, ArtifactRef, Code, Failure, Limits, RunId, Value};
use host_pipeline::kfp::{KeptSource, VariableSource};
use host_pipeline::{Call, Collected, Layout, LayoutContent, LayoutFile, LayoutOutput, OutputShape};
use host_runtime::{CommandCall, FileContent, InputFile, Mount, OutputFile, OutputKind, SharedFolder};

use crate::executor::Shared;
use crate::import::Import;
use crate::import::access::Access;
use crate::kept::{self as keeping, Kept};

/// Who names what the node keeps, where it is a step's document.
pub(crate) const PIPELINE: &str = "the pipeline";

/// Folders of this machine that a step is lent.
#[derive(Debug, Default)]
pub(super) struct Lent {
    packages: Vec<Mount>,
    shared: Vec<SharedFolder>,
}

/// What the node keeps and a step is shown. Not to be printed: it holds secrets.
#[derive(Default)]
pub(super) struct KeptShown {
    variables: BTreeMap<String, String>,
    files: Vec<InputFile>,
    /// Stands for all of it in the key of the step's result.
    pub(super) hash: Option<String>,
}

/// What the sandbox is asked for.
pub(super) fn call(layout: &Layout, lent: Lent, kept: KeptShown) -> CommandCall {
    let mut env = layout.env.clone();
    env.extend(kept.variables);
    CommandCall {
        argv: layout.argv.clone(),
        env,
        files: layout.files.iter().map(file).chain(kept.files).collect(),
        mounts: lent.packages,
        shared: lent.shared,
        writable: layout.writable.clone(),
        outputs: layout.outputs.iter().map(|(name, output)| (name.clone(), output_file(output))).collect(),
    }
}

/// The step's packages, unpacked on this machine (fetched now where they never were), and its run's workspace.
pub(super) async fn lent(shared: &Shared, run: &RunId, layout: Option<&Layout>) -> Result<Lent, Failure> {
    let mut lent = Lent::default();
    let Some(layout) = layout else { return Ok(lent) };
    for (guest_path, wheel) in &layout.packages {
        let host_path = shared.wheels.layer(wheel).await?;
        lent.packages.push(Mount { guest_path: guest_path.clone(), host_path });
    }
    if let Some(workspace) = &layout.workspace {
        let host_path = shared.workspaces.of(run).await?;
        let (guest_path, bytes_max) = (workspace.guest_path.clone(), workspace.bytes_max);
        lent.shared.push(SharedFolder { guest_path, host_path, bytes_max });
    }
    Ok(lent)
}

/// The content that an import names, opened with what its document names for that.
pub(crate) async fn content(
    shared: Arc<Shared>,
    uri: String,
    access: Option<Access>,
    limits: Limits,
) -> Result<ArtifactRef, Failure> {
    let (policy, components, artifacts) = (&shared.config.policy, &shared.components, &shared.artifacts);
    let (limits, access) = (&limits, access.as_ref());
    shared.imports.content(&uri, &Import { policy, components, artifacts, limits, access }).await
}

/// What of the node's secrets and config maps a step names, as it is kept now.
pub(super) fn kept(kept: &Kept, call: &Call) -> Result<KeptShown, Failure> {
    let mut shown = KeptShown::default();
    let none = BTreeMap::new();
    let (variables, folders) = match call {
        Call::Kfp(call) => (&call.kept_variables, &call.kept_folders),
        Call::Import(import) => (&import.kept_variables, &none),
        _ => return Ok(shown),
    };
    if variables.is_empty() && folders.is_empty() {
        return Ok(shown);
    }
    shown.variables = kept_variables(kept, variables)?;
    let text = |(name, text): (&String, &String)| (name.clone(), text.clone().into_bytes());
    let mut counted: Vec<(String, Vec<u8>)> = shown.variables.iter().map(text).collect();
    for (place, folder) in folders {
        let items: Vec<(String, String)> = match kept.keys(&folder.source)? {
            Some(keys) if folder.items.is_empty() => keys.into_iter().map(|key| (key.clone(), key)).collect(),
            Some(_) => folder.items.clone().into_iter().collect(),
            None if folder.optional => Vec::new(),
            None => return Err(missing(PIPELINE, &folder.source, None)),
        };
        for (key, file) in items {
            match kept.value(&folder.source, &key)? {
                Some(value) => {
                    let guest_path = format!("{}/{file}", place.trim_end_matches('/'));
                    counted.push((guest_path.clone(), value.clone()));
                    shown.files.push(InputFile { guest_path, content: FileContent::Bytes(value) });
                }
                None if folder.optional => {}
                None => return Err(missing(PIPELINE, &folder.source, Some(&key))),
            }
        }
    }
    shown.hash = Some(kept.hash(counted.iter().map(|(name, value)| (name.as_str(), value.as_slice())))?);
    Ok(shown)
}

/// The variables that a step or an importer names, with their values as they are kept now.
pub(crate) fn kept_variables(
    kept: &Kept,
    named: &BTreeMap<String, VariableSource>,
) -> Result<BTreeMap<String, String>, Failure> {
    let mut found = BTreeMap::new();
    for (variable, named) in named {
        let (source, key) = named.kept();
        match kept.value(&source, key)? {
            Some(value) => {
                let text = String::from_utf8(value).map_err(|_| no_text(&source, key))?;
                found.insert(variable.clone(), text);
            }
            None if named.is_optional() => {}
            None => return Err(missing(PIPELINE, &source, Some(key))),
        }
    }
    Ok(found)
}

/// Somebody's document names what the node does not keep.
pub(crate) fn missing(who: &str, source: &KeptSource, key: Option<&str>) -> Failure {
    let what = match key {
        Some(key) => format!("key `{key}` of the {}", keeping::shown(source)),
        None => format!("the {}", keeping::shown(source)),
    };
    let hint = format!("set it on the node's machine: `{} {}=VALUE`", keeping::command(source), key.unwrap_or("KEY"));
    Failure::new(Code::GrantNotAllowed, format!("{who} takes {what}, which this node does not keep")).with_hint(hint)
}

fn no_text(source: &KeptSource, key: &str) -> Failure {
    let message = format!("key `{key}` of the {} is no UTF-8 text, and cannot be a variable", keeping::shown(source));
    Failure::new(Code::TypeMismatch, message).with_hint("take it as a file: use_secret_as_volume")
}

fn file(file: &LayoutFile) -> InputFile {
    let content = match &file.content {
        LayoutContent::Artifact(artifact) => FileContent::Artifact(artifact.clone()),
        LayoutContent::Folder(artifact) => FileContent::Folder(artifact.clone()),
        LayoutContent::Text(text) => FileContent::Text(text.clone()),
    };
    InputFile { guest_path: file.guest_path.clone(), content }
}

fn output_file(output: &LayoutOutput) -> OutputFile {
    let kind = match output.shape {
        OutputShape::Artifact { media_type } => {
            OutputKind::Artifact { kind: ArtifactKind::Artifact, media_type: media_type.to_owned() }
        }
        OutputShape::Text { bytes_max } => OutputKind::Text { bytes_max },
    };
    OutputFile { guest_path: output.guest_path.clone(), kind, required: false }
}

/// The step's outputs, of what the sandbox found.
pub(super) fn outputs(layout: &Layout, found: BTreeMap<String, Value>) -> Result<BTreeMap<String, Value>, Failure> {
    let mut collected = Collected::default();
    for (name, value) in found {
        match value {
            Value::Artifact(artifact) => _ = collected.artifacts.insert(name, artifact),
            Value::Plain(serde_json::Value::String(text)) => _ = collected.texts.insert(name, text),
            // The sandbox gives a text as a string, and never a list.
            Value::Plain(_) | Value::List(_) => {}
        }
    }
    host_pipeline::outputs(layout, &collected)
}
