//! What a run carries out, and the document that it came from.
//! Never plans; what is shown was planned at submission.

use axum::Json;
use axum::extract::{Path, State};
use host_api::pipeline::{Function, TypedName};
use host_api::plan::{PlannedTask, RunDocument, RunPlan};
use host_base::{FunctionSignature, NamedType};
use host_pipeline::{Graph, PlannedStep, Task, Work};

use crate::answer::Answer;
use crate::request::run_id;
use crate::router::Shared;

pub(crate) async fn get(State(shared): State<Shared>, Path(run): Path<String>) -> Answer<Json<RunPlan>> {
    let plan = shared.executor.run_plan(&run_id(&run)?).await?;
    Ok(Json(RunPlan {
        pipeline: plan.pipeline.clone(),
        tasks: tasks(&plan.graph),
        deadline_millis: plan.deadline_millis,
    }))
}

pub(crate) async fn document(State(shared): State<Shared>, Path(run): Path<String>) -> Answer<Json<RunDocument>> {
    Ok(Json(RunDocument { document: shared.executor.run_document(&run_id(&run)?).await? }))
}

/// All tasks of a graph and of the graphs inside, outer ones first.
pub(crate) fn tasks(graph: &Graph) -> Vec<PlannedTask> {
    let mut found = Vec::new();
    let mut graphs = std::collections::VecDeque::from([(None, graph)]);
    while let Some((parent, graph)) = graphs.pop_front() {
        for task in &graph.tasks {
            let task_to_wire = task_to_wire(parent.as_deref(), task);
            if let Work::Graph(group) = &task.work {
                graphs.push_back((Some(task_to_wire.name.clone()), &group.graph));
            }
            found.push(task_to_wire);
        }
    }
    found
}

fn task_to_wire(parent: Option<&str>, task: &Task) -> PlannedTask {
    let path = |name: &host_base::StepName| match parent {
        Some(parent) => format!("{parent}/{name}"),
        None => name.to_string(),
    };
    let step = match &task.work {
        Work::Step(step) => Some(step),
        Work::Graph(_) => None,
    };
    let kind = match &task.work {
        Work::Step(_) => "step",
        Work::Graph(group) if group.each.is_some() => "loop",
        Work::Graph(_) if task.when.is_some() => "condition",
        Work::Graph(_) => "group",
    };
    PlannedTask {
        name: path(&task.name),
        kind: kind.to_owned(),
        parent: parent.map(str::to_owned),
        needs: task.needs.iter().map(path).collect(),
        component: step.map(|step| step.component.reference.clone()),
        digest: step.map(|step| step.component.digest.to_string()),
        function: step.and_then(|step| function_of(step)),
    }
}

/// The function that a step calls; none for a command.
pub(crate) fn function_of(step: &PlannedStep) -> Option<Function> {
    step.call.signature().map(function_to_wire)
}

pub(crate) fn function_to_wire(signature: &FunctionSignature) -> Function {
    let typed = |named: &NamedType| TypedName { name: named.name.clone(), value_type: named.value_type.to_string() };
    Function {
        name: signature.name.clone(),
        parameters: signature.parameters.iter().map(typed).collect(),
        outputs: signature.outputs.iter().map(typed).collect(),
    }
}
