//! How the interface says that something went wrong.
//! Never carries an error type of the server's own.

use host_base::{Code, Failure};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The body of every answer that is not a success: all problems at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Problems {
    /// At least one.
    pub errors: Vec<Problem>,
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// A stable code, such as `SM0106`; `sandmill explain CODE` tells more.
    #[schemars(with = "String")]
    pub code: Code,
    /// What happened, where and why.
    pub message: String,
    /// What to do next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Whether the same request may succeed later.
    #[serde(default)]
    pub retryable: bool,
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let Failure { code, message, hint, retryable } = failure;
        Self { code, message, hint, retryable }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let Problem { code, message, hint, retryable } = problem;
        Self { code, message, hint, retryable }
    }
}

impl From<Vec<Failure>> for Problems {
    fn from(failures: Vec<Failure>) -> Self {
        Self { errors: failures.into_iter().map(Problem::from).collect() }
    }
}

/// The HTTP status that goes with a code.
#[must_use]
pub const fn status_of(code: Code) -> u16 {
    match code {
        Code::NotFound | Code::ArtifactNotFound => 404,
        Code::Conflict => 409,
        Code::TooLarge => 413,
        Code::GrantNotAllowed | Code::ImportNotGranted => 403,
        Code::RegistryUnreachable | Code::RegistryProtocol => 502,
        Code::StorageFull => 507,
        Code::StorageFailed | Code::LedgerFailed | Code::Internal => 500,
        Code::ServerUnreachable => 503,
        Code::BadRequest => 400,
        // Everything else is a well-formed request for something that cannot be.
        _ => 422,
    }
}
