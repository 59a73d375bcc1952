//! A body that may be missing, read as Jupyter's clients send it: some name JSON as its type and send nothing.
//! Never answers in another form than Jupyter's own.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use host_base::{Code, Failure};
use serde::de::DeserializeOwned;

use super::JupyterRefusal;

/// JSON, or nothing.
pub(super) struct OptionalBody<T>(pub(super) Option<T>);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for OptionalBody<T> {
    type Rejection = JupyterRefusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, JupyterRefusal> {
        let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let is_json = media_type.split(';').next().map(str::trim) == Some("application/json");
        let bad = |message: String| JupyterRefusal::from(Failure::new(Code::BadRequest, message));
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|rejection| bad(format!("the body cannot be read: {}", rejection.body_text())))?;
        if body.is_empty() {
            return Ok(Self(None));
        }
        // A form on someone else's web page cannot send this type unasked.
        if !is_json {
            return Err(bad("the body is not sent as `application/json`".to_owned()));
        }
        serde_json::from_slice(&body)
            .map(|body| Self(Some(body)))
            .map_err(|error| bad(format!("the body is not what is expected here: {error}")))
    }
}
