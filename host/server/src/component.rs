//! Components of the node's registry, read for what they say of themselves.
//! Never runs one.

use axum::Json;
use axum::extract::{Path, State};
use host_api::component::{
    CallingPipeline, CallingPipelineQuery, CallingPipelines, ComponentDetail, Repositories, RepositoryTags,
};
use host_api::{PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAX};
use host_base::{Code, Failure};
use host_executor::InspectedComponent;

use crate::answer::Answer;
use crate::plan::function_to_wire;
use crate::request::Queries;
use crate::router::Shared;
use crate::run::signer_to_wire;

pub(crate) async fn list(State(shared): State<Shared>) -> Answer<Json<Repositories>> {
    let found = shared.info.distribution.repositories().await.map_err(|error| {
        Failure::new(Code::StorageFailed, format!("the registry's names cannot be read: {error}"))
            .with_hint("check the data folder's permissions")
    })?;
    let items = found.into_iter().map(|(repository, tags)| RepositoryTags { repository, tags }).collect();
    Ok(Json(Repositories { items }))
}

pub(crate) async fn get(State(shared): State<Shared>, Path(reference): Path<String>) -> Answer<Json<ComponentDetail>> {
    let InspectedComponent { id, size_bytes, interface, wit } = shared.executor.inspect(&reference).await?;
    Ok(Json(ComponentDetail {
        reference,
        manifest: id.manifest.to_string(),
        digest: id.digest.to_string(),
        size_bytes,
        signer: id.signer.as_ref().map(signer_to_wire),
        command: interface.command,
        functions: interface.functions.iter().map(function_to_wire).collect(),
        imports: interface.imports,
        exports: interface.exports,
        wit,
    }))
}

/// Pipelines whose runs call a component, by its digest: it need not be in the registry any more.
pub(crate) async fn callers(
    State(shared): State<Shared>,
    Queries(query): Queries<CallingPipelineQuery>,
) -> Answer<Json<CallingPipelines>> {
    let limit = query.limit.unwrap_or(PAGE_ITEMS_DEFAULT).clamp(1, PAGE_ITEMS_MAX);
    let page = shared.executor.calling_pipelines(&query.component, query.page.as_deref(), limit).await?;
    let item = |calling: host_ledger::CallingPipeline| CallingPipeline {
        pipeline: calling.pipeline,
        runs: calling.runs,
        newest_run: calling.newest_run.to_string(),
        newest_at_millis: calling.newest_at_millis,
    };
    Ok(Json(CallingPipelines { items: page.items.into_iter().map(item).collect(), next: page.next }))
}
