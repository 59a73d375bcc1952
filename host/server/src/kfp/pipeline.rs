//! Pipelines and versions: upload, make, list, show, change, delete.
//! Never fetches a package from an address: what is run was sent here.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Multipart, Path, State};
use host_api::kfp::pipeline::{
    DeleteQuery, Named, Pipeline as Wire, PipelineAndVersion, PipelineList, PipelineVersion as WireVersion,
    PipelineVersionList, UploadQuery,
};
use host_api::kfp::{Empty, ListQuery, Timestamp};
use host_base::{Code, Failure};
use host_executor::catalogue::{
    Changes, Item, NewPipeline, NewVersion, Pipeline, PipelineVersion, Tags, VersionSource,
};
use serde_json::Value;

use super::answer::{Answer, Body, Query, Refused, UploadRefused, invalid};
use super::list::{Field, Listed, page};
use super::package;
use crate::router::Shared;

impl Listed for Item<Pipeline> {
    fn field(&self, key: &str) -> Option<Field> {
        Some(match key {
            "id" | "pipeline_id" => Field::text(&self.id),
            "display_name" => Field::text(&self.record.display_name),
            "description" => Field::optional(self.record.description.as_ref()),
            key => return common(self, &self.record.tags, key),
        })
    }

    fn place(&self) -> String {
        format!("{:020}", self.position)
    }
}

impl Listed for Item<PipelineVersion> {
    fn field(&self, key: &str) -> Option<Field> {
        Some(match key {
            "id" | "pipeline_version_id" => Field::text(&self.id),
            "display_name" => Field::text(&self.record.display_name),
            "description" => Field::optional(self.record.description.as_ref()),
            key => return common(self, &self.record.tags, key),
        })
    }

    fn place(&self) -> String {
        format!("{:020}", self.position)
    }
}

/// Fields of everything that has a name and tags.
fn common<T>(item: &Item<T>, tags: &Tags, key: &str) -> Option<Field> {
    match key {
        "name" => Some(Field::text(&item.name)),
        "created_at" => Some(Field::millis(item.created_at_millis)),
        key => key.strip_prefix("tags.").map(|name| Field::optional(tags.get(name))),
    }
}

pub(super) async fn upload(
    State(shared): State<Shared>,
    Query(query): Query<UploadQuery>,
    parts: Multipart,
) -> Result<Json<Wire>, UploadRefused> {
    let spec = package::read(parts).await?;
    let (name, tags) = (upload_name(&query, &spec), upload_tags(&query)?);
    let version = NewVersion {
        name: name.clone(),
        display_name: query.display_name.clone(),
        description: query.description.clone(),
        code_source_url: query.code_source_url,
        tags: BTreeMap::new(),
        source: VersionSource::Compiled(spec),
    };
    let new = NewPipeline { name, display_name: query.display_name, description: query.description, tags };
    let made = shared.executor.create_pipeline(new, Some(version)).await?;
    Ok(Json(to_wire(made)))
}

pub(super) async fn upload_version(
    State(shared): State<Shared>,
    Query(query): Query<UploadQuery>,
    parts: Multipart,
) -> Result<Json<WireVersion>, UploadRefused> {
    let spec = package::read(parts).await?;
    let tags = upload_tags(&query)?;
    let Some(pipeline) = query.pipelineid.clone() else {
        return Err(invalid("the upload does not say of which pipeline", "add `pipelineid` to the query").into());
    };
    let name = upload_name(&query, &spec);
    let UploadQuery { display_name, description, code_source_url, .. } = query;
    let source = VersionSource::Compiled(spec);
    let new = NewVersion { name, display_name, description, code_source_url, tags, source };
    let made = shared.executor.create_pipeline_version(&pipeline, new).await?;
    Ok(Json(version_to_wire(&shared, made).await?))
}

/// The name asked for, or the one that the pipeline was compiled with.
fn upload_name(query: &UploadQuery, spec: &Value) -> String {
    let asked = query.name.as_ref().or(query.display_name.as_ref()).filter(|name| !name.is_empty());
    asked.cloned().unwrap_or_else(|| compiled_name(spec))
}

fn compiled_name(spec: &Value) -> String {
    let pipeline = spec.get("pipeline_spec").unwrap_or(spec);
    pipeline.pointer("/pipelineInfo/name").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn upload_tags(query: &UploadQuery) -> Result<Tags, Refused> {
    let Some(text) = query.tags.as_ref().filter(|text| !text.is_empty()) else { return Ok(Tags::new()) };
    serde_json::from_str(text).map_err(|error| {
        invalid(format!("the tags cannot be read: {error}"), r#"write JSON such as {"team":"vision"}"#)
    })
}

pub(super) async fn create(State(shared): State<Shared>, Body(asked): Body<Wire>) -> Answer<Wire> {
    Ok(Json(to_wire(shared.executor.create_pipeline(new_pipeline(asked), None).await?)))
}

pub(super) async fn create_with_version(
    State(shared): State<Shared>,
    Body(asked): Body<PipelineAndVersion>,
) -> Answer<Wire> {
    let mut pipeline = new_pipeline(asked.pipeline);
    let mut version = new_version(asked.pipeline_version)?;
    if pipeline.name.is_empty()
        && let VersionSource::Compiled(spec) = &version.source
    {
        pipeline.name = compiled_name(spec);
    }
    if version.name.is_empty() {
        version.name.clone_from(&pipeline.name);
    }
    Ok(Json(to_wire(shared.executor.create_pipeline(pipeline, Some(version)).await?)))
}

fn new_pipeline(asked: Wire) -> NewPipeline {
    let Named { display_name, name, description, tags, .. } = asked.named;
    let name = name.or_else(|| display_name.clone()).unwrap_or_default();
    NewPipeline { name, display_name, description, tags: tags.unwrap_or_default() }
}

fn new_version(asked: WireVersion) -> Result<NewVersion, Refused> {
    let WireVersion { named, code_source_url, pipeline_spec, .. } = asked;
    let Named { display_name, name, description, tags, .. } = named;
    let spec = pipeline_spec.ok_or_else(|| {
        let hint = "send `pipeline_spec`, or upload the file; packages are not fetched from addresses here";
        invalid("the version has no `pipeline_spec`", hint)
    })?;
    let name = name.or_else(|| display_name.clone()).unwrap_or_default();
    let (tags, source) = (tags.unwrap_or_default(), VersionSource::Compiled(spec));
    Ok(NewVersion { name, display_name, description, code_source_url, tags, source })
}

pub(super) async fn list(State(shared): State<Shared>, Query(query): Query<ListQuery>) -> Answer<PipelineList> {
    let page = page(shared.executor.items::<Pipeline>(None).await?, &query)?;
    let pipelines = page.items.into_iter().map(to_wire).collect();
    Ok(Json(PipelineList { pipelines, total_size: page.total, next_page_token: page.next }))
}

pub(super) async fn get(State(shared): State<Shared>, Path(id): Path<String>) -> Answer<Wire> {
    Ok(Json(to_wire(shared.executor.item(&id).await?)))
}

pub(super) async fn by_name(State(shared): State<Shared>, Path(name): Path<String>) -> Answer<Wire> {
    let found = shared.executor.items::<Pipeline>(None).await?.into_iter().find(|item| item.name == name);
    let found = found.ok_or_else(|| {
        Failure::new(Code::NotFound, format!("there is no pipeline `{name}`")).with_hint("list the pipelines")
    })?;
    Ok(Json(to_wire(found)))
}

pub(super) async fn update(
    State(shared): State<Shared>,
    Path(id): Path<String>,
    Body(asked): Body<Wire>,
) -> Answer<Wire> {
    Ok(Json(to_wire(shared.executor.update_pipeline(&id, changes(asked.named)).await?)))
}

pub(super) async fn delete(
    State(shared): State<Shared>,
    Path(id): Path<String>,
    Query(query): Query<DeleteQuery>,
) -> Answer<Empty> {
    shared.executor.delete_pipeline(&id, query.cascade).await?;
    Ok(Json(Empty {}))
}

pub(super) async fn create_version(
    State(shared): State<Shared>,
    Path(pipeline): Path<String>,
    Body(asked): Body<WireVersion>,
) -> Answer<WireVersion> {
    let made = shared.executor.create_pipeline_version(&pipeline, new_version(asked)?).await?;
    Ok(Json(version_to_wire(&shared, made).await?))
}

pub(super) async fn list_versions(
    State(shared): State<Shared>,
    Path(pipeline): Path<String>,
    Query(query): Query<ListQuery>,
) -> Answer<PipelineVersionList> {
    shared.executor.item::<Pipeline>(&pipeline).await?;
    let page = page(shared.executor.items::<PipelineVersion>(Some(&pipeline)).await?, &query)?;
    let mut pipeline_versions = Vec::with_capacity(page.items.len());
    for item in page.items {
        pipeline_versions.push(version_to_wire(&shared, item).await?);
    }
    Ok(Json(PipelineVersionList { pipeline_versions, total_size: page.total, next_page_token: page.next }))
}

pub(super) async fn get_version(
    State(shared): State<Shared>,
    Path((pipeline, id)): Path<(String, String)>,
) -> Answer<WireVersion> {
    let item = shared.executor.pipeline_version(&pipeline, &id).await?;
    Ok(Json(version_to_wire(&shared, item).await?))
}

pub(super) async fn update_version(
    State(shared): State<Shared>,
    Path((pipeline, id)): Path<(String, String)>,
    Body(asked): Body<WireVersion>,
) -> Answer<WireVersion> {
    let item = shared.executor.update_pipeline_version(&pipeline, &id, changes(asked.named)).await?;
    Ok(Json(version_to_wire(&shared, item).await?))
}

pub(super) async fn delete_version(
    State(shared): State<Shared>,
    Path((pipeline, id)): Path<(String, String)>,
) -> Answer<Empty> {
    shared.executor.delete_pipeline_version(&pipeline, &id).await?;
    Ok(Json(Empty {}))
}

fn changes(asked: Named) -> Changes {
    let Named { display_name, description, tags, .. } = asked;
    Changes { display_name, description, tags }
}

fn named(name: String, display_name: String, description: Option<String>, created_at_millis: u64, tags: Tags) -> Named {
    Named {
        display_name: Some(display_name),
        name: Some(name),
        description,
        created_at: Some(Timestamp::new(created_at_millis)),
        tags: Some(tags).filter(|tags| !tags.is_empty()),
    }
}

fn to_wire(item: Item<Pipeline>) -> Wire {
    let Pipeline { display_name, description, tags, .. } = item.record;
    Wire { pipeline_id: item.id, named: named(item.name, display_name, description, item.created_at_millis, tags) }
}

async fn version_to_wire(shared: &Shared, item: Item<PipelineVersion>) -> Result<WireVersion, Failure> {
    let spec = super::run::spec(shared, &item.record.spec).await?;
    let PipelineVersion { display_name, description, code_source_url, tags, .. } = item.record;
    Ok(WireVersion {
        pipeline_id: item.owner,
        pipeline_version_id: item.id,
        named: named(item.name, display_name, description, item.created_at_millis, tags),
        package_url: None,
        code_source_url,
        pipeline_spec: Some(spec),
    })
}
