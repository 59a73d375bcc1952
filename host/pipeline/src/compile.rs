//! From a document to a plan: components put in, every edge type-checked, every problem reported at once.
//! Never resolves a reference to a registry; the components come ready.

mod arguments;
mod callee;
mod command;
mod constant;
pub(crate) mod cycle;
mod edges;
mod expression;
mod fit;
mod parameters;
pub(crate) mod problems;
mod python;

use std::collections::{BTreeMap, BTreeSet};

use host_base::{ComponentInterface, Failure, Limits, StepName, Value};
use sdk_spec::{DocumentError, Pipeline, ProblemKind, StepSpec};

use crate::{Call, ComponentId, Graph, Plan, PlannedStep, Task, Trigger, Work};
use callee::Callee;
use edges::Edges;
use parameters::KnownParameters;
use problems::Problems;

pub(crate) use fit::{artifact_in, check_value};

/// A component that a pipeline names, found and read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedComponent {
    /// The author's reference and what it means now.
    pub id: ComponentId,
    /// Its functions and types.
    pub interface: ComponentInterface,
}

/// References that must be resolved before the pipeline can be compiled.
#[must_use]
pub fn component_references(pipeline: &Pipeline) -> BTreeSet<String> {
    pipeline.spec.steps.values().map(|step| step.component.clone()).collect()
}

/// Makes the plan of one run. `components` are keyed by the authors' references; `defaults` stand in
/// for limits that a step leaves out.
///
/// # Errors
/// All problems at once, each naming both ends of what does not fit; past a hundred the rest is counted.
pub fn compile(
    pipeline: &Pipeline,
    components: &BTreeMap<String, ResolvedComponent>,
    parameters: &BTreeMap<String, Value>,
    defaults: &Limits,
) -> Result<Plan, Vec<Failure>> {
    compile_with(pipeline, components, Some(parameters), defaults)
}

/// Finds the problems that [`compile`] would find whatever the parameters: those are checked by their
/// types, and by their defaults.
///
/// The plan is for looking at. A parameter without a default stands as null in it, so it must not be run.
///
/// # Errors
/// As in [`compile`].
pub fn check(
    pipeline: &Pipeline,
    components: &BTreeMap<String, ResolvedComponent>,
    defaults: &Limits,
) -> Result<Plan, Vec<Failure>> {
    compile_with(pipeline, components, None, defaults)
}

/// A document's problems as the failures that people and programs meet.
#[must_use]
pub fn document_failures(error: &DocumentError) -> Vec<Failure> {
    let failure = |problem: &sdk_spec::Problem| {
        let code = match problem.kind {
            ProblemKind::Syntax => host_base::Code::DocumentSyntax,
            ProblemKind::UnknownKey => host_base::Code::UnknownKey,
            ProblemKind::InvalidValue => host_base::Code::InvalidDocument,
        };
        let hint = problem.hint.clone();
        Failure { hint, ..Failure::new(code, sdk_spec::Problem { hint: None, ..problem.clone() }.to_string()) }
    };
    error.problems.iter().map(failure).collect()
}

fn compile_with(
    pipeline: &Pipeline,
    components: &BTreeMap<String, ResolvedComponent>,
    given: Option<&BTreeMap<String, Value>>,
    defaults: &Limits,
) -> Result<Plan, Vec<Failure>> {
    let mut problems = Problems::default();
    let parameters = parameters::know(&pipeline.spec.parameters, given, &mut problems);
    let callees = callee::find_all(pipeline, components, &mut problems);
    let edges = Edges { pipeline, parameters: &parameters, callees: &callees };
    let mut tasks = Vec::with_capacity(pipeline.spec.steps.len());
    let mut waits = BTreeMap::new();
    for (name, spec) in &pipeline.spec.steps {
        let (call, needs) = plan_call(name, spec, &edges, &mut problems);
        if let (Some(call), Some(component)) = (call, components.get(&spec.component)) {
            tasks.push(plan_task(name, spec, component, call, &needs, defaults));
        }
        waits.insert(name.as_str(), needs);
    }
    if tasks.is_empty() && problems.is_empty() {
        problems.push(problems::no_steps(&pipeline.metadata.name));
    }
    cycle::find(&waits, &mut problems);
    problems.into_result()?;
    Ok(Plan {
        pipeline: pipeline.metadata.name.clone(),
        namespace: pipeline.metadata.namespace.clone(),
        parameters: plan_parameters(&parameters),
        graph: Graph { tasks, outputs: BTreeMap::new() },
        kfp: None,
        deadline_millis: None,
    })
}

/// What a step calls, and which steps it has to wait for. The latter is found even where the former is not.
fn plan_call<'spec>(
    name: &str,
    spec: &'spec StepSpec,
    edges: &Edges<'spec>,
    problems: &mut Problems,
) -> (Option<Call>, BTreeSet<&'spec str>) {
    let mut needs = edges.find_after(name, spec, problems);
    let call = match edges.callees.get(name) {
        Some(Callee::Function(signature)) => arguments::plan(name, spec, signature, edges, &mut needs, problems),
        Some(Callee::Python(python, signature)) => {
            python::plan(name, spec, python, signature, edges, &mut needs, problems)
        }
        Some(Callee::Command) => command::plan(name, spec, edges, &mut needs, problems),
        None => {
            edges.find_needs(name, spec, &mut needs, problems);
            None
        }
    };
    (call, needs)
}

fn plan_task(
    name: &str,
    spec: &StepSpec,
    component: &ResolvedComponent,
    call: Call,
    needs: &BTreeSet<&str>,
    defaults: &Limits,
) -> Task {
    let step = PlannedStep {
        component: component.id.clone(),
        call,
        grants: spec.grants.clone(),
        limits: limits(spec, defaults),
        retry: spec.retry.clone(),
        cache: spec.cache.unwrap_or_else(|| !spec.grants.reach_outside()),
        cache_key: None,
    };
    Task {
        name: StepName::from(name),
        needs: needs.iter().map(|needed| StepName::from(*needed)).collect(),
        trigger: Trigger::AllSucceeded,
        when: None,
        work: Work::Step(Box::new(step)),
    }
}

fn limits(spec: &StepSpec, defaults: &Limits) -> Limits {
    const MILLIS_PER_TICK: u64 = 10;
    let limits = &spec.limits;
    Limits {
        memory_bytes_max: limits.memory.map_or(defaults.memory_bytes_max, |size| size.0),
        wall_millis_max: spec.timeout.map_or(defaults.wall_millis_max, |span| span.0),
        cpu_ticks_max: limits.cpu.map_or(defaults.cpu_ticks_max, |span| span.0.div_ceil(MILLIS_PER_TICK)),
        output_bytes_max: limits.output.map_or(defaults.output_bytes_max, |size| size.0),
        log_bytes_max: limits.log.map_or(defaults.log_bytes_max, |size| size.0),
        ..defaults.clone()
    }
}

fn plan_parameters(known: &KnownParameters<'_>) -> BTreeMap<String, Value> {
    let value =
        |known: &parameters::KnownParameter| known.value.clone().unwrap_or(Value::Plain(serde_json::Value::Null));
    known.iter().map(|(name, known)| ((*name).to_owned(), value(known))).collect()
}

#[cfg(test)]
mod tests;
