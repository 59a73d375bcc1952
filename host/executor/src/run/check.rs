//! A document checked as a submission would check it, with nothing written.
//! Never starts anything.

use std::collections::BTreeMap;

use host_base::{Failure, FunctionSignature, Value};
use host_pipeline::{Graph, Plan, PlannedStep, Task, Work};
use sdk_spec::{Pipeline, kfp};
use serde::Serialize;

use crate::admission::refusals;
use crate::run::facts::written;
use crate::{Executor, packages};

/// What a document means on this node.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckReport {
    /// The pipeline's name.
    pub pipeline: String,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What a run of it can be given, sorted by name.
    pub parameters: Vec<CheckedParameter>,
    /// Its steps, sorted by name.
    pub steps: Vec<CheckedStep>,
    /// Everything that it does.
    #[serde(skip)]
    pub graph: Graph,
    /// What it asks of another platform that changes nothing here, and why.
    pub ignored: Vec<String>,
}

/// One parameter of a checked document.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckedParameter {
    /// Its name.
    pub name: String,
    /// What values it takes, in the words of Sandmill's own documents.
    pub value_type: String,
    /// For people.
    pub description: Option<String>,
    /// Taken when a run does not give it.
    pub default: Option<serde_json::Value>,
    /// Whether a run has to give it.
    pub required: bool,
    /// The only values that it takes, where the author listed them.
    pub choices: Vec<serde_json::Value>,
}

/// One step of a checked document.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckedStep {
    /// The author's name for it.
    pub name: String,
    /// The author's reference.
    pub component: String,
    /// Digest of the component's bytes.
    pub digest: String,
    /// What is called; none for a command.
    pub function: Option<FunctionSignature>,
    /// Steps that must have succeeded before.
    pub needs: Vec<String>,
    /// Whether an earlier result may stand in.
    pub cache: bool,
}

impl Executor {
    /// Parses, resolves, type-checks and admits a document. All problems are returned at once.
    pub async fn check(&self, document: &str) -> Result<CheckReport, Vec<Failure>> {
        if kfp::is_package(document) {
            let package = kfp::Package::parse(document).map_err(|error| host_pipeline::document_failures(&error))?;
            return self.check_package(&package).await;
        }
        let pipeline = Pipeline::parse(document).map_err(|error| host_pipeline::document_failures(&error))?;
        let plan = self.plan_of(&pipeline, None).await?;
        let parameters = pipeline.spec.parameters.iter().map(|(name, parameter)| CheckedParameter {
            name: name.clone(),
            value_type: written(&parameter.parameter_type),
            description: parameter.description.clone(),
            default: parameter.default.clone(),
            required: parameter.default.is_none(),
            choices: Vec::new(),
        });
        let parameters = parameters.collect();
        Ok(CheckReport { parameters, description: pipeline.metadata.description.clone(), ..report(plan) })
    }

    /// The name that a document gives its pipeline.
    pub fn document_name(&self, document: &str) -> Result<String, Vec<Failure>> {
        if kfp::is_package(document) {
            let package = kfp::Package::parse(document).map_err(|error| host_pipeline::document_failures(&error))?;
            return Ok(package.pipeline.pipeline_info.name);
        }
        let pipeline = Pipeline::parse(document).map_err(|error| host_pipeline::document_failures(&error))?;
        Ok(pipeline.metadata.name)
    }

    /// The plan of a document. Without parameters, they are checked by type only.
    pub(crate) async fn plan(
        &self,
        document: &str,
        parameters: Option<&BTreeMap<String, Value>>,
    ) -> Result<Plan, Vec<Failure>> {
        let pipeline = Pipeline::parse(document).map_err(|error| host_pipeline::document_failures(&error))?;
        self.plan_of(&pipeline, parameters).await
    }

    async fn plan_of(
        &self,
        pipeline: &Pipeline,
        parameters: Option<&BTreeMap<String, Value>>,
    ) -> Result<Plan, Vec<Failure>> {
        let references = host_pipeline::component_references(pipeline);
        let trust = self.shared.config.trust.of(pipeline.metadata.namespace.as_deref());
        let components = self.shared.components.resolve(references, trust).await?;
        let limits = &self.shared.config.default_limits;
        let mut plan = match parameters {
            Some(parameters) => host_pipeline::compile(pipeline, &components, parameters, limits)?,
            None => host_pipeline::check(pipeline, &components, limits)?,
        };
        let wanted = host_pipeline::python::wanted_packages(&plan);
        if !wanted.is_empty() {
            let found = packages::resolve(&self.shared.wheels, "step", wanted).await?;
            host_pipeline::python::pin_packages(&mut plan, &found);
        }
        let refusals = refusals(&self.shared, &plan).await;
        if refusals.is_empty() { Ok(plan) } else { Err(refusals) }
    }
}

/// What a plan says by itself; the document knows its parameters.
pub(crate) fn report(plan: Plan) -> CheckReport {
    let mut steps = Vec::new();
    walk("", &plan.graph, &mut steps);
    let Plan { pipeline, graph, .. } = plan;
    CheckReport { pipeline, description: None, parameters: Vec::new(), steps, graph, ignored: Vec::new() }
}

fn walk(prefix: &str, graph: &Graph, steps: &mut Vec<CheckedStep>) {
    for task in &graph.tasks {
        let path = format!("{prefix}{}", task.name);
        match &task.work {
            Work::Step(step) => steps.push(checked(path, prefix, task, step)),
            Work::Graph(group) => walk(&format!("{path}/"), &group.graph, steps),
        }
    }
}

fn checked(name: String, prefix: &str, task: &Task, step: &PlannedStep) -> CheckedStep {
    CheckedStep {
        name,
        component: step.component.reference.clone(),
        digest: step.component.digest.to_string(),
        function: step.call.signature().cloned(),
        needs: task.needs.iter().map(|needed| format!("{prefix}{needed}")).collect(),
        cache: step.cache,
    }
}
