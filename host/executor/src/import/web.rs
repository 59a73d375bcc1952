//! Content at web addresses.
//! Never follows a redirect to a host that the policy does not allow.

use std::path::PathBuf;
use std::sync::OnceLock;

use host_base::{ArtifactRef, Failure};
use host_outgoing::{OutgoingClients, OutgoingConfig, innermost_reason, is_own_machine};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Response, StatusCode};
use url::Url;

use super::access::Access;
use super::keep::Keeping;
use super::{Import, OCTETS, failed};
use crate::Policy;

/// Longest wait for a connection.
const CONNECT_MILLIS_MAX: u64 = 10_000;
/// Longest wait for the next bytes.
const IDLE_MILLIS_MAX: u64 = 60_000;

/// Connections, made when first needed.
#[derive(Default)]
pub(super) struct Web {
    clients: OnceLock<OutgoingClients>,
}

impl Web {
    pub(super) async fn fetch(
        &self,
        uri: &str,
        trusted_roots: &[PathBuf],
        import: &Import<'_>,
    ) -> Result<ArtifactRef, Failure> {
        let url = Url::parse(uri).map_err(|error| failed(uri, &format!("it is no address: {error}")))?;
        let clients = self.clients(import.policy, trusted_roots)?;
        let mut request = clients.get(&url);
        if let Some(access) = import.access {
            // Where the server sends it on to another host, the token does not go along.
            request = request.bearer_auth(access.token(uri)?);
        }
        let response = request.send().await.map_err(|error| unreachable(uri, &error))?;
        match (response.status(), import.access) {
            (StatusCode::OK, _) => keep(uri, response, import).await,
            (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, Some(access)) => {
                Err(failed(uri, &format!("it answers {} to what is in {}", response.status(), access.shown()))
                    .with_hint(access.how_to_set("ACCESS_TOKEN")))
            }
            (status, _) => Err(answered(uri, status)),
        }
    }

    fn clients(&self, policy: &Policy, trusted_roots: &[PathBuf]) -> Result<&OutgoingClients, Failure> {
        if let Some(clients) = self.clients.get() {
            return Ok(clients);
        }
        let config = OutgoingConfig {
            connect_millis_max: CONNECT_MILLIS_MAX,
            idle_millis_max: IDLE_MILLIS_MAX,
            trusted_roots: trusted_roots.to_vec(),
        };
        let policy = policy.clone();
        let clients = OutgoingClients::new(&config, move |url| {
            host_with_port(url).is_some_and(|host| policy.allows_host(&host))
        })?;
        Ok(self.clients.get_or_init(|| clients))
    }
}

/// Whether a web address can be opened with what is named for it: a token travels in secret only.
pub(super) fn check(uri: &str, access: Option<&Access>) -> Result<(), Failure> {
    let Some(access) = access else { return Ok(()) };
    access.token(uri)?;
    let url = Url::parse(uri).map_err(|error| failed(uri, &format!("it is no address: {error}")))?;
    if url.scheme() == "https" || is_own_machine(&url) {
        return Ok(());
    }
    Err(failed(uri, "a token would be sent to it in the open").with_hint("name an address that begins with https://"))
}

fn answered(uri: &str, status: StatusCode) -> Failure {
    let failure = failed(uri, &format!("it answers {status}"));
    if status.is_server_error() { failure.retryable() } else { failure }
}

/// A host as policies name it: with its port, where that is not the scheme's own.
pub(super) fn host_with_port(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

async fn keep(uri: &str, mut response: Response, import: &Import<'_>) -> Result<ArtifactRef, Failure> {
    let announced = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = announced.and_then(|value| value.split(';').next()).unwrap_or(OCTETS).trim().to_owned();
    let mut keeping = Keeping::file(uri, &media_type, import).await?;
    keeping.expect(response.content_length().unwrap_or(0))?;
    while let Some(piece) = response.chunk().await.map_err(|error| unreachable(uri, &error))? {
        keeping.write(&piece).await?;
    }
    keeping.finish().await
}

fn unreachable(uri: &str, error: &reqwest::Error) -> Failure {
    let failure = failed(uri, &innermost_reason(error));
    if error.is_redirect() { failure } else { failure.retryable() }
}
