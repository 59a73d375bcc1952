//! From a compiled Kubeflow pipeline to a plan: graphs walked, references made local, everything wrong told at once.
//! Never resolves a reference to a registry; the components come ready.

mod arguments;
mod container;
mod graph;
mod parameters;
mod platform;
mod settings;

use std::collections::{BTreeMap, BTreeSet};

use host_base::{Code, Failure, Limits, Value, Wheel};
use sdk_spec::kfp::{ComponentSpec, Package, RetryPolicy};
use serde_json::Value as Json;

use super::call::{KeptSource, RunNames, VariableSource};
use super::layout::no_folder;
use crate::compile::problems::Problems;
use crate::python::PackageRequest;
use crate::{Call, Graph, Plan, ResolvedComponent};

pub use platform::IgnoredSetting;

/// Tasks of one plan, loops counted once. A component that is used twice by each of the next comes to more quickly.
const TASKS_MAX: usize = 100_000;
/// Graphs inside each other.
const DEPTH_MAX: usize = 64;
/// Where outputs are placed if neither the run nor the pipeline says.
const DEFAULT_ROOT: &str = "minio://sandmill/artifacts";

/// A compiled pipeline, and what a run of it is given.
#[derive(Clone, Copy, Debug)]
pub struct Submission<'run> {
    /// The compiled pipeline.
    pub package: &'run Package,
    /// What the run is called. An empty pipeline root means the pipeline's own.
    pub names: &'run RunNames,
    /// The run's parameters; none where the pipeline is only looked at.
    pub parameters: Option<&'run BTreeMap<String, Json>>,
    /// Whether earlier results may stand in, in place of what the tasks say.
    pub caching: Option<bool>,
    /// Stand in for limits that a task does not set.
    pub limits: &'run Limits,
}

/// What a pipeline names and a node has to look up before it can be compiled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// References of components.
    pub components: BTreeSet<String>,
    /// Packages of Python functions, with the first task that asks for them.
    pub packages: BTreeMap<PackageRequest, String>,
}

/// The same looked up.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    /// By reference.
    pub components: BTreeMap<String, ResolvedComponent>,
    /// By what was asked for.
    pub packages: BTreeMap<PackageRequest, Vec<Wheel>>,
}

/// What must be looked up before the pipeline can be compiled.
///
/// # Errors
/// As in [`compile`].
pub fn wanted(submission: &Submission<'_>) -> Result<Wanted, Vec<Failure>> {
    let mut walk = Walk::new(submission, None);
    walk.plan();
    walk.problems.into_result()?;
    Ok(walk.wanted)
}

/// Makes the plan of one run from what [`wanted`] named.
///
/// # Errors
/// All problems at once; past a hundred the rest is counted.
pub fn compile(submission: &Submission<'_>, resolved: &Resolved) -> Result<Plan, Vec<Failure>> {
    let mut walk = Walk::new(submission, Some(resolved));
    let plan = walk.plan();
    walk.problems.into_result()?;
    Ok(plan)
}

/// Finds the problems that [`compile`] would find whatever the parameters. The plan is for looking at.
///
/// # Errors
/// As in [`compile`].
pub fn check(package: &Package, resolved: &Resolved, limits: &Limits) -> Result<Plan, Vec<Failure>> {
    let names = RunNames::default();
    compile(&Submission { package, names: &names, parameters: None, caching: None, limits }, resolved)
}

/// What the pipeline asks of its platform that has no meaning in a sandbox, and changes nothing of the result.
#[must_use]
pub fn ignored_settings(package: &Package) -> Vec<IgnoredSetting> {
    platform::ignored(package)
}

/// What the node must keep for a plan's steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptNeeds {
    /// Values of variables.
    pub variables: BTreeSet<VariableSource>,
    /// Secrets and config maps whose keys are files: each with the keys that are named.
    pub folders: BTreeMap<KeptSource, BTreeSet<String>>,
}

/// What the node must keep for this plan's steps; what is optional is left out.
#[must_use]
pub fn kept_needs(plan: &Plan) -> KeptNeeds {
    let mut needs = KeptNeeds::default();
    for (_, step) in plan.steps() {
        let variables = match &step.call {
            Call::Kfp(call) => &call.kept_variables,
            Call::Import(import) => &import.kept_variables,
            _ => continue,
        };
        needs.variables.extend(variables.values().filter(|source| !source.is_optional()).cloned());
        let Call::Kfp(call) = &step.call else { continue };
        for folder in call.kept_folders.values().filter(|folder| !folder.optional) {
            needs.folders.entry(folder.source.clone()).or_default().extend(folder.items.keys().cloned());
        }
    }
    needs
}

/// The way through the components, and what it found so far.
struct Walk<'run> {
    submission: &'run Submission<'run>,
    names: RunNames,
    /// None while it is gathered what has to be looked up.
    resolved: Option<&'run Resolved>,
    wanted: Wanted,
    problems: Problems,
    tasks: usize,
    /// How large the run's shared folder may become, if it has one.
    workspace_bytes_max: Option<u64>,
}

/// Where the walk stands.
struct Place<'run> {
    /// For messages and for steps' names: empty at the root, else with a slash last.
    path: String,
    /// The component whose graph it is.
    component: &'run ComponentSpec,
    /// Inputs of the graph whose values are known already.
    known: BTreeMap<String, Json>,
    /// Retries that tasks without their own inherit.
    retry: Option<&'run RetryPolicy>,
    /// Components that the walk is inside of.
    within: Vec<&'run str>,
}

impl Place<'_> {
    /// The path of a task of this graph, as messages and steps have it.
    fn task(&self, name: &str) -> String {
        format!("{}{name}", self.path)
    }

    /// The graph itself in a message.
    fn shown(&self) -> &str {
        if self.path.is_empty() { "the pipeline" } else { self.path.trim_end_matches('/') }
    }
}

impl<'run> Walk<'run> {
    fn new(submission: &'run Submission<'run>, resolved: Option<&'run Resolved>) -> Self {
        let spec = &submission.package.pipeline;
        let mut names = submission.names.clone();
        names.pipeline.clone_from(&spec.pipeline_info.name);
        if names.pipeline_root.is_empty() {
            let own = spec.default_pipeline_root.as_str();
            names.pipeline_root = if own.is_empty() { DEFAULT_ROOT } else { own }.to_owned();
        }
        let (wanted, problems) = (Wanted::default(), Problems::default());
        Self { submission, names, resolved, wanted, problems, tasks: 0, workspace_bytes_max: None }
    }

    fn plan(&mut self) -> Plan {
        let spec = &self.submission.package.pipeline;
        self.workspace_bytes_max = platform::workspace_bytes_max(self.submission.package, &mut self.problems);
        if super::local_path(&self.names.pipeline_root).is_none() || self.names.pipeline_root.starts_with("oci://") {
            self.problems.push(no_folder(&self.names.pipeline_root));
        }
        let known = parameters::know(&spec.root.input_definitions, self.submission.parameters, &mut self.problems);
        let place = Place { path: String::new(), component: &spec.root, known, retry: None, within: Vec::new() };
        let graph = match &spec.root.dag {
            Some(dag) => self.graph(&place, dag),
            None => {
                self.problems
                    .push(invalid("the pipeline's root is no graph of tasks", "compile a pipeline, not a component"));
                Graph::default()
            }
        };
        let parameters = place.known.into_iter().map(|(name, json)| (name, Value::Plain(json))).collect();
        Plan {
            pipeline: self.names.pipeline.clone(),
            namespace: None,
            parameters,
            graph,
            kfp: Some(self.names.clone()),
            deadline_millis: platform::deadline_millis(self.submission.package, &mut self.problems),
        }
    }
}

fn invalid(message: impl Into<String>, hint: impl Into<String>) -> Failure {
    Failure::new(Code::InvalidDocument, message).with_hint(hint)
}

#[cfg(test)]
mod tests;
