//! Bodies as Jupyter's clients send them: some name JSON as their type and send nothing, some send JSON and name text.
//! Never answers in another form than Jupyter's own.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use host_base::{Code, Failure};
use serde::de::DeserializeOwned;

use super::JupyterRefusal;

/// JSON.
pub(super) struct Body<T>(pub(super) T);

/// JSON, or nothing.
pub(super) struct OptionalBody<T>(pub(super) Option<T>);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = JupyterRefusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, JupyterRefusal> {
        let body = read(request, state).await?;
        body.map(Self).ok_or_else(|| bad("the body is missing".to_owned()))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for OptionalBody<T> {
    type Rejection = JupyterRefusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, JupyterRefusal> {
        read(request, state).await.map(Self)
    }
}

/// Whatever type the request names: what pages of others may not do, `guard` refuses by their origin.
async fn read<T: DeserializeOwned>(request: Request, state: &(impl Send + Sync)) -> Result<Option<T>, JupyterRefusal> {
    let body = Bytes::from_request(request, state).await;
    let body = body.map_err(|rejection| bad(format!("the body cannot be read: {}", rejection.body_text())))?;
    if body.is_empty() {
        return Ok(None);
    }
    let parsed = serde_json::from_slice(&body);
    parsed.map(Some).map_err(|error| bad(format!("the body is not what is expected here: {error}")))
}

fn bad(message: String) -> JupyterRefusal {
    JupyterRefusal::from(Failure::new(Code::BadRequest, message))
}
