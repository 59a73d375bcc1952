//! Requests through `wasi:http`.
//! Never differs in its surface from its sibling `native.rs`.

use std::io::{self, Read};

use ::http::Uri;
use ::http::uri::Scheme;
use wasip2::http::outgoing_handler;
use wasip2::http::types::{self as wit, ErrorCode, Fields, IncomingBody, IncomingResponse, OutgoingRequest};
use wasip2::io::streams::{InputStream, StreamError};

use super::RawResponse;
use crate::{Failure, Result};

/// The most that one call to the host reads.
const CHUNK_BYTES: u64 = 1 << 20;

pub(crate) fn send(target: &Uri) -> Result<RawResponse> {
    let request = OutgoingRequest::new(Fields::new());
    let scheme = if target.scheme() == Some(&Scheme::HTTP) { wit::Scheme::Http } else { wit::Scheme::Https };
    let accepted = request
        .set_scheme(Some(&scheme))
        .and_then(|()| request.set_authority(target.authority().map(|authority| authority.as_str())))
        .and_then(|()| request.set_path_with_query(target.path_and_query().map(|path| path.as_str())));
    accepted.map_err(|()| Failure::new("the host does not understand the URL"))?;
    let response = wait(outgoing_handler::handle(request, None).map_err(explain)?)?;
    let status = response.status();
    let headers = response.headers().entries();
    let headers = headers.into_iter().map(|(name, value)| (name, String::from_utf8_lossy(&value).into_owned()));
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
    let body = Body::new(response).ok_or_else(|| Failure::new("the response has no body"))?;
    Ok(RawResponse { status, headers, body: Box::new(body) })
}

fn wait(future: wit::FutureIncomingResponse) -> Result<IncomingResponse> {
    let ready = future.subscribe();
    loop {
        match future.get() {
            None => ready.block(),
            Some(Ok(response)) => return response.map_err(explain),
            Some(Err(())) => return Err(Failure::new("the response was taken twice")),
        }
    }
}

fn explain(error: ErrorCode) -> Failure {
    let failure = Failure::new(error.to_string());
    match error {
        ErrorCode::HttpRequestDenied => {
            Failure::new("the step is not granted this host").with_hint("name the host under `grants.http`")
        }
        ErrorCode::DestinationIpProhibited => {
            failure.with_hint("the host's address lies in a network that is closed to steps")
        }
        ErrorCode::DnsTimeout
        | ErrorCode::DnsError(_)
        | ErrorCode::DestinationUnavailable
        | ErrorCode::ConnectionRefused
        | ErrorCode::ConnectionTerminated
        | ErrorCode::ConnectionTimeout
        | ErrorCode::ConnectionReadTimeout
        | ErrorCode::ConnectionWriteTimeout
        | ErrorCode::ConnectionLimitReached
        | ErrorCode::HttpResponseIncomplete
        | ErrorCode::HttpResponseTimeout => failure.retryable(),
        _ => failure,
    }
}

/// The resources hang on each other, so they are dropped in this order.
struct Body {
    stream: InputStream,
    _body: IncomingBody,
    _response: IncomingResponse,
    chunk: Vec<u8>,
    position: usize,
}

impl Body {
    fn new(response: IncomingResponse) -> Option<Self> {
        let body = response.consume().ok()?;
        let stream = body.stream().ok()?;
        Some(Self { stream, _body: body, _response: response, chunk: Vec::new(), position: 0 })
    }
}

impl Read for Body {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.position == self.chunk.len() {
            self.position = 0;
            self.chunk = match self.stream.blocking_read(CHUNK_BYTES) {
                Ok(chunk) => chunk,
                Err(StreamError::Closed) => {
                    self.chunk.clear();
                    return Ok(0);
                }
                Err(StreamError::LastOperationFailed(error)) => {
                    return Err(io::Error::new(io::ErrorKind::ConnectionReset, error.to_debug_string()));
                }
            };
        }
        let length = into.len().min(self.chunk.len() - self.position);
        into[..length].copy_from_slice(&self.chunk[self.position..self.position + length]);
        self.position += length;
        Ok(length)
    }
}
