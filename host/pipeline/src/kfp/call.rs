//! What the plan keeps of a task that is executed: its program, its inputs and outputs, its places.
//! Never holds a secret's value; those are looked up for each attempt.

use std::collections::BTreeMap;

use host_base::{ArtifactRef, Code, Failure, StepName, Value};
use sdk_spec::kfp::{ArtifactType, InputDefinitions, OutputDefinitions};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::artifact::{self, RuntimeArtifact};
use super::placeholder::{Scope, fill_json};
use crate::python::PythonFunction;
use crate::{Argument, text::text_of_json};

/// A task's inputs, resolved; those that are missing are left out.
pub type KfpInputs = BTreeMap<String, Value>;

/// Names that a run's placeholders mean.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunNames {
    /// The pipeline's name.
    pub pipeline: String,
    /// The run's name for people, `{{$.pipeline_job_name}}`.
    pub job_name: String,
    /// The run's id, `{{$.pipeline_job_uuid}}`.
    pub job_id: String,
    /// Below which outputs are placed.
    pub pipeline_root: String,
    /// When the run was created, RFC 3339 in UTC.
    pub create_time: String,
    /// When it was to start, RFC 3339 in UTC.
    pub schedule_time: String,
}

/// Which attempt it is that a layout is made for.
#[derive(Clone, Copy, Debug)]
pub struct AttemptNames<'run> {
    /// The run's names.
    pub run: &'run RunNames,
    /// The step's path in the run.
    pub step: &'run StepName,
    /// Counted from 1.
    pub attempt: u32,
}

/// A task whose component is a program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContainerCall {
    /// The task's name in its graph.
    pub task: String,
    /// Where each input comes from.
    pub inputs: BTreeMap<String, Argument>,
    /// Inputs whose text names the attempt, and so is finished only for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub late: Vec<String>,
    /// What the component takes.
    pub takes: InputDefinitions,
    /// What the component gives.
    pub gives: OutputDefinitions,
    /// The program and what stands before its arguments; empty for a Python function.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// Its arguments, placeholders unfilled; empty for a Python function.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<String>,
    /// Variables by name, placeholders unfilled.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, String>,
    /// Variables whose values the node keeps.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kept_variables: BTreeMap<String, VariableSource>,
    /// The function, where the program is one of Python.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub python: Option<PythonFunction>,
    /// Folders that are empty at the start and writable.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scratch: Vec<String>,
    /// Folders whose files the node keeps, by the place where they are to be seen.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kept_folders: BTreeMap<String, KeptFolder>,
    /// How large the run's shared folder may become, where it is to be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace_bytes_max: Option<u64>,
}

/// Where the node keeps a variable's value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VariableSource {
    /// A key of a secret.
    Secret {
        /// The secret.
        name: String,
        /// Its key.
        key: String,
        /// Whether the variable is left out when there is none.
        optional: bool,
    },
    /// A key of a config map.
    ConfigMap {
        /// The config map.
        name: String,
        /// Its key.
        key: String,
        /// Whether the variable is left out when there is none.
        optional: bool,
    },
}

impl VariableSource {
    /// Whether the variable is left out when there is no value.
    #[must_use]
    pub const fn is_optional(&self) -> bool {
        match self {
            Self::Secret { optional, .. } | Self::ConfigMap { optional, .. } => *optional,
        }
    }

    /// What holds the value, and under which key.
    #[must_use]
    pub fn kept(&self) -> (KeptSource, &str) {
        match self {
            Self::Secret { name, key, .. } => (KeptSource::Secret(name.clone()), key),
            Self::ConfigMap { name, key, .. } => (KeptSource::ConfigMap(name.clone()), key),
        }
    }
}

/// A secret or a config map whose keys are files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeptFolder {
    /// Which.
    pub source: KeptSource,
    /// Names of files by keys; all keys under their own names where it is empty.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub items: BTreeMap<String, String>,
    /// Whether the folder is empty where there is none.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

/// Something that the node keeps under a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeptSource {
    /// A secret.
    Secret(String),
    /// A config map.
    ConfigMap(String),
}

/// A task that makes a reference to something that exists already; no guest is called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Import {
    /// Where each input comes from.
    pub inputs: BTreeMap<String, Argument>,
    /// Name of the one output.
    pub output: String,
    /// Where the thing is.
    pub uri: ImportUri,
    /// Its type.
    pub artifact_type: ArtifactType,
    /// Its metadata, placeholders unfilled.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, Json>,
    /// Whether steps look for the content in the shared folder.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub to_workspace: bool,
    /// The whole URI, where it is known before the run begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_uri: Option<String>,
    /// Variables that open the place, whose values the node keeps. Where there are none, the node's own access does.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kept_variables: BTreeMap<String, VariableSource>,
}

/// Where an imported thing is said to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ImportUri {
    /// Written down.
    Text(String),
    /// In an input.
    Input(String),
}

/// What an import makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Where the thing is.
    pub uri: String,
    /// A reference without content. Whoever knows content of this URI puts it in its place.
    pub artifact: ArtifactRef,
}

impl Imported {
    /// The reference with the content that was found.
    #[must_use]
    pub fn with_content(self, content: ArtifactRef) -> ArtifactRef {
        artifact::with_content(self.artifact, content)
    }
}

/// Where content to import is, by the kind of its URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportPlace {
    /// At a web address.
    Web {
        /// The host, with a port where the address has one.
        host: String,
    },
    /// In a registry.
    Registry {
        /// The reference.
        reference: String,
    },
    /// In a bucket of an S3-compatible store.
    Bucket {
        /// `s3`, `gs` or `minio`, as the URI has it.
        scheme: String,
        /// The bucket's name.
        bucket: String,
        /// An object's key, or what the keys of a folder's objects begin with.
        key: String,
    },
}

/// Where the content of a URI is.
///
/// # Errors
/// Where it is somewhere that nodes do not read.
pub fn import_place(uri: &str) -> Result<ImportPlace, Failure> {
    if let Some(reference) = uri.strip_prefix("oci://") {
        return Ok(ImportPlace::Registry { reference: reference.to_owned() });
    }
    if let Some(rest) = uri.strip_prefix("https://").or_else(|| uri.strip_prefix("http://")) {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if !host.is_empty() && !host.contains('@') {
            return Ok(ImportPlace::Web { host: host.to_owned() });
        }
    }
    if let Some(place) = bucket_place(uri) {
        return Ok(place);
    }
    let message = format!("the importer names `{uri}`, which a node does not read");
    Err(Failure::new(Code::ImportFailed, message).with_hint(
        "name an oci:// reference, an object or folder of a bucket (s3://, gs://, minio://), or an http:// or https:// \
         address without a password; content from elsewhere is uploaded with `sandmill artifact push` or handed over \
         as a parameter",
    ))
}

fn bucket_place(uri: &str) -> Option<ImportPlace> {
    let (scheme, rest) = uri.split_once("://")?;
    let (bucket, key) = rest.split_once('/')?;
    let key = key.trim_end_matches('/');
    let known = matches!(scheme, "s3" | "gs" | "minio") && !bucket.is_empty() && !key.is_empty();
    known.then(|| ImportPlace::Bucket { scheme: scheme.to_owned(), bucket: bucket.to_owned(), key: key.to_owned() })
}

/// What an import makes of its inputs.
///
/// # Errors
/// Where the URI is missing or empty, or a placeholder has nothing to be filled with.
pub fn import(import: &Import, inputs: &KfpInputs, run: &RunNames) -> Result<Imported, Failure> {
    let values: BTreeMap<String, Json> = inputs.iter().filter_map(|(name, value)| plain(name, value)).collect();
    let uri = match &import.uri {
        ImportUri::Text(text) => text.clone(),
        ImportUri::Input(name) => values.get(name).map(text_of_json).unwrap_or_default(),
    };
    let scope = Scope { run, values: &values, task: None };
    let uri = text_of_json(&fill_json(&Json::String(uri), &scope)?);
    if uri.is_empty() {
        return Err(Failure::new(Code::InvalidParameter, "the importer was given no URI")
            .with_hint("give it one, such as gs://bucket/file"));
    }
    let mut metadata = BTreeMap::new();
    for (key, value) in &import.metadata {
        let key = text_of_json(&fill_json(&Json::String(key.clone()), &scope)?);
        metadata.insert(key, fill_json(value, &scope)?);
    }
    if import.to_workspace {
        metadata.insert(artifact::IN_WORKSPACE.to_owned(), true.into());
    }
    let runtime = RuntimeArtifact {
        name: import.output.clone(),
        artifact_type: import.artifact_type.clone(),
        uri: uri.clone(),
        metadata,
    };
    Ok(Imported { uri, artifact: artifact::external(&runtime) })
}

fn plain(name: &str, value: &Value) -> Option<(String, Json)> {
    match value {
        Value::Plain(json) => Some((name.to_owned(), json.clone())),
        _ => None,
    }
}
