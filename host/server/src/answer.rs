//! Answers that are no success.
//! Never tells more than the failure itself says.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use host_api::problem::{Problems, status_of};
use host_base::{Code, Failure};

use crate::jupyter::JupyterRefusal;

/// One or more failures on their way to the caller.
#[derive(Debug)]
pub(crate) struct Refusal(Vec<Failure>);

/// What a handler returns.
pub(crate) type Answer<T> = Result<T, Refusal>;

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self(vec![failure])
    }
}

impl From<Vec<Failure>> for Refusal {
    fn from(failures: Vec<Failure>) -> Self {
        Self(failures)
    }
}

impl Refusal {
    /// What is wrong, for an answer in another form.
    pub(crate) fn into_failures(self) -> Vec<Failure> {
        self.0
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let code = self.0.first().map_or(Code::Internal, |failure| failure.code);
        let status = StatusCode::from_u16(status_of(code)).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if status.is_server_error() {
            tracing::warn!(failures = ?self.0, "a request failed");
        }
        refuse_with(status, self.0)
    }
}

/// Refuses with a status that does not follow from the failure's code.
pub(crate) fn refuse_with(status: StatusCode, failures: Vec<Failure>) -> Response {
    (status, Json(Problems::from(failures))).into_response()
}

/// A refusal in the form of the interface that a path belongs to.
pub(crate) fn refusal_under(path: &str, failure: Failure) -> Response {
    let is_jupyters = path == "/api" || (path.starts_with("/api/") && !path.starts_with("/api/v1/"));
    match is_jupyters {
        true => JupyterRefusal::from(failure).into_response(),
        false => Refusal::from(failure).into_response(),
    }
}

/// A request that cannot be understood.
pub(crate) fn bad_request(message: impl Into<String>, hint: &str) -> Refusal {
    Failure::new(Code::BadRequest, message).with_hint(hint).into()
}
