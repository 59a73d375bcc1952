//! Bytes that are kept, as an answer: all of them or one range, piece by piece.
//! Never holds more than a piece in memory, and never lets a browser take content for a page of the node's own.

use std::ops::Range;

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    HeaderName, IF_NONE_MATCH, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures::Stream;
use host_base::{Failure, media_type};
use host_executor::Executor;
use registry_oci::Digest;

use crate::range::{Wanted, wanted};

/// Bytes read and sent at a time.
const PIECE_BYTES: usize = 256 << 10;
/// Content comes from steps, which nobody trusts: in a browser it runs no script and asks nobody for anything.
const CONTENT_POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// Where bytes are, and what they are sent as.
pub(crate) struct Held {
    /// The artifact that they are in.
    pub digest: Digest,
    /// Which of its bytes.
    pub place: Range<u64>,
    /// As what they are sent.
    pub media_type: String,
    /// What stands for them with whoever holds them already, in quotes.
    pub tag: String,
}

impl Held {
    /// All of them, or the range that is asked for.
    pub(crate) fn answer(self, executor: Executor, headers: &HeaderMap) -> Response {
        let Self { digest, place, media_type, tag } = self;
        let size = place.end - place.start;
        let header = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        if header(IF_NONE_MATCH).is_some_and(|held| held == "*" || held.split(',').any(|held| held.trim() == tag)) {
            return (StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response();
        }
        let (status, range) = match wanted(header(RANGE), size) {
            Wanted::Whole => (StatusCode::OK, 0..size),
            Wanted::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
            Wanted::Unsatisfiable => {
                let range = format!("bytes */{size}");
                return (StatusCode::RANGE_NOT_SATISFIABLE, [(CONTENT_RANGE, range)]).into_response();
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
        let media_type = HeaderValue::from_str(&media_type);
        let media_type = media_type.unwrap_or(HeaderValue::from_static(media_type::ANY_BYTES));
        response.headers_mut().insert(CONTENT_TYPE, media_type);
        if status == StatusCode::PARTIAL_CONTENT {
            let text = format!("bytes {}-{}/{size}", range.start, range.end - 1);
            response.headers_mut().extend(HeaderValue::from_str(&text).map(|value| (CONTENT_RANGE, value)));
        }
        let range = place.start + range.start..place.start + range.end;
        *response.body_mut() = Body::from_stream(pieces(executor, digest, range));
        response
    }
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
