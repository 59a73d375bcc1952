//! The parts of a request, read or refused in the house's own words.
//! Never reads more than the limits of `host-api`, and never waits for a slow body for long.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use host_api::REQUEST_BYTES_MAX;
use host_base::{Code, Failure, RunId};
use registry_oci::Digest;
use serde::de::DeserializeOwned;

use crate::answer::{Refusal, bad_request};

/// Longest time in which a JSON body has to arrive.
const BODY_SECONDS_MAX: u64 = 60;

/// A JSON body.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        // Asked for strictly: a form on someone else's web page cannot send this type unasked.
        if media_type.split(';').next().map(str::trim) != Some("application/json") {
            return Err(bad_request(
                format!("the body is `{media_type}`, not JSON"),
                "send JSON with `Content-Type: application/json`",
            ));
        }
        let body = tokio::time::timeout(Duration::from_secs(BODY_SECONDS_MAX), Bytes::from_request(request, state));
        let body = match body.await {
            Ok(Ok(body)) => body,
            Ok(Err(rejection)) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                let message = format!("the body is larger than {REQUEST_BYTES_MAX} bytes");
                return Err(Failure::new(Code::TooLarge, message)
                    .with_hint("upload large values as artifacts and name their digests")
                    .into());
            }
            Ok(Err(rejection)) => {
                return Err(bad_request(format!("the body broke off: {}", rejection.body_text()), "send it again"));
            }
            Err(_) => {
                return Err(bad_request(format!("the body took longer than {BODY_SECONDS_MAX} s"), "send it faster"));
            }
        };
        serde_json::from_slice(&body).map(Self).map_err(|error| {
            bad_request(format!("the body is not what is expected here: {error}"), "GET /openapi.json has its schema")
        })
    }
}

/// What stands behind the question mark.
pub(crate) struct Queries<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Queries<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(queries)) => Ok(Self(queries)),
            Err(rejection) => Err(bad_request(
                format!("the query cannot be read: {}", rejection.body_text()),
                "GET /openapi.json lists what is allowed behind the question mark",
            )),
        }
    }
}

/// Reads a run's id.
pub(crate) fn run_id(text: &str) -> Result<RunId, Refusal> {
    text.parse().map_err(|error: host_base::id::RunIdError| {
        bad_request(error.to_string(), "GET /api/v1/runs lists runs and their ids")
    })
}

/// Reads an artifact's digest.
pub(crate) fn digest(text: &str) -> Result<Digest, Refusal> {
    text.parse().map_err(|error: registry_oci::DigestError| {
        bad_request(error.to_string(), "GET /api/v1/artifacts lists artifacts and their digests")
    })
}
