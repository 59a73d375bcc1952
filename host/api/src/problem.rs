//! The body of every answer that is no success: one entry per thing that is wrong.
//! Never carries an error type of the inside; codes are the stable ones of `sandmill explain`.

use host_base::{Code, Failure};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why a request was refused. All that is wrong is said at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problems {
    /// At least one.
    pub errors: Vec<Problem>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// A stable code such as `SM0106`; `sandmill explain CODE` tells more. Text, so that a client reads
    /// codes of servers newer than itself.
    pub code: String,
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
        Self { code: code.as_str().to_owned(), message, hint, retryable }
    }
}

impl From<Vec<Failure>> for Problems {
    fn from(failures: Vec<Failure>) -> Self {
        Self { errors: failures.into_iter().map(Problem::from).collect() }
    }
}

impl Problem {
    /// The code, unless a newer server speaks of one that this version does not know.
    #[must_use]
    pub fn known_code(&self) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.as_str() == self.code)
    }
}

/// The status of an answer whose first problem has this code.
#[must_use]
pub const fn status_of(code: Code) -> u16 {
    match code {
        Code::BadRequest => 400,
        Code::Unauthenticated => 401,
        Code::GrantNotAllowed
        | Code::ImportNotGranted
        | Code::ComponentNotAllowed
        | Code::ComponentNotTrusted
        | Code::NotAllowedToUser => 403,
        Code::NotFound | Code::ArtifactNotFound => 404,
        Code::Conflict => 409,
        Code::TooLarge => 413,
        Code::TooManyTries => 429,
        Code::StorageFailed | Code::LedgerFailed | Code::Internal => 500,
        Code::RegistryProtocol | Code::RegistryRefused | Code::IndexFailed | Code::ImportFailed => 502,
        Code::RegistryUnreachable | Code::ServerUnreachable => 503,
        Code::StorageFull => 507,
        // Everything else is a well-formed request for something that cannot be.
        _ => 422,
    }
}

#[cfg(test)]
mod tests;
