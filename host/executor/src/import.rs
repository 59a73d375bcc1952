//! Content that importers name: fetched from where the node may read, kept under its digest.
//! Never goes where the policy does not allow, not even where an allowed host sends it.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::Duration;

use host_artifacts::Artifacts;
use host_base::{ArtifactKind, ArtifactRef, Code, Failure, Limits};
use host_pipeline::kfp::{ImportPlace, import_place};
use host_runtime::{FOLDER_MEDIA_TYPE, LAYOUT_FOLDER, LAYOUT_KEY};
use host_wheels::is_own_machine;
use registry_oci::Reference;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Response, StatusCode, redirect};
use url::Url;

use crate::components::Components;
use crate::{Policy, registry_failure};

/// Longest wait for a connection.
const CONNECT_MILLIS_MAX: u64 = 10_000;
/// Longest wait for the next bytes.
const IDLE_MILLIS_MAX: u64 = 60_000;
/// How often one request may be sent elsewhere.
const REDIRECTS_MAX: usize = 5;
/// What is copied at once from one place of the node to another.
const COPY_BYTES: usize = 1 << 20;
const OCTETS: &str = "application/octet-stream";
const USER_AGENT: &str = concat!("sandmill/", env!("CARGO_PKG_VERSION"));

/// Connections for imports, made when first needed.
#[derive(Default)]
pub(crate) struct Imports {
    clients: OnceLock<Clients>,
}

struct Clients {
    usual: Client,
    /// For this machine's own addresses, which no proxy reaches.
    direct: Client,
}

/// What an import goes by.
pub(crate) struct Import<'node> {
    pub(crate) policy: &'node Policy,
    pub(crate) components: &'node Components,
    pub(crate) artifacts: &'node Artifacts,
    pub(crate) limits: &'node Limits,
}

/// Refuses what this node's policy does not let anybody read.
pub(crate) fn check(policy: &Policy, uri: &str) -> Result<(), Failure> {
    match import_place(uri)? {
        ImportPlace::Registry { reference } => parse(&reference).map(drop),
        ImportPlace::Web { host } if policy.allows_host(&host) => Ok(()),
        ImportPlace::Web { host } => Err(Failure::new(
            Code::GrantNotAllowed,
            format!("the importer reads {uri}, and this node's policy does not allow HTTP to `{host}`"),
        )
        .with_hint(format!("start the node with `sandmill up --allow-http {host}`"))),
    }
}

impl Imports {
    /// The content of a URI.
    pub(crate) async fn content(&self, uri: &str, import: &Import<'_>) -> Result<ArtifactRef, Failure> {
        check(import.policy, uri)?;
        let limit_millis = import.limits.wall_millis_max;
        let work = async {
            match import_place(uri)? {
                ImportPlace::Registry { reference } => fetch_artifact(&reference, import).await,
                ImportPlace::Web { .. } => self.fetch_page(uri, import).await,
            }
        };
        tokio::time::timeout(Duration::from_millis(limit_millis), Box::pin(work)).await.unwrap_or_else(|_| {
            Err(failed(uri, &format!("it did not come within wall_millis_max = {limit_millis}")).retryable())
        })
    }

    async fn fetch_page(&self, uri: &str, import: &Import<'_>) -> Result<ArtifactRef, Failure> {
        let url = Url::parse(uri).map_err(|error| failed(uri, &format!("it is no address: {error}")))?;
        let clients = self.clients(import.policy)?;
        let client = if is_own_machine(&url) { &clients.direct } else { &clients.usual };
        let response = client.get(url).send().await.map_err(|error| unreachable(uri, &error))?;
        match response.status() {
            StatusCode::OK => keep(uri, response, import).await,
            status if status.is_server_error() => Err(failed(uri, &format!("it answers {status}")).retryable()),
            status => Err(failed(uri, &format!("it answers {status}"))),
        }
    }

    fn clients(&self, policy: &Policy) -> Result<&Clients, Failure> {
        if let Some(clients) = self.clients.get() {
            return Ok(clients);
        }
        // Installed once for the process; whoever came first has installed the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = || {
            let policy = policy.clone();
            Client::builder()
                .user_agent(USER_AGENT)
                .connect_timeout(Duration::from_millis(CONNECT_MILLIS_MAX))
                .read_timeout(Duration::from_millis(IDLE_MILLIS_MAX))
                .redirect(redirect::Policy::custom(move |attempt| follow(&policy, attempt)))
        };
        let setup = |error: reqwest::Error| Failure::new(Code::Internal, format!("HTTP cannot be set up: {error}"));
        let usual = builder().build().map_err(setup)?;
        let direct = builder().no_proxy().build().map_err(setup)?;
        Ok(self.clients.get_or_init(|| Clients { usual, direct }))
    }
}

async fn keep(uri: &str, mut response: Response, import: &Import<'_>) -> Result<ArtifactRef, Failure> {
    let bytes_max = import.limits.output_bytes_max;
    let too_large = || failed(uri, &format!("it is larger than output_bytes_max = {bytes_max}"));
    if response.content_length().is_some_and(|length| length > bytes_max) {
        return Err(too_large());
    }
    let announced = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = announced.and_then(|value| value.split(';').next()).unwrap_or(OCTETS).trim().to_owned();
    let stored = |error: host_artifacts::ArtifactError| error.to_failure();
    let writer = import.artifacts.writer(ArtifactKind::Artifact, &media_type, BTreeMap::new()).await;
    let mut writer = match writer {
        Ok(writer) => writer,
        // What a server says of its content need not be a media type.
        Err(host_artifacts::ArtifactError::InvalidMediaType(_)) => {
            import.artifacts.writer(ArtifactKind::Artifact, OCTETS, BTreeMap::new()).await.map_err(stored)?
        }
        Err(error) => return Err(stored(error)),
    };
    let mut written_bytes = 0;
    while let Some(piece) = response.chunk().await.map_err(|error| unreachable(uri, &error))? {
        written_bytes += piece.len() as u64;
        if written_bytes > bytes_max {
            return Err(too_large());
        }
        writer.write(&piece).await.map_err(stored)?;
    }
    writer.finish().await.map_err(stored)
}

/// An artifact of a registry that consists of one file, or of a folder as nodes push it: as one archive.
async fn fetch_artifact(text: &str, import: &Import<'_>) -> Result<ArtifactRef, Failure> {
    let reference = parse(text)?;
    let (registry, blobs) = import.components.registry_and_blobs();
    let refused = |error: registry_client::RegistryError| {
        let failure = registry_failure(&error);
        Failure { message: format!("`oci://{text}` cannot be imported: {}", failure.message), ..failure }
    };
    let resolved = registry.resolve_artifact(&reference).await.map_err(refused)?;
    let [layer] = resolved.manifest.layers.as_slice() else {
        let count = resolved.manifest.layers.len();
        return Err(failed(&format!("oci://{text}"), &format!("it has {count} layers, and an artifact is one file")));
    };
    let bytes_max = import.limits.output_bytes_max;
    if layer.size > bytes_max {
        return Err(failed(&format!("oci://{text}"), &format!("it is larger than output_bytes_max = {bytes_max}")));
    }
    registry.pull_artifact(&resolved, blobs.as_ref()).await.map_err(refused)?;
    let stored = |error: host_artifacts::ArtifactError| error.to_failure();
    let media_type = if layer.media_type.is_empty() { OCTETS } else { &layer.media_type };
    // Through the artifacts, which hash what they are given: the digest is that of what steps will read.
    let is_folder = media_type == FOLDER_MEDIA_TYPE;
    let metadata = is_folder.then(|| (LAYOUT_KEY.to_owned(), LAYOUT_FOLDER.to_owned())).into_iter().collect();
    let mut writer = import.artifacts.writer(ArtifactKind::Artifact, media_type, metadata).await.map_err(stored)?;
    let mut offset_bytes = 0;
    while offset_bytes < layer.size {
        let piece = import.artifacts.read(&layer.digest, offset_bytes, COPY_BYTES).await.map_err(stored)?;
        if piece.is_empty() {
            break;
        }
        offset_bytes += piece.len() as u64;
        writer.write(&piece).await.map_err(stored)?;
    }
    writer.finish().await.map_err(stored)
}

fn parse(text: &str) -> Result<Reference, Failure> {
    text.parse().map_err(|error| {
        failed(&format!("oci://{text}"), &format!("it is no reference: {error}"))
            .with_hint("write oci://REGISTRY/REPOSITORY:TAG or oci://REGISTRY/REPOSITORY@DIGEST")
    })
}

fn follow(policy: &Policy, attempt: redirect::Attempt<'_>) -> redirect::Action {
    let was_secure = attempt.previous().iter().any(|url| url.scheme() == "https");
    let host = attempt.url().host_str().map(|host| match attempt.url().port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    });
    if was_secure && attempt.url().scheme() != "https" {
        return attempt.error("it leads from https to http");
    }
    if !host.is_some_and(|host| policy.allows_host(&host)) {
        return attempt.error("it leads to a host that this node's policy does not allow");
    }
    if attempt.previous().len() > REDIRECTS_MAX {
        return attempt.error("it leads from one place to the next without end");
    }
    attempt.follow()
}

fn failed(uri: &str, reason: &str) -> Failure {
    Failure::new(Code::ImportFailed, format!("{uri} cannot be imported: {reason}"))
        .with_hint("check the address, and that it needs no login")
}

/// The innermost reason: the outer ones only say that a request failed.
fn unreachable(uri: &str, error: &reqwest::Error) -> Failure {
    let mut reason: &dyn std::error::Error = error;
    while let Some(source) = reason.source() {
        reason = source;
    }
    let failure = failed(uri, &reason.to_string());
    if error.is_redirect() { failure } else { failure.retryable() }
}

#[cfg(test)]
mod tests;
