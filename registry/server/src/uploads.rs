//! Blobs on their way in: whole, in chunks, or mounted from another repository.
//! Never survives the process: an unfinished upload is begun again after a restart.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::response::Builder;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::Response;
use registry_cas::{BlobWriter, SharedBlobs};
use registry_oci::{Algorithm, Digest};
use tokio::sync::OwnedMutexGuard;

use crate::access::{Action, Caller, Wanted};
use crate::blobs::{CONTENT_DIGEST, finish};
use crate::body::Pieces;
use crate::config::RegistryConfig;
use crate::error::{ApiError, Code};
use crate::links::Links;
use crate::range;
use crate::route::Repository;
use crate::server::{Query, Shared, response};

const UPLOAD_ID: HeaderName = HeaderName::from_static("docker-upload-uuid");

/// The uploads of this process, by their unguessable ids.
#[derive(Default)]
pub(crate) struct Uploads {
    open: Mutex<HashMap<String, Open>>,
}

struct Open {
    repository: Repository,
    touched: Instant,
    /// Locked while a request writes; two at once would mix their bytes.
    upload: Arc<tokio::sync::Mutex<Upload>>,
}

impl Open {
    /// Whether a request holds it.
    fn in_use(&self) -> bool {
        Arc::strong_count(&self.upload) > 1
    }
}

/// The writer is gone once the upload is finished or has failed.
struct Upload {
    writer: Option<Box<dyn BlobWriter>>,
}

type Held = OwnedMutexGuard<Upload>;

impl Uploads {
    fn open(&self) -> MutexGuard<'_, HashMap<String, Open>> {
        // Each change is one call on the map, so a panic elsewhere left nothing half done.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn begin(
        &self,
        config: &RegistryConfig,
        blobs: &SharedBlobs,
        repository: Repository,
        algorithm: Algorithm,
    ) -> Result<String, ApiError> {
        let writer = blobs.writer(algorithm).await?;
        let id = random_id()?;
        self.expire(config);
        let mut open = self.open();
        if open.len() >= config.uploads_max {
            // Room is made by giving up the one that was left alone longest: most likely its client is gone.
            let oldest = open.iter().filter(|(_, open)| !open.in_use()).min_by_key(|(_, open)| open.touched);
            let Some(oldest) = oldest.map(|(id, _)| id.clone()) else {
                let message = format!("{} uploads are under way; try again in a moment", config.uploads_max);
                return Err(ApiError::new(StatusCode::TOO_MANY_REQUESTS, Code::TooManyRequests, message));
            };
            open.remove(&oldest);
        }
        let upload = Arc::new(tokio::sync::Mutex::new(Upload { writer: Some(writer) }));
        open.insert(id.clone(), Open { repository, touched: Instant::now(), upload });
        Ok(id)
    }

    /// Gives up what nobody touched for too long, and says how many those were.
    pub(crate) fn expire(&self, config: &RegistryConfig) -> u64 {
        let idle_max = Duration::from_millis(config.upload_idle_millis_max);
        let mut open = self.open();
        let before = open.len();
        open.retain(|_, open| open.in_use() || open.touched.elapsed() < idle_max);
        (before - open.len()) as u64
    }

    /// The upload, for this request alone.
    fn hold(&self, repository: &Repository, id: &str) -> Result<Held, ApiError> {
        let mut open = self.open();
        let found = open.get_mut(id).filter(|open| open.repository == *repository).ok_or_else(unknown)?;
        found.touched = Instant::now();
        Arc::clone(&found.upload).try_lock_owned().map_err(|_| {
            ApiError::new(StatusCode::CONFLICT, Code::BlobUploadInvalid, "another request is writing to this upload")
        })
    }

    fn touch(&self, id: &str) {
        if let Some(found) = self.open().get_mut(id) {
            found.touched = Instant::now();
        }
    }

    fn forget(&self, id: &str) {
        self.open().remove(id);
    }
}

fn unknown() -> ApiError {
    ApiError::missing(Code::BlobUploadUnknown, "there is no such upload; it was finished, cancelled or given up")
}

fn random_id() -> Result<String, ApiError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        tracing::error!(%error, "the system gives no randomness");
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Unknown, "the registry failed")
    })?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// What a request that writes to an upload says about its body.
struct Announced {
    chunk: Option<std::ops::Range<u64>>,
}

impl Announced {
    fn of(headers: &HeaderMap) -> Result<Self, ApiError> {
        let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or(""));
        let chunk = match text(header::CONTENT_RANGE) {
            Some(range) => Some(range::chunk(range).ok_or_else(|| {
                ApiError::bad(
                    Code::BlobUploadInvalid,
                    "Content-Range is malformed: expected first-last, such as 0-1023",
                )
            })?),
            None => None,
        };
        let length = text(header::CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
        match (&chunk, length) {
            (Some(chunk), Some(length)) if chunk.end - chunk.start != length => {
                Err(ApiError::bad(Code::SizeInvalid, "Content-Range and Content-Length disagree"))
            }
            _ => Ok(Self { chunk }),
        }
    }
}

impl Shared {
    /// POST: mounts a blob, takes a whole one, or opens an upload.
    pub(crate) async fn begin_upload(
        &self,
        headers: &HeaderMap,
        query: &Query,
        body: &mut Pieces,
        caller: &Caller,
        repository: Repository,
    ) -> Result<Response, ApiError> {
        if let Some(mounted) = self.mount(query, caller, &repository).await? {
            return Ok(mounted);
        }
        let expected = query.digest("digest")?;
        let algorithm = match query.get("digest-algorithm") {
            None => expected.as_ref().map_or(Algorithm::Sha256, Digest::algorithm),
            Some("sha256") => Algorithm::Sha256,
            Some("sha512") => Algorithm::Sha512,
            Some(_) => return Err(ApiError::bad(Code::DigestInvalid, "use the digest algorithm sha256 or sha512")),
        };
        let id = self.uploads.begin(&self.config, &self.blobs, repository.clone(), algorithm).await?;
        match expected {
            Some(expected) => {
                let finished = self.write_and_finish(headers, body, repository, &id, &expected).await;
                // Nobody was told the id, so nobody could go on where this failed.
                self.uploads.forget(&id);
                finished
            }
            None => self.progress(StatusCode::ACCEPTED, &repository, &id, 0),
        }
    }

    /// From the repository that is named or, where none is, from any that the caller may pull from. Where the blob
    /// is not to be had, the specification has the client upload it.
    async fn mount(
        &self,
        query: &Query,
        caller: &Caller,
        repository: &Repository,
    ) -> Result<Option<Response>, ApiError> {
        let Some(digest) = query.digest("mount")? else { return Ok(None) };
        let places = match query.get("from") {
            Some(from) => vec![Repository::parse(from)?],
            None => self.links.run(Links::repositories).await?,
        };
        let _passing = self.gate.pass([&digest]).await;
        for place in places {
            let may_pull = Wanted { repository: place.clone(), action: Action::Pull };
            let is_open = self.access.as_ref().is_none_or(|access| access.may(caller, &may_pull));
            if is_open && self.blob_size(&place, &digest).await?.is_some() {
                return Ok(Some(self.linked(repository, &digest).await?));
            }
        }
        Ok(None)
    }

    /// GET: how far an upload is.
    pub(crate) fn upload_status(&self, repository: &Repository, id: &str) -> Result<Response, ApiError> {
        let held = self.uploads.hold(repository, id)?;
        let written_bytes = held.writer.as_ref().ok_or_else(unknown)?.written_bytes();
        self.progress(StatusCode::NO_CONTENT, repository, id, written_bytes)
    }

    /// DELETE: gives an upload up.
    pub(crate) fn cancel_upload(&self, repository: &Repository, id: &str) -> Result<Response, ApiError> {
        let mut held = self.uploads.hold(repository, id)?;
        held.writer = None;
        self.uploads.forget(id);
        finish(response(StatusCode::NO_CONTENT), Body::empty())
    }

    /// PATCH: takes the next bytes.
    pub(crate) async fn append_upload(
        &self,
        headers: &HeaderMap,
        body: &mut Pieces,
        repository: Repository,
        id: &str,
    ) -> Result<Response, ApiError> {
        let mut held = self.uploads.hold(&repository, id)?;
        self.write(headers, body, &repository, id, &mut held).await?;
        self.uploads.touch(id);
        let written_bytes = held.writer.as_ref().ok_or_else(unknown)?.written_bytes();
        self.progress(StatusCode::ACCEPTED, &repository, id, written_bytes)
    }

    /// PUT: takes the last bytes, if there are any, and checks the digest.
    pub(crate) async fn finish_upload(
        &self,
        headers: &HeaderMap,
        query: &Query,
        body: &mut Pieces,
        repository: Repository,
        id: &str,
    ) -> Result<Response, ApiError> {
        let expected = query.digest("digest")?.ok_or_else(|| {
            ApiError::bad(Code::DigestInvalid, "an upload is finished with its digest: add ?digest=sha256:…")
        })?;
        self.write_and_finish(headers, body, repository, id, &expected).await
    }

    async fn write_and_finish(
        &self,
        headers: &HeaderMap,
        body: &mut Pieces,
        repository: Repository,
        id: &str,
        expected: &Digest,
    ) -> Result<Response, ApiError> {
        let mut held = self.uploads.hold(&repository, id)?;
        self.write(headers, body, &repository, id, &mut held).await?;
        let writer = held.writer.take().ok_or_else(unknown)?;
        self.uploads.forget(id);
        let _passing = self.gate.pass([expected]).await;
        writer.finish(Some(expected)).await?;
        self.linked(&repository, expected).await
    }

    async fn write(
        &self,
        headers: &HeaderMap,
        body: &mut Pieces,
        repository: &Repository,
        id: &str,
        held: &mut Held,
    ) -> Result<(), ApiError> {
        let announced = Announced::of(headers)?;
        let writer = held.writer.as_mut().ok_or_else(unknown)?;
        let begun_at = writer.written_bytes();
        if let Some(chunk) = &announced.chunk
            && chunk.start != begun_at
        {
            let message = format!("the upload has {begun_at} bytes, so the next chunk begins there");
            return Err(ApiError::new(StatusCode::RANGE_NOT_SATISFIABLE, Code::BlobUploadInvalid, message)
                .with_header(header::RANGE, shown_range(begun_at))
                .with_header(header::LOCATION, upload_location(repository, id)));
        }
        while let Some(piece) = body.next().await? {
            let fits = writer.written_bytes() + piece.len() as u64 <= self.config.blob_bytes_max;
            let taken = if fits { writer.write(&piece).await.map_err(ApiError::from) } else { Err(self.too_large()) };
            if let Err(error) = taken {
                held.writer = None;
                self.uploads.forget(id);
                return Err(error);
            }
        }
        match announced.chunk {
            Some(chunk) if chunk.end != writer.written_bytes() => {
                Err(ApiError::bad(Code::SizeInvalid, "the body is not as long as its Content-Range says"))
            }
            _ => Ok(()),
        }
    }

    fn too_large(&self) -> ApiError {
        let message = format!("a blob may have at most {} bytes", self.config.blob_bytes_max);
        ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, Code::SizeInvalid, message)
    }

    async fn linked(&self, repository: &Repository, digest: &Digest) -> Result<Response, ApiError> {
        let (name, linked, grace) = (repository.clone(), digest.clone(), self.grace());
        self.links.run(move |links| links.add_blob(&name, &linked, grace)).await?;
        let created = response(StatusCode::CREATED)
            .header(header::LOCATION, format!("/v2/{repository}/blobs/{digest}"))
            .header(CONTENT_DIGEST, digest.to_string());
        finish(created, Body::empty())
    }

    fn progress(
        &self,
        status: StatusCode,
        repository: &Repository,
        id: &str,
        written_bytes: u64,
    ) -> Result<Response, ApiError> {
        let builder: Builder = response(status)
            .header(header::LOCATION, upload_location(repository, id))
            .header(header::RANGE, shown_range(written_bytes))
            .header(UPLOAD_ID, id);
        finish(builder, Body::empty())
    }
}

fn upload_location(repository: &Repository, id: &str) -> String {
    format!("/v2/{repository}/blobs/uploads/{id}")
}

/// Both ends are inclusive, so an empty upload cannot be told from one of one byte; every registry does the same.
fn shown_range(written_bytes: u64) -> String {
    format!("0-{}", written_bytes.saturating_sub(1))
}
