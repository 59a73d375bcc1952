//! Compiled Kubeflow pipelines (PipelineSpec 2.1, "IR YAML"): what `kfp.compiler` writes, as types.
//! Never decides what can be run; unknown keys are reported, since each could change what a run means.

mod component;
mod executor;
mod pipeline;
mod platform;
mod task;

pub use component::{
    ArtifactInput, ArtifactOutput, ArtifactSelector, ArtifactType, ComponentSpec, DagOutputs, DagSpec,
    InputDefinitions, OutputArtifact, OutputDefinitions, OutputParameter, ParameterInput, ParameterOutput,
    ParameterSelector, ParameterSelectors, ParameterType, TaskConfigPassthrough,
};
pub use executor::{
    Accelerator, ContainerSpec, DeploymentSpec, EnvironmentVariable, ExecutorSpec, ImporterSpec, Lifecycle,
    LifecycleCommand, Resources, RuntimeValue,
};
pub use pipeline::{PipelineInfo, PipelineSpec};
pub use platform::{KubernetesWorkspace, PipelineConfig, Platform, PlatformDeployment, PlatformSpec, Workspace};
pub use task::{
    ArtifactItems, ArtifactIterator, CachingOptions, ComponentRef, IteratorPolicy, ParameterItems, ParameterIterator,
    RetryPolicy, TaskArtifact, TaskFinalStatus, TaskInfo, TaskInputs, TaskOutputArtifact, TaskOutputParameter,
    TaskParameter, TaskSpec, TriggerPolicy, TriggerStrategy,
};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::document::{self, DocumentError, Found, Problem, Read};
use crate::node::{Node, Placed};

/// Schemas that are read. What `kfp` 2 writes; `kfp` 1.8 wrote 2.0.0, which has other types.
pub const SCHEMA_VERSIONS: [&str; 1] = ["2.1.0"];
/// Keys of the two shapes' outermost level, by which a file is told from Sandmill's own documents.
const MARKS: [&str; 4] = ["pipelineInfo", "deploymentSpec", "schemaVersion", "pipeline_spec"];

/// What one compiled file holds: the pipeline, and where there is one the second document beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Package {
    /// The pipeline.
    #[serde(rename = "pipeline_spec")]
    pub pipeline: PipelineSpec,
    /// What it asks of the platform under it.
    #[serde(rename = "platform_spec", default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<PlatformSpec>,
}

impl Package {
    /// Reads a compiled file, YAML or JSON: one document or two, or both as
    /// `{pipeline_spec, platform_spec}` in one.
    ///
    /// # Errors
    /// Everything wrong with it that can be told from the file alone, with lines.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        Self::from_trees(document::parse_all(text)?)
    }

    /// Reads what a client sends inside a request. Problems then have paths and no lines.
    ///
    /// # Errors
    /// As in [`Package::parse`].
    pub fn from_json(json: &Json) -> Result<Self, DocumentError> {
        Self::from_trees(vec![Node::placed(json)])
    }

    fn from_trees(trees: Vec<Placed>) -> Result<Self, DocumentError> {
        let mut trees = trees.into_iter();
        let Some(first) = trees.next() else {
            return Err(document::whole("the file is empty".to_owned(), "compile the pipeline again").into());
        };
        let (pipeline, platform) = match first.value {
            Node::Map(entries) if entries.iter().any(|(key, _)| key.value == "pipeline_spec") => unwrap(entries)?,
            _ => (first, trees.next()),
        };
        if trees.next().is_some() {
            let hint = "keep the pipeline and its platform document";
            return Err(document::whole("the file holds more than two documents".to_owned(), hint).into());
        }
        let pipeline = document::read_tree(pipeline, check)?;
        let platform = platform.filter(|tree| !tree.value.is_null());
        let platform = platform.map(|tree| document::read_tree(tree, |_, _| ())).transpose()?;
        Ok(Self { pipeline, platform })
    }
}

/// Whether a text is a compiled Kubeflow pipeline rather than a document of Sandmill's own.
#[must_use]
pub fn is_package(text: &str) -> bool {
    let Ok(trees) = document::parse_all(text) else { return false };
    trees.first().is_some_and(|tree| MARKS.iter().any(|mark| tree.value.get(mark).is_some()))
}

/// The two parts of the shape that holds both in one.
fn unwrap(entries: Vec<(serde_saphyr::Spanned<String>, Placed)>) -> Result<(Placed, Option<Placed>), DocumentError> {
    let (mut pipeline, mut platform) = (None, None);
    for (key, value) in entries {
        match key.value.as_str() {
            "pipeline_spec" => pipeline = Some(value),
            "platform_spec" => platform = Some(value),
            other => {
                let message = format!("unknown key `{other}` beside `pipeline_spec`");
                return Err(document::whole(message, "the keys are pipeline_spec, platform_spec").into());
            }
        }
    }
    match pipeline {
        Some(pipeline) => Ok((pipeline, platform)),
        None => Err(document::whole("`pipeline_spec` is missing".to_owned(), "compile the pipeline again").into()),
    }
}

/// What the types alone cannot say.
fn check(read: &Read<PipelineSpec>, found: &mut Found) {
    let spec = &read.value;
    if !SCHEMA_VERSIONS.contains(&spec.schema_version.as_str()) {
        let message = match spec.schema_version.as_str() {
            "" => "`schemaVersion` is missing".to_owned(),
            version => format!("schema version {version} is not read here"),
        };
        let hint = format!("compile with kfp 2, which writes {}", SCHEMA_VERSIONS.join(", "));
        found.push(read.problem(&["schemaVersion"], message, Some(hint)));
    }
    if spec.pipeline_info.name.trim().is_empty() {
        let hint = "give the pipeline function a name".to_owned();
        found.push(read.problem(&["pipelineInfo", "name"], "the pipeline has no name".to_owned(), Some(hint)));
    }
    for (name, component) in &spec.components {
        check_component(read, &["components", name], name, component, found);
    }
    check_component(read, &["root"], "root", &spec.root, found);
}

fn check_component(read: &Read<PipelineSpec>, path: &[&str], name: &str, component: &ComponentSpec, found: &mut Found) {
    let problem = match (&component.dag, &component.executor_label) {
        (Some(_), None) => return,
        (None, Some(label)) => match read.value.deployment_spec.executors.contains_key(label) {
            true => return,
            false => format!("component `{name}` names executor `{label}`, which does not exist"),
        },
        (Some(_), Some(_)) => format!("component `{name}` has both `dag` and `executorLabel`"),
        (None, None) => format!("component `{name}` has neither `dag` nor `executorLabel`"),
    };
    let problem: Problem = read.problem(path, problem, Some("compile the pipeline again".to_owned()));
    found.push(problem);
}

#[cfg(test)]
mod tests;
