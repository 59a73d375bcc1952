//! Endpoints that code of sessions calls, as one more thing that it asks: it has no network of its own.
//! Never decides which hosts are called; the executor's policy does.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use host_executor::{EndpointAnswer, EndpointCall};
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, bad_request};
use crate::request::JsonBody;
use crate::router::Shared;

/// The path under which sessions ask it; callers have no such route.
pub(super) const PATH: &str = "/api/v1/endpoints:call";

/// A call, with its body in base64.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Call {
    method: String,
    url: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: String,
}

/// An answer, with its body in base64.
#[derive(Debug, Serialize)]
pub(super) struct Answered {
    status: u16,
    headers: BTreeMap<String, String>,
    body: String,
}

/// Calls one.
pub(super) async fn call(State(shared): State<Shared>, JsonBody(asked): JsonBody<Call>) -> Answer<Json<Answered>> {
    let body = BASE64.decode(&asked.body);
    let body = body.map_err(|error| bad_request(format!("the body is no base64: {error}"), "encode it"))?;
    let Call { method, url, headers, .. } = asked;
    let EndpointAnswer { status, headers, body } =
        shared.executor.call_endpoint(EndpointCall { method, url, headers, body }).await?;
    Ok(Json(Answered { status, headers, body: BASE64.encode(body) }))
}
