//! Kept pipelines and their versions, and checking documents.
//! Never starts anything.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use host_api::pipeline::{
    CheckRequest, CheckedPipeline, CheckedStep, CreatePipeline, CreatePipelineVersion, Pipeline as Wire,
    PipelineParameter, PipelineVersion as WireVersion, PipelineVersionDetail, PipelineVersions, Pipelines,
};
use host_base::Failure;
use host_executor::CheckedParameter;
use host_executor::catalogue::{Item, NewPipeline, NewVersion, Pipeline, PipelineVersion, VersionSource};

use crate::answer::Answer;
use crate::plan::{function_to_wire, tasks};
use crate::request::JsonBody;
use crate::router::Shared;

pub(crate) async fn check(
    State(shared): State<Shared>,
    JsonBody(request): JsonBody<CheckRequest>,
) -> Answer<Json<CheckedPipeline>> {
    let report = shared.executor.check(&request.document).await?;
    let steps = report.steps.into_iter().map(|step| CheckedStep {
        name: step.name,
        component: step.component,
        digest: step.digest,
        function: step.function.as_ref().map(function_to_wire),
        needs: step.needs,
        cache: step.cache,
    });
    Ok(Json(CheckedPipeline {
        pipeline: report.pipeline,
        description: report.description,
        parameters: report.parameters.into_iter().map(parameter).collect(),
        steps: steps.collect(),
        tasks: tasks(&report.graph),
        ignored: report.ignored,
    }))
}

fn parameter(checked: CheckedParameter) -> PipelineParameter {
    let CheckedParameter { name, value_type, description, default, required, choices } = checked;
    PipelineParameter { name, value_type, description, default, required, choices }
}

pub(crate) async fn create(
    State(shared): State<Shared>,
    JsonBody(asked): JsonBody<CreatePipeline>,
) -> Answer<(StatusCode, Json<Wire>)> {
    let CreatePipeline { name, description, document } = asked;
    let name = match name.filter(|name| !name.trim().is_empty()) {
        Some(name) => name,
        None => shared.executor.document_name(&document)?,
    };
    let version =
        NewVersion { name: "v1".to_owned(), source: VersionSource::Document(document), ..NewVersion::default() };
    let new = NewPipeline { name, description, ..NewPipeline::default() };
    let made = shared.executor.create_pipeline(new, Some(version)).await?;
    Ok((StatusCode::CREATED, Json(to_wire(&shared, made).await?)))
}

pub(crate) async fn list(State(shared): State<Shared>) -> Answer<Json<Pipelines>> {
    let mut items = Vec::new();
    for item in shared.executor.items::<Pipeline>(None).await? {
        items.push(to_wire(&shared, item).await?);
    }
    Ok(Json(Pipelines { items }))
}

pub(crate) async fn get(State(shared): State<Shared>, Path(id): Path<String>) -> Answer<Json<Wire>> {
    Ok(Json(to_wire(&shared, shared.executor.item(&id).await?).await?))
}

pub(crate) async fn delete(State(shared): State<Shared>, Path(id): Path<String>) -> Answer<StatusCode> {
    shared.executor.delete_pipeline(&id, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn create_version(
    State(shared): State<Shared>,
    Path(pipeline): Path<String>,
    JsonBody(asked): JsonBody<CreatePipelineVersion>,
) -> Answer<(StatusCode, Json<WireVersion>)> {
    let CreatePipelineVersion { name, description, document } = asked;
    let name = match name.filter(|name| !name.trim().is_empty()) {
        Some(name) => name,
        None => next_name(&shared.executor.items::<PipelineVersion>(Some(&pipeline)).await?),
    };
    let source = VersionSource::Document(document);
    let new = NewVersion { name, description, source, ..NewVersion::default() };
    let made = shared.executor.create_pipeline_version(&pipeline, new).await?;
    Ok((StatusCode::CREATED, Json(version_to_wire(made))))
}

/// `v` and a number that no version has yet.
fn next_name(versions: &[Item<PipelineVersion>]) -> String {
    let taken = |name: &str| versions.iter().any(|version| version.name == name);
    let numbers = versions.len() + 1..;
    numbers.map(|number| format!("v{number}")).find(|name| !taken(name)).unwrap_or_default()
}

pub(crate) async fn list_versions(
    State(shared): State<Shared>,
    Path(pipeline): Path<String>,
) -> Answer<Json<PipelineVersions>> {
    shared.executor.item::<Pipeline>(&pipeline).await?;
    let versions = shared.executor.items::<PipelineVersion>(Some(&pipeline)).await?;
    Ok(Json(PipelineVersions { items: versions.into_iter().map(version_to_wire).collect() }))
}

pub(crate) async fn get_version(
    State(shared): State<Shared>,
    Path((pipeline, id)): Path<(String, String)>,
) -> Answer<Json<PipelineVersionDetail>> {
    let item = shared.executor.pipeline_version(&pipeline, &id).await?;
    let document = shared.executor.text(&item.record.spec).await?;
    Ok(Json(PipelineVersionDetail { version: version_to_wire(item), document }))
}

async fn to_wire(shared: &Shared, item: Item<Pipeline>) -> Result<Wire, Failure> {
    let mut versions = shared.executor.items::<PipelineVersion>(Some(&item.id)).await?;
    Ok(Wire {
        id: item.id,
        name: item.name,
        description: item.record.description,
        created_at_millis: item.created_at_millis,
        versions_total: versions.len() as u64,
        newest: versions.pop().map(version_to_wire),
    })
}

fn version_to_wire(item: Item<PipelineVersion>) -> WireVersion {
    WireVersion {
        id: item.id,
        name: item.name,
        description: item.record.description,
        created_at_millis: item.created_at_millis,
    }
}
