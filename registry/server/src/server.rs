//! The registry as other rooms hold it, and the way from a request to its endpoint.
//! Never decides who may do what: `access` does, before an endpoint is reached.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::response::Builder;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::serve::{Listener, ListenerExt as _};
use registry_cas::SharedBlobs;
use registry_oci::{Digest, canonical_json, media_types};
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::access::{Access, Caller, TOKEN_PATH};
use crate::blobs::finish;
use crate::body::Pieces;
use crate::config::RegistryConfig;
use crate::error::{ApiError, Code};
use crate::garbage::{Collected, GarbageError};
use crate::gate::Gate;
use crate::links::Links;
use crate::route::Route;
use crate::tls::TlsListener;
use crate::uploads::Uploads;

/// A registry. Cloning shares it.
#[derive(Clone)]
pub struct RegistryServer {
    shared: Arc<Shared>,
}

/// Why a registry could not be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// Its folder cannot be created or read.
    #[error("the registry's folder {} cannot be opened: {source}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The system gives no randomness, so tokens would be guessable.
    #[error("the system gives no randomness for the keys of tokens: {0}")]
    Randomness(getrandom::Error),
}

/// What every request shares.
pub(crate) struct Shared {
    pub(crate) config: RegistryConfig,
    pub(crate) blobs: SharedBlobs,
    pub(crate) links: Links,
    pub(crate) uploads: Uploads,
    /// None lets everybody do everything.
    pub(crate) access: Option<Access>,
    pub(crate) gate: Gate,
    /// Held by the collection that goes on.
    pub(crate) collecting: tokio::sync::Mutex<()>,
    /// Counts the manifests that were pushed since the registry was opened.
    pub(crate) pushes: watch::Sender<u64>,
}

impl RegistryServer {
    /// Opens the registry's folder over these blobs, which others may use as well: only what was pushed here
    /// is served here.
    ///
    /// # Errors
    /// Where the folder cannot be created or read.
    pub async fn open(config: RegistryConfig, blobs: SharedBlobs) -> Result<Self, OpenError> {
        let folder = config.folder.clone();
        let opened = tokio::task::spawn_blocking(move || Links::open(&folder)).await;
        let links = opened
            .unwrap_or_else(|stopped| Err(io::Error::other(stopped)))
            .map_err(|source| OpenError::Folder { folder: config.folder.clone(), source })?;
        let access = config.access.clone().map(|access| Access::new(access, config.tls.is_some())).transpose();
        let access = access.map_err(OpenError::Randomness)?;
        let shared = Shared {
            config,
            blobs,
            links,
            uploads: Uploads::default(),
            access,
            gate: Gate::default(),
            collecting: tokio::sync::Mutex::default(),
            pushes: watch::Sender::default(),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// How many manifests were pushed since the registry was opened, for whoever waits for one.
    #[must_use]
    pub fn pushes(&self) -> watch::Receiver<u64> {
        self.shared.pushes.subscribe()
    }

    /// The names of what was pushed here, each with its tags; sorted. Names without a tag are left out: those that
    /// only stand before others, and those of which everything is known by digest alone.
    ///
    /// # Errors
    /// Where the registry's folder cannot be read.
    pub async fn repositories(&self) -> io::Result<Vec<(String, Vec<String>)>> {
        let listed = self.shared.links.run(|links| {
            let mut found = Vec::new();
            for repository in links.repositories()? {
                let tags = links.tags(&repository)?.unwrap_or_default();
                if !tags.is_empty() {
                    found.push((repository.as_str().to_owned(), tags));
                }
            }
            Ok(found)
        });
        listed.await
    }

    /// Collects garbage once. Pushes and pulls go on meanwhile.
    ///
    /// # Errors
    /// Where names or blobs cannot be read or removed; what was removed until then was garbage.
    pub async fn collect_garbage(&self) -> Result<Collected, GarbageError> {
        self.shared.collect_garbage().await
    }

    /// Everything below `/v2/`, to be served alone: other protocols own that path too.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/v2", any(version))
            .route("/v2/", any(version))
            .route("/v2/{*path}", any(dispatch))
            .route(TOKEN_PATH, any(token))
            .fallback(|| async { answer(Err(no_endpoint()), false) })
            .with_state(Arc::clone(&self.shared))
    }

    /// Serves until `shutdown`, then gives requests under way a moment to end.
    pub async fn serve(self, listener: TcpListener, shutdown: impl Future<Output = ()> + Send + 'static) {
        match self.shared.config.tls.clone() {
            Some(tls) => self.serve_on(TlsListener::new(listener, tls), shutdown).await,
            None => {
                let listener = listener.tap_io(|connection| {
                    // Answers are small and asked for one after another: waiting to fill a packet only costs time.
                    if let Err(error) = connection.set_nodelay(true) {
                        tracing::debug!(%error, "a connection stays without TCP_NODELAY");
                    }
                });
                self.serve_on(listener, shutdown).await;
            }
        }
    }

    async fn serve_on<L>(self, listener: L, shutdown: impl Future<Output = ()> + Send + 'static)
    where
        L: Listener<Addr: std::fmt::Debug>,
    {
        let stopping = CancellationToken::new();
        let signal = stopping.clone();
        let serving = axum::serve(listener, self.router()).with_graceful_shutdown(async move {
            shutdown.await;
            signal.cancel();
        });
        let drain = Duration::from_millis(self.shared.config.drain_millis_max);
        let too_late = async {
            stopping.cancelled().await;
            tokio::time::sleep(drain).await;
        };
        tokio::select! {
            result = serving.into_future() => {
                if let Err(error) = result {
                    tracing::error!(%error, "the registry stopped serving");
                }
            }
            () = too_late => tracing::warn!("registry requests under way were cut off"),
            () = self.collect_again_and_again() => {}
        }
    }

    /// Collects garbage at its times; ends never.
    async fn collect_again_and_again(&self) {
        let Some(minutes) = self.shared.config.garbage.every_minutes else { return std::future::pending().await };
        loop {
            tokio::time::sleep(Duration::from_secs(u64::from(minutes.max(1)) * 60)).await;
            match self.collect_garbage().await {
                Ok(collected) => tracing::info!(?collected, "garbage was collected"),
                Err(error) => tracing::error!(%error, "the collection of garbage ended early"),
            }
        }
    }
}

/// What follows the question mark.
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    fn of(uri: &Uri) -> Result<Self, ApiError> {
        match axum::extract::Query::try_from_uri(uri) {
            Ok(axum::extract::Query(pairs)) => Ok(Self(pairs)),
            Err(_) => Err(ApiError::bad(Code::Unsupported, "the query is malformed")),
        }
    }

    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn digest(&self, name: &str) -> Result<Option<Digest>, ApiError> {
        let parse =
            |text: &str| text.parse::<Digest>().map_err(|error| ApiError::bad(Code::DigestInvalid, error.to_string()));
        self.get(name).map(parse).transpose()
    }
}

/// The beginning of every answer.
pub(crate) fn response(status: StatusCode) -> Builder {
    // Clients of Docker's own protocol look for this header before they go on.
    Response::builder().status(status).header("docker-distribution-api-version", "registry/2.0")
}

async fn version(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (head, _) = request.into_parts();
    let is_head = head.method == Method::HEAD;
    let result = match head.method {
        Method::GET | Method::HEAD => shared.greet(&head).await,
        _ => Err(no_method()),
    };
    answer(result, is_head)
}

/// GET of the token endpoint. Clients that try a POST first go on with this one.
async fn token(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (head, _) = request.into_parts();
    let result = match (&shared.access, head.method == Method::GET) {
        (None, _) => Err(no_endpoint()),
        (Some(_), false) => Err(no_method()),
        (Some(access), true) => issue(access, &head).await,
    };
    answer(result, false)
}

async fn issue(access: &Access, head: &Parts) -> Result<Response, ApiError> {
    let query = Query::of(&head.uri)?;
    let token = access.issue(&head.uri, &head.headers, query.all("scope")).await?;
    let builder = response(StatusCode::OK)
        .header(header::CONTENT_TYPE, media_types::JSON)
        .header(header::CACHE_CONTROL, "no-store");
    finish(builder, axum::body::Body::from(canonical_json(&token)))
}

async fn dispatch(State(shared): State<Arc<Shared>>, Path(path): Path<String>, request: Request) -> Response {
    let is_head = request.method() == Method::HEAD;
    // Boxed once per request, so that the largest endpoint does not make every connection larger.
    answer(Box::pin(shared.handle(&path, request)).await, is_head)
}

fn answer(result: Result<Response, ApiError>, is_head: bool) -> Response {
    match result {
        Ok(response) => response,
        Err(error) => {
            let mut response = error.into_response();
            if is_head {
                *response.body_mut() = axum::body::Body::empty();
            }
            response
        }
    }
}

fn no_method() -> ApiError {
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, Code::Unsupported, "this endpoint does not have this method")
}

fn no_endpoint() -> ApiError {
    ApiError::missing(Code::Unsupported, "this is an OCI registry; its endpoints begin with /v2/")
}

impl Shared {
    async fn handle(&self, path: &str, request: Request) -> Result<Response, ApiError> {
        let (head, body) = request.into_parts();
        let mut pieces = Pieces::new(body, self.config.body_idle_millis_max);
        let result = self.route(path, &head, &mut pieces).await;
        if result.is_err() {
            pieces.discard().await;
        }
        result
    }

    /// GET of `/v2/`: where access is controlled, clients learn here how to log in.
    async fn greet(&self, head: &Parts) -> Result<Response, ApiError> {
        if let Some(access) = &self.access
            && access.caller(&head.uri, &head.headers).await? == Caller::Anonymous
        {
            return Err(access.unauthorized(&head.uri, &head.headers, None, None));
        }
        finish(response(StatusCode::OK), axum::body::Body::empty())
    }

    async fn route(&self, path: &str, head: &Parts, body: &mut Pieces) -> Result<Response, ApiError> {
        let route = Route::parse(path)?;
        let query = Query::of(&head.uri)?;
        let mut caller = Caller::Anonymous;
        if let Some(access) = &self.access {
            caller = access.caller(&head.uri, &head.headers).await?;
            access.check(&head.uri, &head.headers, &caller, &route.wanted(&head.method))?;
        }
        let (method, headers) = (&head.method, &head.headers);
        match (method, route) {
            (&Method::GET | &Method::HEAD, Route::Blob(name, digest)) => {
                self.get_blob(method, headers, name, digest).await
            }
            (&Method::DELETE, Route::Blob(name, digest)) => self.delete_blob(name, digest).await,
            (&Method::POST, Route::Uploads(name)) => self.begin_upload(headers, &query, body, &caller, name).await,
            (&Method::GET, Route::Upload(name, id)) => self.upload_status(&name, &id),
            (&Method::PATCH, Route::Upload(name, id)) => self.append_upload(headers, body, name, &id).await,
            (&Method::PUT, Route::Upload(name, id)) => self.finish_upload(headers, &query, body, name, &id).await,
            (&Method::DELETE, Route::Upload(name, id)) => self.cancel_upload(&name, &id),
            (&Method::GET | &Method::HEAD, Route::Manifest(name, reference)) => {
                self.get_manifest(method, name, reference).await
            }
            (&Method::PUT, Route::Manifest(name, reference)) => {
                self.put_manifest(headers, &query, body, name, reference).await
            }
            (&Method::DELETE, Route::Manifest(name, reference)) => self.delete_manifest(name, reference).await,
            (&Method::GET, Route::Tags(name)) => self.list_tags(&query, name).await,
            (&Method::GET, Route::Referrers(name, subject)) => self.list_referrers(&query, name, subject).await,
            _ => Err(no_method()),
        }
    }
}
