//! HTTP to indexes: lists, metadata, files; each with a limit on its length and on the wait for it.
//! Never sends an index's password to another host, and never goes from https to http.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use host_base::Failure;
use host_outgoing::{OutgoingClients, OutgoingConfig, innermost_reason};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Response, StatusCode};
use url::Url;

use crate::{PythonIndex, WheelError, WheelsConfig};

/// The list of files as JSON, and nothing else.
pub(crate) const LIST: &str = "application/vnd.pypi.simple.v1+json";
/// Anything: a file is known by its digest.
pub(crate) const FILE: &str = "*/*";
/// Wait before a request is repeated; it doubles each time.
const BACKOFF_MILLIS_FIRST: u64 = 200;

/// Connections to indexes.
pub(crate) struct Http {
    clients: OutgoingClients,
    indexes: Vec<PythonIndex>,
    attempts_max: u32,
}

/// A body, and where it came from in the end.
pub(crate) struct Answer {
    pub(crate) url: Url,
    pub(crate) media_type: String,
    pub(crate) body: Bytes,
}

/// How an attempt failed.
enum Trouble {
    /// It may go better the next time.
    Passing(String),
    Lasting(WheelError),
}

impl Http {
    pub(crate) fn new(config: &WheelsConfig, indexes: Vec<PythonIndex>) -> Result<Self, Failure> {
        let outgoing = OutgoingConfig {
            connect_millis_max: config.connect_millis_max,
            idle_millis_max: config.idle_millis_max,
            trusted_roots: config.trusted_roots.clone(),
        };
        // Files lie where an index says: its own redirects may lead anywhere.
        let clients = OutgoingClients::new(&outgoing, |_| true)?;
        Ok(Self { clients, indexes, attempts_max: config.attempts_max.max(1) })
    }

    pub(crate) fn indexes(&self) -> &[PythonIndex] {
        &self.indexes
    }

    /// A whole body; none where there is nothing.
    pub(crate) async fn read(&self, url: &Url, accept: &str, bytes_max: usize) -> Result<Option<Answer>, WheelError> {
        self.repeated(url, || async {
            let Some(mut response) = self.ask(url, accept).await? else { return Ok(None) };
            let too_long = || Trouble::Lasting(protocol(url, format!("it is longer than {bytes_max} bytes")));
            if response.content_length().is_some_and(|length| length > bytes_max as u64) {
                return Err(too_long());
            }
            let mut body = BytesMut::new();
            while let Some(piece) = response.chunk().await.map_err(|error| passing(&error))? {
                if body.len() + piece.len() > bytes_max {
                    return Err(too_long());
                }
                body.extend_from_slice(&piece);
            }
            let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
            let media_type = media_type.and_then(|value| value.split(';').next()).unwrap_or_default().trim().to_owned();
            Ok(Some(Answer { url: response.url().clone(), media_type, body: body.freeze() }))
        })
        .await
    }

    /// Hands a body to `take` piece by piece; `take` begins anew with each attempt.
    pub(crate) async fn stream<T, F>(&self, url: &Url, take: impl Fn(Response) -> F) -> Result<Option<T>, WheelError>
    where
        F: Future<Output = Result<T, StreamTrouble>>,
    {
        self.repeated(url, || async {
            let Some(response) = self.ask(url, FILE).await? else { return Ok(None) };
            match take(response).await {
                Ok(taken) => Ok(Some(taken)),
                Err(StreamTrouble::Request(error)) => Err(passing(&error)),
                Err(StreamTrouble::Taker(error)) => Err(Trouble::Lasting(error)),
            }
        })
        .await
    }

    async fn repeated<T, F>(&self, url: &Url, attempt: impl Fn() -> F) -> Result<T, WheelError>
    where
        F: Future<Output = Result<T, Trouble>>,
    {
        let mut backoff = Duration::from_millis(BACKOFF_MILLIS_FIRST);
        let mut made = 0;
        loop {
            made += 1;
            match attempt().await {
                Ok(answer) => return Ok(answer),
                Err(Trouble::Lasting(error)) => return Err(error),
                Err(Trouble::Passing(reason)) if made >= self.attempts_max => {
                    return Err(WheelError::Unreachable { url: url.to_string(), reason });
                }
                Err(Trouble::Passing(reason)) => tracing::debug!(%url, reason, "an index is asked again"),
            }
            tokio::time::sleep(backoff).await;
            backoff *= 2;
        }
    }

    async fn ask(&self, url: &Url, accept: &str) -> Result<Option<Response>, Trouble> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Trouble::Lasting(protocol(url, "files come over http or https".to_owned())));
        }
        let mut request = self.clients.get(url).header(ACCEPT, accept);
        if let Some((user, password)) = self.indexes.iter().find_map(|index| index.credentials_for(url)) {
            request = request.basic_auth(user, Some(password));
        }
        let response = request.send().await.map_err(|error| passing(&error))?;
        match response.status() {
            StatusCode::OK => Ok(Some(response)),
            StatusCode::NOT_FOUND | StatusCode::GONE => Ok(None),
            status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                Err(Trouble::Passing(format!("it answers {status}")))
            }
            status => Err(Trouble::Lasting(protocol(url, format!("it answers {status}")))),
        }
    }
}

/// Why a body was not taken.
pub(crate) enum StreamTrouble {
    Request(reqwest::Error),
    Taker(WheelError),
}

impl<E: Into<WheelError>> From<E> for StreamTrouble {
    fn from(error: E) -> Self {
        Self::Taker(error.into())
    }
}

pub(crate) fn protocol(url: &Url, reason: String) -> WheelError {
    WheelError::Protocol { url: url.to_string(), reason }
}

fn passing(error: &reqwest::Error) -> Trouble {
    let reason = innermost_reason(error);
    Trouble::Passing(if error.is_timeout() { format!("no answer in time ({reason})") } else { reason })
}
