//! What one attempt sees: its words, its variables, its files, and where its outputs are looked for.
//! Never touches a file; whoever calls the guest lays them out.

use std::collections::BTreeMap;

use host_base::{ArtifactRef, Code, Failure, Value, Wheel};
use registry_oci::Digest;
use sdk_spec::kfp::{ArtifactType, ParameterType};
use serde_json::Value as Json;

use super::artifact::{self, RuntimeArtifact, WORKSPACE, WORKSPACE_ARTIFACTS};
use super::call::{AttemptNames, ContainerCall, KeptFolder, KfpInputs, VariableSource};
use super::executor_input::{self, Places};
use super::placeholder::{Scope, TaskScope, fill, fill_json, words};
use super::python::{PACKAGES_FOLDER, RUN_PYTHON_ARGUMENT, SOURCE_PATH};

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

/// What one attempt sees, and what is looked for afterwards.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The program's name and its arguments.
    pub argv: Vec<String>,
    /// Variables of its environment.
    pub env: BTreeMap<String, String>,
    /// Variables whose values the node keeps.
    pub kept_env: BTreeMap<String, VariableSource>,
    /// Files that it finds.
    pub files: Vec<LayoutFile>,
    /// Packages that it finds unpacked, by the folder where it does.
    pub packages: BTreeMap<String, Wheel>,
    /// Folders that are there from the start and writable, with all below them.
    pub writable: Vec<String>,
    /// Folders whose files the node keeps, by the place where they are to be seen.
    pub kept_folders: BTreeMap<String, KeptFolder>,
    /// The run's shared folder, if it is to be seen.
    pub workspace: Option<Workspace>,
    /// What is looked for afterwards, by names that [`super::outputs`] knows.
    pub outputs: BTreeMap<String, LayoutOutput>,
    pub(super) task: String,
    pub(super) parameters: BTreeMap<String, ParameterType>,
    pub(super) artifacts: BTreeMap<String, PromisedArtifact>,
}

/// The folder that the steps of a run share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    /// Absolute path in the guest.
    pub guest_path: String,
    /// How much the steps may leave in it together.
    pub bytes_max: u64,
}

/// A file that an attempt finds.
#[derive(Clone, Debug, PartialEq)]
pub struct LayoutFile {
    /// Absolute path in the guest.
    pub guest_path: String,
    /// What stands there.
    pub content: LayoutContent,
}

/// What stands at a path.
#[derive(Clone, Debug, PartialEq)]
pub enum LayoutContent {
    /// An artifact's bytes.
    Artifact(ArtifactRef),
    /// The folder that an artifact is the archive of.
    Folder(ArtifactRef),
    /// Text.
    Text(String),
}

/// What is looked for after an attempt. Nothing that is missing is the sandbox's business to refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayoutOutput {
    /// Absolute path in the guest.
    pub guest_path: String,
    /// What it is kept as.
    pub shape: OutputShape,
}

/// What a file is kept as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutputShape {
    /// An artifact: a file, or a folder as an archive.
    Artifact {
        /// Its media type, if it is a file.
        media_type: &'static str,
    },
    /// Text, handed on as it is.
    Text {
        /// A longer one is a failure.
        bytes_max: u64,
    },
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
        packages: packages(call),
        writable: writable(call, local_root),
        kept_folders: call.kept_folders.clone(),
        workspace: call.workspace_bytes_max.map(|bytes_max| Workspace { guest_path: WORKSPACE.to_owned(), bytes_max }),
        outputs: looked_for(&places),
        task: call.task.clone(),
        parameters: call.gives.parameters.iter().map(|(name, given)| (name.clone(), given.parameter_type)).collect(),
        artifacts: promised(call, places.artifacts),
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

/// Each package in a folder of its own, in the order in which they are looked through.
fn packages(call: &ContainerCall) -> BTreeMap<String, Wheel> {
    let wheels = call.python.iter().flat_map(|function| &function.wheels).enumerate();
    wheels.map(|(number, wheel)| (format!("{PACKAGES_FOLDER}/{number}"), wheel.clone())).collect()
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

fn promised(call: &ContainerCall, artifacts: BTreeMap<String, RuntimeArtifact>) -> BTreeMap<String, PromisedArtifact> {
    let promise = |(name, artifact): (String, RuntimeArtifact)| {
        let is_list = call.gives.artifacts.get(&name).is_some_and(|given| given.is_artifact_list);
        let path = artifact.path().unwrap_or_default();
        (name, PromisedArtifact { artifact, path, is_list })
    };
    artifacts.into_iter().map(promise).collect()
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
