//! HTTP requests to the hosts that the step was granted.
//! Never sends anything but what is asked for: no cookies, no credentials, no proxy.

#[cfg_attr(target_family = "wasm", path = "http/wasm.rs")]
#[cfg_attr(not(target_family = "wasm"), path = "http/native.rs")]
pub(crate) mod backend;
mod redirect;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io::{self, Read};

use ::http::Uri;
use ::http::uri::Scheme;

use crate::{Context, Failure, Result};

/// Redirects that [`get`] follows before it gives up.
const REDIRECTS_MAX: usize = 5;

/// What a backend gives for one request.
pub(crate) struct RawResponse {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Box<dyn Read>,
}

/// A response with its body still to be read.
pub struct Response {
    url: String,
    media_type: Option<String>,
    length_bytes: Option<u64>,
    body: Box<dyn Read>,
    read_bytes: u64,
    bytes_max: u64,
}

/// Asks for what stands under `url`, following redirects. Reading more than `bytes_max` bytes from
/// the response is an error.
///
/// # Errors
/// When the URL is not understood, the host is not granted or does not answer, or the answer is
/// not a success. Another attempt may help where the server or the network is at fault.
pub fn get(url: &str, bytes_max: u64) -> Result<Response> {
    let mut target = parse(url)?;
    for _ in 0..=REDIRECTS_MAX {
        let response = backend::send(&target).with_context(|| format!("cannot get {target}"))?;
        match response.status {
            200 => return Response::new(&target, response, bytes_max),
            301 | 302 | 303 | 307 | 308 => target = redirect::follow(&target, header(&response, "location"))?,
            status => return Err(refusal(&target, status)),
        }
    }
    Err(Failure::new(format!("{url} redirects more than {REDIRECTS_MAX} times")))
}

fn parse(url: &str) -> Result<Uri> {
    let refuse = |why: &str| Failure::new(format!("the URL is not understood: {why}"));
    let hint = "write it whole, such as https://example.org/data.csv";
    let uri: Uri = url.parse().map_err(|error: ::http::uri::InvalidUri| refuse(&error.to_string()).with_hint(hint))?;
    if uri.scheme() != Some(&Scheme::HTTP) && uri.scheme() != Some(&Scheme::HTTPS) {
        return Err(refuse("it begins with neither http:// nor https://").with_hint(hint));
    }
    // The URL is an argument, and arguments are shown and kept.
    if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err(refuse("it carries a user name or a password").with_hint("leave the credentials out of the URL"));
    }
    Ok(uri)
}

fn refusal(target: &Uri, status: u16) -> Failure {
    let reason = ::http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let failure = Failure::new(format!("{target} answers {status} {}", reason.unwrap_or_default()).trim_end());
    match status {
        408 | 425 | 429 | 500.. => failure.retryable(),
        404 | 410 => failure.with_hint("check the URL"),
        401 | 403 => failure.with_hint("the file must be public"),
        _ => failure,
    }
}

fn header<'a>(response: &'a RawResponse, name: &str) -> Option<&'a str> {
    response.headers.iter().find_map(|(key, value)| (key == name).then_some(value.as_str()))
}

impl Response {
    fn new(target: &Uri, response: RawResponse, bytes_max: u64) -> Result<Self> {
        let length_bytes = header(&response, "content-length").and_then(|length| length.parse().ok());
        if let Some(length) = length_bytes.filter(|length| *length > bytes_max) {
            return Err(Failure::new(format!("{target} is {length} bytes long, more than the limit of {bytes_max}")));
        }
        let media_type = header(&response, "content-type");
        let media_type = media_type.and_then(|value| value.split(';').next()).map(|value| value.trim().to_owned());
        Ok(Self {
            url: target.to_string(),
            media_type: media_type.filter(|media_type| !media_type.is_empty()),
            length_bytes,
            body: response.body,
            read_bytes: 0,
            bytes_max,
        })
    }

    /// Where the response came from in the end, after redirects.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The media type without parameters, where the server names one.
    #[must_use]
    pub fn media_type(&self) -> Option<&str> {
        self.media_type.as_deref()
    }

    /// Length of the whole body, where the server says so beforehand.
    #[must_use]
    pub const fn length_bytes(&self) -> Option<u64> {
        self.length_bytes
    }
}

impl Read for Response {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.body.read(into)?;
        self.read_bytes += length as u64;
        if self.read_bytes > self.bytes_max {
            let message = format!("{} is longer than the limit of {} bytes", self.url, self.bytes_max);
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
        }
        match self.length_bytes {
            Some(expected) if length == 0 && !into.is_empty() && self.read_bytes < expected => {
                let message = format!("{} ended after {} of {expected} bytes", self.url, self.read_bytes);
                Err(io::Error::new(io::ErrorKind::ConnectionReset, message))
            }
            _ => Ok(length),
        }
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Response").field("url", &self.url).finish_non_exhaustive()
    }
}
