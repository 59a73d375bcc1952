//! Answers and requests in the forms of Kubeflow Pipelines.
//! Never tells more than the failure itself says.

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use host_api::kfp::error::{Status, UploadError, codes_of};
use host_base::{Code, Failure, RunId};
use serde::de::DeserializeOwned;

use crate::answer::Refusal;
use crate::request::{JsonBody, Queries};

/// What a handler returns.
pub(super) type Answer<T> = Result<Json<T>, Refused>;

/// One or more failures on their way to the caller.
#[derive(Debug)]
pub(super) struct Refused(pub(super) Vec<Failure>);

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self(vec![failure])
    }
}

impl From<Vec<Failure>> for Refused {
    fn from(failures: Vec<Failure>) -> Self {
        Self(failures)
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self(refusal.into_failures())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (status(&self.0), Json(Status::from(self.0.as_slice()))).into_response()
    }
}

/// The same for uploads, which have a form of their own.
#[derive(Debug)]
pub(super) struct UploadRefused(Vec<Failure>);

impl<T: Into<Refused>> From<T> for UploadRefused {
    fn from(refused: T) -> Self {
        Self(refused.into().0)
    }
}

impl IntoResponse for UploadRefused {
    fn into_response(self) -> Response {
        (status(&self.0), Json(UploadError::from(self.0.as_slice()))).into_response()
    }
}

fn status(failures: &[Failure]) -> StatusCode {
    let code = failures.first().map_or(Code::Internal, |failure| failure.code);
    let status = StatusCode::from_u16(codes_of(code).0).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if status.is_server_error() {
        tracing::warn!(?failures, "a request failed");
    }
    status
}

/// A request that cannot be understood.
pub(super) fn invalid(message: impl Into<String>, hint: &str) -> Refused {
    Failure::new(Code::BadRequest, message).with_hint(hint).into()
}

/// A JSON body.
pub(super) struct Body<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let JsonBody(body) = JsonBody::from_request(request, state).await?;
        Ok(Self(body))
    }
}

/// What stands behind the question mark.
pub(super) struct Query<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let Queries(query) = Queries::from_request_parts(parts, state).await?;
        Ok(Self(query))
    }
}

/// Takes the last segment of a path apart: an id, and the verb behind its colon.
pub(super) fn id_and_verb(segment: &str) -> Result<(&str, &str), Refused> {
    segment.rsplit_once(':').ok_or_else(|| {
        Failure::new(Code::NotFound, format!("nothing can be posted to `{segment}`"))
            .with_hint("a verb such as `:archive` stands behind the id")
            .into()
    })
}

/// A verb that this kind of thing does not have.
pub(super) fn no_such_verb(verb: &str) -> Refused {
    Failure::new(Code::NotFound, format!("there is no verb `{verb}` for this"))
        .with_hint("Kubeflow's own description of the interface lists the verbs")
        .into()
}

/// Reads a run's id; what is none names no run.
pub(super) fn run_id(text: &str) -> Result<RunId, Refused> {
    text.parse().map_err(|error: host_base::id::RunIdError| {
        Failure::new(Code::NotFound, error.to_string()).with_hint("list the runs and their ids").into()
    })
}
