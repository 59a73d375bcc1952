//! Components of the node's registry, read for what they say of themselves.
//! Never runs one.

use axum::Json;
use axum::extract::{Path, State};
use host_api::component::{ComponentDetail, Repositories, RepositoryTags};
use host_base::{Code, Failure};
use host_executor::InspectedComponent;

use crate::answer::Answer;
use crate::plan::function_to_wire;
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
