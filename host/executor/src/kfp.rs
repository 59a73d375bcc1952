//! Compiled Kubeflow pipelines on this node: resolved, planned, admitted, submitted.
//! Never interprets one; `host-pipeline` does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use host_base::{Calendar, Code, Failure, RunId, Value};
use host_pipeline::kfp::{KeptSource, Resolved, RunNames, Submission, Wanted, ignored_settings, kept_needs, wanted};
use host_pipeline::{Call, Plan};
use sdk_spec::kfp::{Package, ParameterInput, ParameterType};
use serde_json::Value as Json;

use crate::admission::refusals;
use crate::import::access::Access;
use crate::kept::Kept;
use crate::run::attempt::kfp::{PIPELINE, missing};
use crate::run::check::{CheckReport, CheckedParameter, report};
use crate::run::start::Introduction;
use crate::{Executor, Policy, packages};

/// A run of a compiled pipeline that is asked for.
#[derive(Clone, Debug, Default)]
pub struct KfpSubmission {
    /// What the SDK wrote: the pipeline, or `{pipeline_spec, platform_spec}`.
    pub spec: Json,
    /// What the run is given.
    pub parameters: BTreeMap<String, Json>,
    /// Below which outputs are placed; empty for the pipeline's own.
    pub pipeline_root: String,
    /// The run's name for people; empty for one made of the pipeline's name and the run's id.
    pub job_name: String,
    /// When a schedule meant it to start, RFC 3339; none for now.
    pub schedule_time: Option<String>,
    /// Whether earlier results may stand in, in place of what the tasks say.
    pub enable_caching: Option<bool>,
    /// Its id and what is attached to it; a new id and nothing where it is left out.
    pub introduction: Introduction,
}

impl Executor {
    /// Accepts a run of a compiled pipeline. When this returns, the run is durable and at work; all problems are
    /// returned at once.
    pub async fn submit_kfp(&self, submission: KfpSubmission) -> Result<RunId, Vec<Failure>> {
        let package = package(&submission.spec)?;
        let run = match submission.introduction.run.clone() {
            Some(run) => run,
            None => self.new_run().map_err(|failure| vec![failure])?,
        };
        let create_time = Calendar::of(self.shared.clock.now_millis()).rfc3339();
        let job_name = match submission.job_name.as_str() {
            "" => format!("{} {run}", package.pipeline.pipeline_info.name),
            name => name.to_owned(),
        };
        let names = RunNames {
            pipeline: String::new(),
            job_name,
            job_id: run.to_string(),
            pipeline_root: submission.pipeline_root,
            schedule_time: submission.schedule_time.unwrap_or_else(|| create_time.clone()),
            create_time,
        };
        let plan = self.plan_kfp(&package, &names, Some(&submission.parameters), submission.enable_caching).await?;
        self.accept(run.clone(), Arc::new(plan), submission.introduction.attributes)
            .await
            .map_err(|failure| vec![failure])?;
        Ok(run)
    }

    /// What a compiled pipeline would run here, or everything that is wrong with it. Nothing is started.
    pub async fn check_kfp(&self, spec: &Json) -> Result<CheckReport, Vec<Failure>> {
        self.check_package(&package(spec)?).await
    }

    /// The same for a file that was read already.
    pub(crate) async fn check_package(&self, package: &Package) -> Result<CheckReport, Vec<Failure>> {
        let plan = self.plan_kfp(package, &RunNames::default(), None, None).await?;
        let mut report = report(plan);
        let description = package.pipeline.pipeline_info.description.clone();
        report.description = Some(description).filter(|text| !text.is_empty());
        report.parameters = parameters(package);
        report.ignored = ignored_settings(package)
            .into_iter()
            .map(|one| match one.executor {
                Some(executor) => format!("{executor}: {}: {}", one.setting, one.reason),
                None => format!("{}: {}", one.setting, one.reason),
            })
            .collect();
        Ok(report)
    }

    async fn plan_kfp(
        &self,
        package: &Package,
        names: &RunNames,
        parameters: Option<&BTreeMap<String, Json>>,
        caching: Option<bool>,
    ) -> Result<Plan, Vec<Failure>> {
        let limits = &self.shared.config.default_limits;
        let submission = Submission { package, names, parameters, caching, limits };
        let resolved = Box::pin(self.look_up(wanted(&submission)?)).await?;
        let plan = host_pipeline::kfp::compile(&submission, &resolved)?;
        let mut refused = not_here(&plan, &self.shared.kept);
        refused.extend(not_read(&plan, &self.shared.config.policy, &self.shared.kept));
        refused.extend(refusals(&self.shared, &plan).await);
        if refused.is_empty() { Ok(plan) } else { Err(refused) }
    }
}

impl Executor {
    /// What a pipeline names, found; or everything that cannot be.
    async fn look_up(&self, wanted: Wanted) -> Result<Resolved, Vec<Failure>> {
        // Compiled pipelines name no namespace.
        let trust = self.shared.config.trust.of(None);
        let components = self.shared.components.resolve(wanted.components, trust).await.map_err(explain);
        let packages = packages::resolve(&self.shared.wheels, "task", wanted.packages).await;
        match (components, packages) {
            (Ok(components), Ok(packages)) => Ok(Resolved { components, packages }),
            (components, packages) => Err(components.err().into_iter().chain(packages.err()).flatten().collect()),
        }
    }
}

/// What a run of a compiled pipeline can be given.
fn parameters(package: &Package) -> Vec<CheckedParameter> {
    let definitions = &package.pipeline.root.input_definitions.parameters;
    let parameter = |(name, definition): (&String, &ParameterInput)| CheckedParameter {
        name: name.clone(),
        value_type: type_name(definition.parameter_type).to_owned(),
        description: Some(definition.description.clone()).filter(|text| !text.is_empty()),
        default: definition.default_value.clone(),
        required: definition.default_value.is_none() && !definition.is_optional,
        choices: definition.literals.clone(),
    };
    definitions.iter().map(parameter).collect()
}

/// A type in the words of Sandmill's own documents; what holds any value is an object to whoever fills it in.
const fn type_name(parameter_type: ParameterType) -> &'static str {
    match parameter_type {
        ParameterType::NumberDouble => "number",
        ParameterType::NumberInteger => "integer",
        ParameterType::String => "string",
        ParameterType::Boolean => "boolean",
        ParameterType::List => "list",
        ParameterType::Struct
        | ParameterType::ParameterTypeEnumUnspecified
        | ParameterType::TaskFinalStatus
        | ParameterType::TaskConfig => "object",
    }
}

/// A file of the SDK's as clients send it, and parameters as compiled pipelines take them.
pub(crate) fn package_and_parameters(
    document: &str,
    parameters: BTreeMap<String, Value>,
) -> Result<(Json, BTreeMap<String, Json>), Vec<Failure>> {
    let package = Package::parse(document).map_err(|error| host_pipeline::document_failures(&error))?;
    let mut given = BTreeMap::new();
    for (name, value) in parameters {
        match value {
            Value::Plain(json) => _ = given.insert(name, json),
            Value::Artifact(_) | Value::List(_) => {
                let message = format!("parameter `{name}` is an artifact, which compiled pipelines do not take");
                let failure = Failure::new(Code::InvalidParameter, message);
                return Err(vec![failure.with_hint("import it with dsl.importer inside the pipeline")]);
            }
        }
    }
    let spec = serde_json::to_value(&package).map_err(|error| {
        vec![Failure::new(Code::Internal, format!("a pipeline that was read cannot be written: {error}"))]
    })?;
    Ok((spec, given))
}

fn package(spec: &Json) -> Result<Package, Vec<Failure>> {
    Package::from_json(spec).map_err(|error| host_pipeline::document_failures(&error))
}

/// What to do about an image that is no component, or that is not there.
fn explain(failures: Vec<Failure>) -> Vec<Failure> {
    let explain = |failure: Failure| match failure.code {
        Code::NotAComponent | Code::ComponentNotFound | Code::RegistryUnreachable | Code::RegistryRefused => {
            let hint = "an image has to be a WebAssembly component: build the program for wasm32-wasip2, push it with \
                        `sandmill component push`, and name it in the pipeline; functions of Python need no image";
            failure.with_hint(hint)
        }
        _ => failure,
    };
    failures.into_iter().map(explain).collect()
}

/// Imports that are known by now and that this node's policy does not allow.
fn not_read(plan: &Plan, policy: &Policy, kept: &Kept) -> Vec<Failure> {
    let mut refused = Vec::new();
    for (name, step) in plan.steps() {
        let Call::Import(import) = &step.call else { continue };
        let Some(uri) = &import.known_uri else { continue };
        // What is not kept is told where all of it is.
        let Ok(access) = Access::of_import(kept, &import.kept_variables) else { continue };
        if let Err(failure) = crate::import::check(policy, uri, access.as_ref()) {
            refused.push(Failure { message: format!("step `{name}`: {}", failure.message), ..failure });
        }
    }
    refused
}

/// What a plan asks of a node and this one does not have, told before anything starts: all of it at once.
fn not_here(plan: &Plan, kept: &Kept) -> Vec<Failure> {
    let needs = kept_needs(plan);
    let variables = needs.variables.iter().map(|variable| {
        let (source, key) = variable.kept();
        (source, Some(key.to_owned()))
    });
    let folders = needs.folders.iter().flat_map(|(source, keys)| {
        let keys: Vec<Option<String>> =
            if keys.is_empty() { vec![None] } else { keys.iter().cloned().map(Some).collect() };
        keys.into_iter().map(|key| (source.clone(), key))
    });
    let wanted: BTreeSet<(KeptSource, Option<String>)> = variables.chain(folders).collect();
    let mut refused = Vec::new();
    for (source, key) in wanted {
        let found = match &key {
            Some(key) => kept.value(&source, key).map(|value| value.is_some()),
            None => kept.keys(&source).map(|keys| keys.is_some()),
        };
        match found {
            Ok(true) => {}
            Ok(false) => refused.push(missing(PIPELINE, &source, key.as_deref())),
            Err(failure) => refused.push(failure),
        }
    }
    refused
}
