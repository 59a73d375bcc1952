//! Endpoints that code of sessions calls: HTTP to the hosts that the node was told.
//! Never follows a redirect to another host, and never answers with more than is handed over.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use host_base::{Code, Failure};
use host_outgoing::{OutgoingClients, OutgoingConfig, innermost_reason};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Response};
use url::Url;

use crate::Executor;

/// Longest wait for a connection.
const CONNECT_MILLIS_MAX: u64 = 10_000;
/// Longest wait for the next bytes; a model may think for a while.
const IDLE_MILLIS_MAX: u64 = 120_000;
/// What one answer may carry.
const ANSWER_BYTES_MAX: usize = 8 << 20;
/// Headers that say where a request goes and how it is framed; those are not the session's to say.
const OWN_HEADERS: [&str; 7] =
    ["connection", "content-length", "host", "proxy-authorization", "te", "transfer-encoding", "upgrade"];

/// A call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointCall {
    /// `GET`, `POST`, …
    pub method: String,
    /// `http` or `https`.
    pub url: String,
    /// By name.
    pub headers: BTreeMap<String, String>,
    /// What is sent along.
    pub body: Vec<u8>,
}

/// What came back, success or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointAnswer {
    /// As in HTTP.
    pub status: u16,
    /// Those that are text.
    pub headers: BTreeMap<String, String>,
    /// At most 8 MiB.
    pub body: Vec<u8>,
}

/// Connections, made when first needed.
#[derive(Default)]
pub(crate) struct Endpoints(OnceLock<OutgoingClients>);

impl Executor {
    /// Calls an endpoint for a session's code.
    ///
    /// # Errors
    /// When its host was not granted, it cannot be reached, or it says too much.
    pub async fn call_endpoint(&self, call: EndpointCall) -> Result<EndpointAnswer, Failure> {
        let bad = |message: String| Failure::new(Code::BadRequest, message);
        let url = Url::parse(&call.url).map_err(|error| bad(format!("`{}` is no address: {error}", call.url)))?;
        self.shared.config.policy.check_session_host(&url)?;
        let method = call.method.parse::<Method>().map_err(|error| bad(format!("`{}`: {error}", call.method)))?;
        let request = self.clients()?.request(method, &url).headers(headers(&call.headers)?).body(call.body);
        let mut response = request.send().await.map_err(|error| unreachable(&url, &error))?;
        let status = response.status().as_u16();
        let headers = told(&response);
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| unreachable(&url, &error))? {
            if body.len() + piece.len() > ANSWER_BYTES_MAX {
                let message = format!("{url} answers with more than {ANSWER_BYTES_MAX} bytes");
                return Err(Failure::new(Code::TooLarge, message).with_hint("ask it for less at once"));
            }
            body.extend_from_slice(&piece);
        }
        Ok(EndpointAnswer { status, headers, body })
    }

    fn clients(&self) -> Result<&OutgoingClients, Failure> {
        let kept = &self.shared.notebooks.endpoints.0;
        if let Some(clients) = kept.get() {
            return Ok(clients);
        }
        let config = OutgoingConfig {
            connect_millis_max: CONNECT_MILLIS_MAX,
            idle_millis_max: IDLE_MILLIS_MAX,
            trusted_roots: self.shared.config.trusted_roots.clone(),
        };
        let policy = self.shared.config.policy.clone();
        let clients = OutgoingClients::new(&config, move |url| policy.check_session_host(url).is_ok())?;
        Ok(kept.get_or_init(|| clients))
    }
}

fn headers(given: &BTreeMap<String, String>) -> Result<HeaderMap, Failure> {
    let one = |(name, value): (&String, &String)| {
        let bad = |what: &str| Failure::new(Code::BadRequest, format!("the header `{name}` {what}"));
        if OWN_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
            return Err(bad("is not a session's to set"));
        }
        let value = HeaderValue::from_str(value).map_err(|_| bad("has a value that cannot be sent"))?;
        Ok((name.parse::<HeaderName>().map_err(|_| bad("has no header's name"))?, value))
    };
    given.iter().map(one).collect()
}

fn told(response: &Response) -> BTreeMap<String, String> {
    let text = |(name, value): (&HeaderName, &HeaderValue)| Some((name.to_string(), value.to_str().ok()?.to_owned()));
    response.headers().iter().filter_map(text).collect()
}

fn unreachable(url: &Url, error: &reqwest::Error) -> Failure {
    let message = format!("{url} cannot be called: {}", innermost_reason(error));
    let failure = Failure::new(Code::ServerUnreachable, message).with_hint("check the address, and that it answers");
    if error.is_redirect() { failure } else { failure.retryable() }
}
