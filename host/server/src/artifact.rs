//! Artifacts: list, upload, show, read.
//! Never holds more of one in memory than a piece.

use std::collections::BTreeMap;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use host_api::artifact::{
    Artifact, ArtifactDetail, ArtifactPage, ArtifactQuery, ArtifactRef, ArtifactUse, METADATA_HEADER, UploadQuery,
};
use host_api::run::Signer;
use host_api::{PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAX};
use host_executor::Executor;
use host_ledger::ArtifactRecord;

use crate::answer::{Answer, bad_request};
use crate::content::Held;
use crate::platform::own;
use crate::request::{Queries, digest, run_id};
use crate::router::Shared;
use crate::run::signer_to_wire;
use crate::user::User;
use crate::value::{artifact_to_wire, kind_from_wire};

/// Longest media type of an upload.
const MEDIA_TYPE_BYTES_MAX: usize = 255;

pub(crate) async fn list(
    State(shared): State<Shared>,
    user: User,
    Queries(query): Queries<ArtifactQuery>,
) -> Answer<Json<ArtifactPage>> {
    let run = query.run.as_deref().map(run_id).transpose()?;
    let limit = query.limit.unwrap_or(PAGE_ITEMS_DEFAULT).clamp(1, PAGE_ITEMS_MAX);
    let page = shared.executor.artifacts(run.as_ref(), query.page.as_deref(), limit).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for record in page.items {
        if own::sees_artifact(&shared, &user, &record).await? {
            items.push(record_to_wire(record));
        }
    }
    Ok(Json(ArtifactPage { items, next: page.next }))
}

pub(crate) async fn get(
    State(shared): State<Shared>,
    user: User,
    Path(text): Path<String>,
) -> Answer<Json<ArtifactDetail>> {
    let digest = digest(&text)?;
    let record = shared.executor.artifact(&digest).await?;
    let mut uses = Vec::new();
    for used in shared.executor.artifact_uses(&digest).await? {
        if own::sees_run(&shared, &user, &used.run).await? {
            uses.push(ArtifactUse { run: used.run.to_string(), step: used.step, parameter: used.parameter });
        }
    }
    let (component, signer) = maker(&shared.executor, &record).await?;
    Ok(Json(ArtifactDetail { artifact: record_to_wire(record), component, signer, uses }))
}

/// The component that made an artifact, and who vouched for it.
async fn maker(executor: &Executor, record: &ArtifactRecord) -> Answer<(Option<String>, Option<Signer>)> {
    let (Some(run), Some(name)) = (&record.run, &record.step) else { return Ok((None, None)) };
    let steps = executor.steps(run).await?;
    let Some(step) = steps.into_iter().find(|step| step.name == *name) else { return Ok((None, None)) };
    let signer = executor.signers(run).await?.get(&step.component).map(signer_to_wire);
    Ok((Some(step.component), signer))
}

pub(crate) async fn upload(
    State(shared): State<Shared>,
    user: User,
    Queries(query): Queries<UploadQuery>,
    headers: HeaderMap,
    body: Body,
) -> Answer<(StatusCode, Json<ArtifactRef>)> {
    let media_type = media_type(&headers)?;
    let metadata = metadata(&headers)?;
    let content = body.into_data_stream();
    let artifact = shared.executor.upload(kind_from_wire(query.kind), &media_type, metadata, content).await?;
    user.remember_upload(&artifact.digest);
    Ok((StatusCode::CREATED, Json(artifact_to_wire(artifact))))
}

fn media_type(headers: &HeaderMap) -> Answer<String> {
    let Some(value) = headers.get(CONTENT_TYPE) else { return Ok(host_base::media_type::ANY_BYTES.to_owned()) };
    match value.to_str() {
        Ok(text) if text.contains('/') && text.len() <= MEDIA_TYPE_BYTES_MAX => Ok(text.to_owned()),
        _ => {
            let message = format!("the Content-Type is no media type of at most {MEDIA_TYPE_BYTES_MAX} characters");
            Err(bad_request(message, "send one such as text/csv"))
        }
    }
}

fn metadata(headers: &HeaderMap) -> Answer<BTreeMap<String, String>> {
    let Some(value) = headers.get(METADATA_HEADER) else { return Ok(BTreeMap::new()) };
    serde_json::from_slice(value.as_bytes()).map_err(|error| {
        let message = format!("the header {METADATA_HEADER} is no JSON object of strings: {error}");
        bad_request(message, "send an object such as {\"source\": \"survey\"}")
    })
}

pub(crate) async fn content(
    State(shared): State<Shared>,
    Path(text): Path<String>,
    headers: HeaderMap,
) -> Answer<Response> {
    let digest = digest(&text)?;
    let artifact = shared.executor.artifact(&digest).await?.artifact;
    let tag = format!("\"{digest}\"");
    let held = Held { digest, place: 0..artifact.size_bytes, media_type: artifact.media_type, tag };
    Ok(held.answer(shared.executor, &headers))
}

fn record_to_wire(record: ArtifactRecord) -> Artifact {
    let ArtifactRecord { artifact, run, step, output, made_at_millis } = record;
    Artifact { artifact: artifact_to_wire(artifact), run: run.map(|run| run.to_string()), step, output, made_at_millis }
}
