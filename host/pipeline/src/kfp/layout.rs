//! What one attempt of a task sees: its words, its variables, its files, and where its outputs are looked for.
//! Never touches a file; whoever calls the guest lays them out.

use std::collections::BTreeMap;

use host_base::{Code, Failure, Value};
use registry_oci::Digest;
use sdk_spec::kfp::{ArtifactType, ParameterType};
use serde_json::Value as Json;

use super::artifact::{self, RuntimeArtifact, WORKSPACE, WORKSPACE_ARTIFACTS};
use super::call::{AttemptNames, ContainerCall, KfpInputs};
use super::executor_input::{self, Places};
use super::placeholder::{Scope, TaskScope, fill, fill_json, words};
use super::python::SOURCE_PATH;
use crate::layout::{Layout, LayoutContent, LayoutFile, LayoutOutput, OutputShape, Promised, Workspace};
use crate::python::{PythonFunction, RUN_PYTHON_ARGUMENT};

/// Where output parameters are written, one file each.
const PARAMETERS_FOLDER: &str = "/tmp/kfp/outputs";
/// The folder of the source text of a Python function.
const TMP_FOLDER: &str = "/tmp";
/// The file in which a step may describe its outputs, below its own folder.
const OUTPUT_FILE: &str = "output_metadata.json";
/// Longest text of one output parameter.
pub(super) const PARAMETER_BYTES_MAX: u64 = 4 << 20;
/// Longest description of a step's outputs.
pub(super) const DESCRIPTION_BYTES_MAX: u64 = 32 << 20;
/// The name under which that description is collected; no output of a component has a slash in it.
pub(super) const DESCRIPTION: &str = "executor/output";

/// What a task's outputs are to be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Promise {
    pub(super) task: String,
    pub(super) parameters: BTreeMap<String, ParameterType>,
    pub(super) artifacts: BTreeMap<String, PromisedArtifact>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct PromisedArtifact {
    pub(super) artifact: RuntimeArtifact,
    pub(super) path: String,
    pub(super) is_list: bool,
}

/// What an attempt at this call sees.
///
/// # Errors
/// Where an input is missing or of another type than the component declares.
pub fn layout(call: &ContainerCall, inputs: &KfpInputs, names: &AttemptNames<'_>) -> Result<Layout, Failure> {
    let id = attempt_id(names);
    let root = format!(
        "{}/{}/{}/{}/{id}",
        names.run.pipeline_root.trim_end_matches('/'),
        names.run.pipeline,
        names.run.job_id,
        call.task
    );
    let Some(local_root) = artifact::local_path(&root) else { return Err(no_folder(&names.run.pipeline_root)) };
    let places = places(call, &root, &local_root);
    let mut values = executor_input::values(call, inputs)?;
    for name in &call.late {
        finish(&mut values, name, &call.task, &id, names)?;
    }
    let artifacts = executor_input::artifacts(call, inputs)?;
    let message = executor_input::message(&values, &artifacts, &places).to_string();
    let scope = Scope {
        run: names.run,
        values: &values,
        task: Some(TaskScope {
            name: &call.task,
            id: &id,
            executor_input: &message,
            output_file: &places.output_file,
            output_parameters: &places.parameters,
            inputs: &artifacts,
            outputs: &places.artifacts,
        }),
    };
    let present = |name: &str| artifacts.contains_key(name) || values.get(name).is_some_and(|json| !json.is_null());
    let mut files = input_files(inputs);
    let argv = match &call.python {
        Some(function) => {
            files.push(LayoutFile {
                guest_path: SOURCE_PATH.to_owned(),
                content: LayoutContent::Text(function.source.clone()),
            });
            let words =
                [RUN_PYTHON_ARGUMENT, "kfp", "--function_to_execute", &function.name, "--executor_input", &message];
            words.iter().map(|word| (*word).to_owned()).collect()
        }
        None => argv(call, &scope, &present)?,
    };
    let mut env = BTreeMap::new();
    for (name, text) in &call.variables {
        env.insert(name.clone(), fill(text, &scope)?);
    }
    if call.python.is_some() {
        env.insert("_KFP_RUNTIME".to_owned(), "true".to_owned());
    }
    env.insert("KFP_RETRY_INDEX".to_owned(), names.attempt.saturating_sub(1).to_string());
    Ok(Layout {
        argv,
        env,
        kept_env: call.kept_variables.clone(),
        files,
        packages: call.python.as_ref().map(PythonFunction::package_folders).unwrap_or_default(),
        writable: writable(call, local_root),
        kept_folders: call.kept_folders.clone(),
        workspace: call.workspace_bytes_max.map(|bytes_max| Workspace { guest_path: WORKSPACE.to_owned(), bytes_max }),
        outputs: looked_for(&places),
        promised: Promised::Kfp(promise(call, places.artifacts)),
    })
}

/// A name of its own for each attempt at each step of each run, in the form of a UUID.
fn attempt_id(names: &AttemptNames<'_>) -> String {
    let whole = format!("{}\n{}\n{}", names.run.job_id, names.step, names.attempt);
    let digest = Digest::sha256(whole.as_bytes());
    let hex = digest.hex();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..32])
}

pub(super) fn no_folder(root: &str) -> Failure {
    Failure::new(Code::InvalidParameter, format!("steps see no folder for the pipeline root `{root}`")).with_hint(
        "use a root that begins with gs://, s3:// or minio://; nothing is sent there, outputs stay on the node",
    )
}

fn places(call: &ContainerCall, root: &str, local_root: &str) -> Places {
    let parameter = |name: &String| (name.clone(), format!("{PARAMETERS_FOLDER}/{name}"));
    let artifacts = call.gives.artifacts.iter().map(|(name, given)| {
        let artifact_type =
            ArtifactType { schema_uri: String::new(), instance_schema: String::new(), ..given.artifact_type.clone() };
        let metadata = given.metadata.clone();
        (name.clone(), RuntimeArtifact { name: name.clone(), artifact_type, uri: format!("{root}/{name}"), metadata })
    });
    Places {
        output_file: format!("{local_root}/{OUTPUT_FILE}"),
        parameters: call.gives.parameters.keys().map(parameter).collect(),
        artifacts: artifacts.collect(),
    }
}

/// Fills an input whose text names the attempt.
fn finish(
    values: &mut BTreeMap<String, Json>,
    name: &str,
    task: &str,
    id: &str,
    names: &AttemptNames<'_>,
) -> Result<(), Failure> {
    let Some(json) = values.get(name).cloned() else { return Ok(()) };
    let nothing = BTreeMap::new();
    let (no_files, no_inputs, no_outputs) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let task = TaskScope {
        name: task,
        id,
        executor_input: "",
        output_file: "",
        output_parameters: &no_files,
        inputs: &no_inputs,
        outputs: &no_outputs,
    };
    let filled = fill_json(&json, &Scope { run: names.run, values: &nothing, task: Some(task) })?;
    values.insert(name.to_owned(), filled);
    Ok(())
}

/// The program's own words. The first word is the program's name, the task's where there is none.
fn argv(call: &ContainerCall, scope: &Scope<'_>, present: &dyn Fn(&str) -> bool) -> Result<Vec<String>, Failure> {
    let mut argv = words(&call.command, scope, present)?;
    if argv.is_empty() {
        argv.push(call.task.clone());
    }
    argv.extend(words(&call.args, scope, present)?);
    Ok(argv)
}

/// Folders that the program may write to. All of the root, as in a container, since programs write where they stand;
/// the others are there from the start.
fn writable(call: &ContainerCall, local_root: String) -> Vec<String> {
    let mut writable = vec!["/".to_owned(), local_root, TMP_FOLDER.to_owned(), PARAMETERS_FOLDER.to_owned()];
    writable.extend(call.scratch.iter().cloned());
    if call.workspace_bytes_max.is_some() {
        // A folder of the attempt's own, so that nobody lays files where another step could have put a link.
        writable.push(WORKSPACE_ARTIFACTS.to_owned());
    }
    writable
}

/// Each artifact at its path; one that is given twice stands there once.
fn input_files(inputs: &KfpInputs) -> Vec<LayoutFile> {
    let mut files: BTreeMap<String, LayoutContent> = BTreeMap::new();
    for (name, value) in inputs {
        let all = match value {
            Value::Plain(_) => continue,
            Value::Artifact(_) => std::slice::from_ref(value),
            Value::List(items) => items.as_slice(),
        };
        for item in all {
            let Value::Artifact(found) = item else { continue };
            let Some(path) = RuntimeArtifact::of(found, name).path() else { continue };
            if !artifact::has_content(found) {
                continue;
            }
            let content = if artifact::is_folder(found) {
                LayoutContent::Folder(found.clone())
            } else {
                LayoutContent::Artifact(found.clone())
            };
            files.insert(path, content);
        }
    }
    files.into_iter().map(|(guest_path, content)| LayoutFile { guest_path, content }).collect()
}

fn looked_for(places: &Places) -> BTreeMap<String, LayoutOutput> {
    let text =
        |path: &String, bytes_max| LayoutOutput { guest_path: path.clone(), shape: OutputShape::Text { bytes_max } };
    let mut outputs = BTreeMap::new();
    outputs.insert(DESCRIPTION.to_owned(), text(&places.output_file, DESCRIPTION_BYTES_MAX));
    for (name, path) in &places.parameters {
        outputs.insert(format!("parameter/{name}"), text(path, PARAMETER_BYTES_MAX));
    }
    for (name, artifact) in &places.artifacts {
        let Some(guest_path) = artifact.path() else { continue };
        let media_type = media_type(&artifact.artifact_type.schema_title);
        outputs.insert(
            format!("artifact/{name}"),
            LayoutOutput { guest_path, shape: OutputShape::Artifact { media_type } },
        );
    }
    outputs
}

fn promise(call: &ContainerCall, artifacts: BTreeMap<String, RuntimeArtifact>) -> Promise {
    let promised = |(name, artifact): (String, RuntimeArtifact)| {
        let is_list = call.gives.artifacts.get(&name).is_some_and(|given| given.is_artifact_list);
        let path = artifact.path().unwrap_or_default();
        (name, PromisedArtifact { artifact, path, is_list })
    };
    Promise {
        task: call.task.clone(),
        parameters: call.gives.parameters.iter().map(|(name, given)| (name.clone(), given.parameter_type)).collect(),
        artifacts: artifacts.into_iter().map(promised).collect(),
    }
}

fn media_type(title: &str) -> &'static str {
    match title {
        "system.HTML" => "text/html",
        "system.Markdown" => "text/markdown",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
pub(super) mod tests;
