//! Artifacts: list, upload, show, read.
//! Never holds more of one in memory than a piece.

use std::collections::BTreeMap;
use std::ops::Range;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    HeaderName, IF_NONE_MATCH, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures::Stream;
use host_api::artifact::{
    Artifact, ArtifactDetail, ArtifactPage, ArtifactQuery, ArtifactRef, ArtifactUse, METADATA_HEADER, UploadQuery,
};
use host_api::run::Signer;
use host_api::{PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAX};
use host_base::Failure;
use host_executor::Executor;
use host_ledger::ArtifactRecord;
use registry_oci::Digest;

use crate::answer::{Answer, bad_request};
use crate::platform::own;
use crate::range::{Wanted, wanted};
use crate::request::{Queries, digest, run_id};
use crate::router::Shared;
use crate::run::signer_to_wire;
use crate::user::User;
use crate::value::{artifact_to_wire, kind_from_wire};

/// Bytes read and sent at a time.
const PIECE_BYTES: usize = 256 << 10;
/// Longest media type of an upload.
const MEDIA_TYPE_BYTES_MAX: usize = 255;
/// What content is taken for that is sent without a type.
const MEDIA_TYPE_DEFAULT: &str = "application/octet-stream";
/// Content comes from steps, which nobody trusts: in a browser it runs no script and asks nobody for anything.
const CONTENT_POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

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
    let Some(value) = headers.get(CONTENT_TYPE) else { return Ok(MEDIA_TYPE_DEFAULT.to_owned()) };
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
    let size = artifact.size_bytes;
    let tag = format!("\"{digest}\"");
    let header = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if header(IF_NONE_MATCH).is_some_and(|held| held == "*" || held.split(',').any(|held| held.trim() == tag)) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    let (status, range) = match wanted(header(RANGE), size) {
        Wanted::Whole => (StatusCode::OK, 0..size),
        Wanted::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Wanted::Unsatisfiable => {
            let range = format!("bytes */{size}");
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, [(CONTENT_RANGE, range)]).into_response());
        }
    };
    let mut response = (
        status,
        [
            (ACCEPT_RANGES, "bytes".to_owned()),
            // What is under a digest never changes.
            (CACHE_CONTROL, "private, max-age=31536000, immutable".to_owned()),
            (CONTENT_LENGTH, (range.end - range.start).to_string()),
            (CONTENT_SECURITY_POLICY, CONTENT_POLICY.to_owned()),
            (ETAG, tag),
            (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        ],
    )
        .into_response();
    let media_type = HeaderValue::from_str(&artifact.media_type);
    let media_type = media_type.unwrap_or(HeaderValue::from_static(MEDIA_TYPE_DEFAULT));
    response.headers_mut().insert(CONTENT_TYPE, media_type);
    if status == StatusCode::PARTIAL_CONTENT {
        let text = format!("bytes {}-{}/{size}", range.start, range.end - 1);
        response.headers_mut().extend(HeaderValue::from_str(&text).map(|value| (CONTENT_RANGE, value)));
    }
    *response.body_mut() = Body::from_stream(pieces(shared.executor, digest, range));
    Ok(response)
}

/// The bytes of a range, piece by piece. An error cuts the answer off, which its length gives away.
fn pieces(
    executor: Executor,
    digest: Digest,
    range: Range<u64>,
) -> impl Stream<Item = Result<Bytes, Failure>> + Send + 'static {
    futures::stream::try_unfold(range, move |mut range| {
        let (executor, digest) = (executor.clone(), digest.clone());
        async move {
            if range.is_empty() {
                return Ok(None);
            }
            let length = usize::try_from(range.end - range.start).unwrap_or(usize::MAX).min(PIECE_BYTES);
            let piece = executor.read_artifact(&digest, range.start, length).await.inspect_err(|failure| {
                tracing::warn!(%digest, %failure, "an artifact could not be read to its end");
            })?;
            range.start += piece.len() as u64;
            if piece.is_empty() {
                range.start = range.end;
            }
            Ok(Some((piece, range)))
        }
    })
}

fn record_to_wire(record: ArtifactRecord) -> Artifact {
    let ArtifactRecord { artifact, run, step, output, made_at_millis } = record;
    Artifact { artifact: artifact_to_wire(artifact), run: run.map(|run| run.to_string()), step, output, made_at_millis }
}
