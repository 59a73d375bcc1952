//! Serving and unlinking blobs.
//! Never serves a blob to a repository that does not have it, even where the bytes are here.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use futures::{StreamExt as _, stream};
use registry_cas::{BlobError, SharedBlobs};
use registry_oci::{Digest, media_types};

use crate::error::{ApiError, Code};
use crate::range::{Wanted, wanted};
use crate::route::Repository;
use crate::server::{Shared, response};

/// Read from the blobs and handed to the connection at a time.
const PIECE_BYTES: usize = 256 << 10;
/// Pieces that one download holds in memory.
const PIECES_AT_ONCE: usize = 3;
/// The header that names content by its digest.
pub(crate) const CONTENT_DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");

impl Shared {
    pub(crate) async fn get_blob(
        &self,
        method: &Method,
        headers: &HeaderMap,
        repository: Repository,
        digest: Digest,
    ) -> Result<Response, ApiError> {
        let size_bytes = self.blob_size(&repository, &digest).await?.ok_or_else(|| ApiError::blob_unknown(&digest))?;
        let base = response(StatusCode::OK)
            .header(header::CONTENT_TYPE, media_types::OCTET_STREAM)
            .header(header::ACCEPT_RANGES, "bytes")
            // Content under a digest never changes.
            .header(header::ETAG, format!("\"{digest}\""))
            .header(CONTENT_DIGEST, digest.to_string());
        if method == Method::HEAD {
            return finish(base.header(header::CONTENT_LENGTH, size_bytes), Body::empty());
        }
        let range = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
        let (status, range) = match wanted(range, size_bytes) {
            Wanted::Whole => (StatusCode::OK, 0..size_bytes),
            Wanted::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
            Wanted::Unsatisfiable => {
                let message = format!("the blob has {size_bytes} bytes");
                return Err(ApiError::new(StatusCode::RANGE_NOT_SATISFIABLE, Code::SizeInvalid, message)
                    .with_header(header::CONTENT_RANGE, format!("bytes */{size_bytes}")));
            }
        };
        let mut base = base.status(status).header(header::CONTENT_LENGTH, range.end - range.start);
        if status == StatusCode::PARTIAL_CONTENT {
            let shown = format!("bytes {}-{}/{size_bytes}", range.start, range.end - 1);
            base = base.header(header::CONTENT_RANGE, shown);
        }
        finish(base, stream_blob(self.blobs.clone(), digest, range))
    }

    /// Takes the blob from this repository. Its bytes stay until nothing at all needs them.
    pub(crate) async fn delete_blob(&self, repository: Repository, digest: Digest) -> Result<Response, ApiError> {
        let wanted = digest.clone();
        if self.links.run(move |links| links.remove_blob(&repository, &wanted)).await? {
            finish(response(StatusCode::ACCEPTED), Body::empty())
        } else {
            Err(ApiError::blob_unknown(&digest))
        }
    }

    /// The size of a blob that this repository has.
    pub(crate) async fn blob_size(&self, repository: &Repository, digest: &Digest) -> Result<Option<u64>, ApiError> {
        let (repository, wanted, grace) = (repository.clone(), digest.clone(), self.grace());
        if !self.links.run(move |links| links.promise_blob(&repository, &wanted, grace)).await? {
            return Ok(None);
        }
        Ok(self.blobs.size_bytes(digest).await?)
    }
}

pub(crate) fn finish(builder: axum::http::response::Builder, body: Body) -> Result<Response, ApiError> {
    builder.body(body).map_err(|error| {
        tracing::error!(%error, "a response could not be built");
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Unknown, "the registry failed")
    })
}

/// Marks a value of ours as a header's.
pub(crate) fn header_value(text: &str) -> Result<HeaderValue, ApiError> {
    HeaderValue::from_str(text)
        .map_err(|_| ApiError::bad(Code::NameInvalid, "a name has characters no header can carry"))
}

/// The pieces of a blob, one of them read ahead while another is sent.
fn stream_blob(blobs: SharedBlobs, digest: Digest, range: Range<u64>) -> Body {
    let starts = (range.start..range.end).step_by(PIECE_BYTES);
    let pieces = stream::iter(starts).map(move |start| {
        let (blobs, digest) = (Arc::clone(&blobs), digest.clone());
        let wanted = usize::try_from(range.end - start).unwrap_or(PIECE_BYTES).min(PIECE_BYTES);
        async move {
            let piece = blobs.read(&digest, start, wanted).await.map_err(broken)?;
            // Shorter than its length said a moment ago; breaking off tells the client.
            if piece.len() == wanted { Ok(piece) } else { Err(io::Error::from(io::ErrorKind::UnexpectedEof)) }
        }
    });
    Body::from_stream(pieces.buffered(PIECES_AT_ONCE))
}

fn broken(error: BlobError) -> io::Error {
    tracing::error!(%error, "a download broke off");
    io::Error::other(error)
}
