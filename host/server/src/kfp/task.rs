//! Tasks: what became of each step, what it gave, and why it failed.
//! Never invents one: a task is a step of the ledger, or the run as a whole.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use host_api::kfp::task::{
    ArtifactIds, ChildTask, Task, TaskArtifacts, TaskDetail, TaskList, TaskOutputs, TaskParameter,
};
use host_api::kfp::{ListQuery, Timestamp};
use host_base::{Code, Failure, Value};
use host_ledger::{RunRecord, StepRecord};

use super::answer::{Answer, Query, Refused, invalid};
use super::artifact::artifact_to_wire;
use super::list::{Field, Listed, page};
use super::run::known;
use super::state::runtime_state;
use crate::router::Shared;

impl Listed for Task {
    fn field(&self, key: &str) -> Option<Field> {
        Some(match key {
            "id" | "task_id" => Field::text(&self.task_id),
            "name" | "display_name" => Field::text(&self.name),
            "created_at" | "create_time" => Field::millis(self.create_time.millis),
            "end_time" => self.end_time.map_or(Field::None, |time| Field::millis(time.millis)),
            "state" | "status" => Field::text(&self.state),
            "type" => Field::text(&self.kind),
            "run_id" => Field::text(&self.run_id),
            "parent_task_id" => Field::optional(self.parent_task_id.as_ref()),
            _ => return None,
        })
    }

    fn place(&self) -> String {
        self.task_id.clone()
    }
}

/// How the task is told from others that stands for the whole run.
const ROOT: &str = "";

/// A task's id: the run, and where the step stands in it.
pub(super) fn task_id(run: &str, step: &str) -> String {
    format!("{run}.{step}")
}

/// Takes a task's id apart.
pub(super) fn run_and_step(task: &str) -> Result<(&str, &str), Refused> {
    task.split_once('.').ok_or_else(|| {
        Failure::new(Code::NotFound, format!("there is no task `{task}`")).with_hint("list the run's tasks").into()
    })
}

pub(super) async fn list(State(shared): State<Shared>, Query(query): Query<ListQuery>) -> Answer<TaskList> {
    if query.run_id.is_empty() {
        return Err(invalid("the request does not say of which run", "add `run_id` to the query"));
    }
    let (record, steps) = known(&shared, &query.run_id).await?;
    let (run, made) = (record.id.to_string(), Timestamp::new(record.submitted_at_millis));
    let mut tasks = vec![root(&record)];
    tasks.extend(steps.iter().map(|step| task(&run, made, step)));
    let mut page = page(tasks, &query)?;
    // What a pipeline gives is found by going through the run's history, which is long where there are many pages.
    if let Some(root) = page.items.iter_mut().find(|task| task.parent_task_id.is_none()) {
        root.outputs = given(shared.executor.outputs(&record.id).await?);
    }
    Ok(Json(TaskList { tasks: page.items, total_size: page.total, next_page_token: page.next }))
}

pub(super) async fn get(State(shared): State<Shared>, Path(id): Path<String>) -> Answer<Task> {
    let (run, name) = run_and_step(&id)?;
    let (record, steps) = known(&shared, run).await?;
    if name == ROOT {
        let outputs = given(shared.executor.outputs(&record.id).await?);
        return Ok(Json(Task { outputs, ..root(&record) }));
    }
    let step = steps.iter().find(|step| step.name == name).ok_or_else(|| {
        Failure::new(Code::NotFound, format!("run {run} has no task `{name}`")).with_hint("list the run's tasks")
    })?;
    Ok(Json(task(run, Timestamp::new(record.submitted_at_millis), step)))
}

/// What a step is, in Kubeflow's words.
fn task_type(kind: &str) -> &'static str {
    match kind {
        "group" => "DAG",
        "loop" => "LOOP",
        "iteration" => "LOOP_ITERATION",
        "condition" => "CONDITION",
        _ => "RUNTIME",
    }
}

/// What a step gave, by output.
pub(super) fn outputs(step: &StepRecord) -> BTreeMap<String, Value> {
    // What cannot be read was written by a newer version; the rest of the run is shown all the same.
    step.outputs.clone().and_then(|outputs| serde_json::from_value(outputs).ok()).unwrap_or_default()
}

fn given(outputs: BTreeMap<String, Value>) -> TaskOutputs {
    let mut given = TaskOutputs::default();
    for (output, value) in outputs {
        match &value {
            Value::Plain(json) => {
                given.parameters.push(TaskParameter { parameter_key: output, value: json.clone() });
            }
            _ => {
                let artifacts =
                    value.artifacts().map(|artifact| artifact_to_wire(artifact, Some(&output), None)).collect();
                given.artifacts.push(TaskArtifacts { artifact_key: output, artifacts });
            }
        }
    }
    given
}

/// The run as the task that all others are part of, without what it gives: that is what its pipeline gives.
fn root(record: &RunRecord) -> Task {
    let run = record.id.to_string();
    Task {
        task_id: task_id(&run, ROOT),
        run_id: run,
        display_name: record.pipeline.clone(),
        name: record.pipeline.clone(),
        create_time: Timestamp::new(record.submitted_at_millis),
        end_time: record.finished_at_millis.map(Timestamp::new),
        state: runtime_state(&record.status).to_owned(),
        kind: "ROOT".to_owned(),
        error: record.failure.as_ref().map(|failure| std::slice::from_ref(failure).into()),
        parent_task_id: None,
        outputs: TaskOutputs::default(),
        cached: false,
    }
}

fn task(run: &str, run_made: Timestamp, step: &StepRecord) -> Task {
    let parent = step.parent.as_deref().unwrap_or(ROOT);
    let name = step.name.rsplit('/').next().unwrap_or_default().to_owned();
    Task {
        task_id: task_id(run, &step.name),
        run_id: run.to_owned(),
        display_name: name.clone(),
        name,
        // What was taken from an earlier run, or left out, never began.
        create_time: step.started_at_millis.or(step.finished_at_millis).map_or(run_made, Timestamp::new),
        end_time: step.finished_at_millis.map(Timestamp::new),
        state: runtime_state(&step.status).to_owned(),
        kind: task_type(&step.kind).to_owned(),
        error: step.failure.as_ref().map(|failure| std::slice::from_ref(failure).into()),
        parent_task_id: Some(task_id(run, parent)),
        outputs: given(outputs(step)),
        cached: step.reused,
    }
}

/// The tasks of a run as its details have them.
pub(super) fn details(run: &str, run_made: Timestamp, steps: &[StepRecord]) -> Vec<TaskDetail> {
    let mut children: BTreeMap<&str, Vec<ChildTask>> = BTreeMap::new();
    for step in steps {
        if let Some(parent) = &step.parent {
            children.entry(parent.as_str()).or_default().push(ChildTask { task_id: task_id(run, &step.name) });
        }
    }
    steps
        .iter()
        .map(|step| detail(run, run_made, step, children.remove(step.name.as_str()).unwrap_or_default()))
        .collect()
}

fn detail(run: &str, run_made: Timestamp, step: &StepRecord, child_tasks: Vec<ChildTask>) -> TaskDetail {
    let mut artifacts = BTreeMap::new();
    for (output, value) in outputs(step) {
        let artifact_ids: Vec<String> = value.artifacts().map(|artifact| artifact.digest.to_string()).collect();
        if !artifact_ids.is_empty() {
            artifacts.insert(output, ArtifactIds { artifact_ids });
        }
    }
    TaskDetail {
        run_id: run.to_owned(),
        task_id: task_id(run, &step.name),
        display_name: step.name.clone(),
        create_time: Some(run_made),
        start_time: step.started_at_millis.map(Timestamp::new),
        end_time: step.finished_at_millis.map(Timestamp::new),
        state: runtime_state(&step.status).to_owned(),
        error: step.failure.as_ref().map(|failure| std::slice::from_ref(failure).into()),
        outputs: artifacts,
        parent_task_id: step.parent.as_ref().map(|parent| task_id(run, parent)),
        state_history: Vec::new(),
        child_tasks,
    }
}
