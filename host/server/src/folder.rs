//! Artifacts that are folders: their files listed, one of them read.
//! Never opens a file by its name, and never unpacks a folder.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use host_api::folder::{ArtifactFile, ArtifactFileQuery, ArtifactFiles};
use host_api::{PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAX};
use host_base::media_type;

use crate::answer::{Answer, bad_request};
use crate::content::Held;
use crate::request::{Queries, digest};
use crate::router::Shared;

pub(crate) async fn list(
    State(shared): State<Shared>,
    Path(text): Path<String>,
    Queries(query): Queries<ArtifactFileQuery>,
) -> Answer<Json<ArtifactFiles>> {
    let digest = digest(&text)?;
    let from = query.page.as_deref().map_or(Ok(0), |page| {
        let hint = "take the `next` of the page before";
        page.parse().map_err(|_| bad_request(format!("`{page}` is no page of a folder"), hint))
    })?;
    let limit = query.limit.unwrap_or(PAGE_ITEMS_DEFAULT).clamp(1, PAGE_ITEMS_MAX);
    let page = shared.executor.folder_files(&digest, from, limit).await?;
    let items = page.files.into_iter().map(|file| ArtifactFile {
        position: file.position,
        media_type: media_type::of_file_name(&file.name).to_owned(),
        name: file.name,
        size_bytes: file.size_bytes,
        readable: file.readable,
    });
    Ok(Json(ArtifactFiles { items: items.collect(), next: page.next.map(|next| next.to_string()) }))
}

pub(crate) async fn content(
    State(shared): State<Shared>,
    Path((text, position)): Path<(String, String)>,
    headers: HeaderMap,
) -> Answer<Response> {
    let digest = digest(&text)?;
    let position = position.parse().map_err(|_| {
        bad_request(format!("`{position}` is no position in a folder"), "take it from the list of the folder's files")
    })?;
    let file = shared.executor.folder_file(&digest, position).await?;
    let held = Held {
        tag: format!("\"{digest}-{position}\""),
        place: file.content_position..file.content_position + file.size_bytes,
        media_type: media_type::of_file_name(&file.name).to_owned(),
        digest,
    };
    Ok(held.answer(shared.executor, &headers))
}
