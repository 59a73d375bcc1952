//! Artifacts: list, show, read, and the tasks that made and used them.
//! Never reads more of one into memory than an answer may carry.

use axum::Json;
use axum::extract::{Path, State};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use host_api::kfp::artifact::{Artifact as Wire, ArtifactList, ArtifactTask, ArtifactTaskList};
use host_api::kfp::run::ReadArtifact;
use host_api::kfp::{ListQuery, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX, Timestamp};
use host_base::{ArtifactKind, ArtifactRef, Code, Failure};
use serde_json::{Map, Value};

use super::answer::{Answer, Query, Refused, id_and_verb, invalid, no_such_verb, run_id};
use super::list::{Field, Listed, page};
use super::run::known;
use super::task::{outputs, run_and_step, task_id};
use crate::request::digest;
use crate::router::Shared;

/// Bytes of an artifact that an answer carries; `/api/v1/artifacts/{digest}/content` has no such limit.
const READ_BYTES_MAX: u64 = 32 << 20;
/// What a compiled pipeline's steps attach to their artifacts for Kubeflow's clients.
const KEYS: [&str; 3] = ["kfp.type", "kfp.uri", "kfp.metadata"];
/// How the names of all begin that the node attaches for itself.
const OWN_KEYS: &str = "kfp.";

pub(super) async fn list(State(shared): State<Shared>, Query(query): Query<ListQuery>) -> Answer<ArtifactList> {
    let run = Some(query.run_id.as_str()).filter(|id| !id.is_empty()).map(run_id).transpose()?;
    let asked = query.page_size.and_then(|size| usize::try_from(size).ok()).filter(|size| *size > 0);
    let limit = asked.unwrap_or(PAGE_SIZE_DEFAULT).min(PAGE_SIZE_MAX);
    let token = Some(query.page_token.as_str()).filter(|token| !token.is_empty());
    let page = shared.executor.artifacts(run.as_ref(), token, limit).await?;
    let shown = |record: &host_ledger::ArtifactRecord| {
        artifact_to_wire(&record.artifact, record.output.as_deref(), Some(record.made_at_millis))
    };
    let artifacts: Vec<Wire> = page.items.iter().map(shown).collect();
    let total_size = artifacts.len();
    Ok(Json(ArtifactList { artifacts, total_size, next_page_token: page.next.unwrap_or_default() }))
}

pub(super) async fn get(State(shared): State<Shared>, Path(id): Path<String>) -> Answer<Wire> {
    let record = shared.executor.artifact(&digest(&id)?).await?;
    Ok(Json(artifact_to_wire(&record.artifact, record.output.as_deref(), Some(record.made_at_millis))))
}

pub(super) async fn read(
    State(shared): State<Shared>,
    Path((run, node, segment)): Path<(String, String, String)>,
) -> Answer<ReadArtifact> {
    let (output, verb) = id_and_verb(&segment)?;
    if verb != "read" {
        return Err(no_such_verb(verb));
    }
    let (_, steps) = known(&shared, &run).await?;
    let name = node.strip_prefix(&format!("{run}.")).unwrap_or(&node);
    let given = steps.iter().find(|step| step.name == name).map(outputs).unwrap_or_default();
    let artifact = given.get(output).and_then(|value| value.artifacts().next().cloned());
    let artifact = artifact.ok_or_else(|| {
        Failure::new(Code::NotFound, format!("task `{name}` of run {run} has no artifact `{output}`"))
            .with_hint("list the run's tasks and their outputs")
    })?;
    if artifact.size_bytes > READ_BYTES_MAX {
        let message = format!(
            "{} has {} bytes; at most {READ_BYTES_MAX} are read this way",
            artifact.digest, artifact.size_bytes
        );
        let hint = format!("GET /api/v1/artifacts/{}/content", artifact.digest);
        return Err(Failure::new(Code::TooLarge, message).with_hint(hint).into());
    }
    let mut content = Vec::new();
    while (content.len() as u64) < artifact.size_bytes {
        let rest = usize::try_from(artifact.size_bytes).unwrap_or(usize::MAX) - content.len();
        let piece = shared.executor.read_artifact(&artifact.digest, content.len() as u64, rest).await?;
        if piece.is_empty() {
            break;
        }
        content.extend_from_slice(&piece);
    }
    Ok(Json(ReadArtifact { data: STANDARD.encode(content) }))
}

impl Listed for ArtifactTask {
    fn field(&self, key: &str) -> Option<Field> {
        Some(match key {
            "artifact_id" => Field::text(&self.artifact_id),
            "run_id" => Field::text(&self.run_id),
            "task_id" => Field::text(&self.task_id),
            "type" => Field::text(&self.kind),
            "key" => Field::text(&self.key),
            // Ids of runs sort by time.
            "created_at" => Field::text(&self.run_id),
            _ => return None,
        })
    }

    fn place(&self) -> String {
        format!("{} {} {} {}", self.task_id, self.kind, self.key, self.artifact_id)
    }
}

pub(super) async fn tasks(State(shared): State<Shared>, Query(query): Query<ListQuery>) -> Answer<ArtifactTaskList> {
    let all = match (query.artifact_id.as_str(), query.task_id.as_str(), query.run_id.as_str()) {
        ("", "", "") => {
            return Err(invalid("the request does not say of what", "add `artifact_id`, `task_id` or `run_id`"));
        }
        ("", "", run) => made_by(&shared, run, None).await?,
        ("", task, _) => {
            let (run, step) = run_and_step(task)?;
            made_by(&shared, run, Some(step)).await?
        }
        (artifact, ..) => tasks_of(&shared, artifact).await?,
    };
    let page = page(all, &query)?;
    Ok(Json(ArtifactTaskList { artifact_tasks: page.items, total_size: page.total, next_page_token: page.next }))
}

/// What the steps of a run gave.
async fn made_by(shared: &Shared, run: &str, step: Option<&str>) -> Result<Vec<ArtifactTask>, Refused> {
    let (_, steps) = known(shared, run).await?;
    let mut found = Vec::new();
    for made in steps.iter().filter(|made| step.is_none_or(|step| step == made.name)) {
        for (key, value) in outputs(made) {
            found.extend(value.artifacts().map(|artifact| ArtifactTask {
                artifact_id: artifact.digest.to_string(),
                run_id: run.to_owned(),
                task_id: task_id(run, &made.name),
                kind: "OUTPUT".to_owned(),
                key: key.clone(),
            }));
        }
    }
    Ok(found)
}

/// Who made an artifact, and who used it.
async fn tasks_of(shared: &Shared, artifact: &str) -> Result<Vec<ArtifactTask>, Refused> {
    let digest = digest(artifact)?;
    let record = shared.executor.artifact(&digest).await?;
    let mut found = Vec::new();
    if let (Some(run), Some(step), Some(output)) = (record.run, record.step, record.output) {
        found.push(ArtifactTask {
            artifact_id: artifact.to_owned(),
            run_id: run.to_string(),
            task_id: task_id(run.as_str(), &step),
            kind: "OUTPUT".to_owned(),
            key: output,
        });
    }
    found.extend(shared.executor.artifact_uses(&digest).await?.into_iter().map(|used| ArtifactTask {
        artifact_id: artifact.to_owned(),
        run_id: used.run.to_string(),
        task_id: task_id(used.run.as_str(), &used.step),
        kind: "INPUT".to_owned(),
        key: used.parameter,
    }));
    Ok(found)
}

/// An artifact as callers see it.
pub(super) fn artifact_to_wire(artifact: &ArtifactRef, output: Option<&str>, made_at_millis: Option<u64>) -> Wire {
    let [kind, uri, metadata] = KEYS.map(|key| artifact.metadata.get(key).cloned());
    let kind = kind.unwrap_or_else(|| schema(artifact.kind).to_owned());
    let attached = metadata.and_then(|text| serde_json::from_str::<Map<String, Value>>(&text).ok());
    let plain = artifact.metadata.iter().filter(|(name, _)| !name.starts_with(OWN_KEYS));
    let mut metadata: Map<String, Value> =
        plain.map(|(name, text)| (name.clone(), Value::from(text.as_str()))).collect();
    metadata.extend(attached.into_iter().flatten());
    Wire {
        artifact_id: artifact.digest.to_string(),
        name: output.map(str::to_owned),
        kind,
        uri,
        metadata,
        created_at: made_at_millis.map(Timestamp::new),
    }
}

const fn schema(kind: ArtifactKind) -> &'static str {
    match kind {
        ArtifactKind::Artifact => "system.Artifact",
        ArtifactKind::DataSet => "system.Dataset",
        ArtifactKind::Model => "system.Model",
        ArtifactKind::Metrics => "system.Metrics",
    }
}
