//! The body of an answer that is no success, in the words of gRPC.
//! Never loses Sandmill's own code: it stands among the details.

use host_base::{Code, Failure};
use serde::{Deserialize, Serialize};

/// The type that gRPC gives to a detail with a reason.
const ERROR_INFO: &str = "type.googleapis.com/google.rpc.ErrorInfo";

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// A number of gRPC.
    pub code: i32,
    /// For people: everything that is wrong, one sentence behind the other.
    pub message: String,
    /// One per thing that is wrong.
    #[serde(default)]
    pub details: Vec<Detail>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// What kind of detail this is.
    #[serde(rename = "@type")]
    pub kind: String,
    /// Sandmill's code, which `sandmill explain` describes.
    pub reason: String,
    /// Whose reason it is.
    pub domain: String,
}

/// What went wrong with an upload, which has a form of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadError {
    /// For people.
    pub error_message: String,
    /// With the code.
    pub error_details: String,
}

/// The status of HTTP and the number of gRPC for a failure.
#[must_use]
pub const fn codes_of(code: Code) -> (u16, i32) {
    match code {
        Code::NotFound | Code::ArtifactNotFound | Code::ComponentNotFound => (404, 5),
        Code::Conflict => (409, 6),
        Code::StorageFull => (507, 8),
        Code::GrantNotAllowed | Code::ImportNotGranted => (403, 7),
        Code::RegistryUnreachable | Code::ServerUnreachable => (503, 14),
        Code::StorageFailed | Code::LedgerFailed | Code::Internal | Code::RegistryProtocol | Code::RegistryRefused => {
            (500, 13)
        }
        Code::TooLarge => (413, 3),
        _ => (400, 3),
    }
}

impl From<&[Failure]> for Status {
    fn from(failures: &[Failure]) -> Self {
        let code = failures.first().map_or(13, |failure| codes_of(failure.code).1);
        let details = failures.iter().map(|failure| Detail {
            kind: ERROR_INFO.to_owned(),
            reason: failure.code.as_str().to_owned(),
            domain: "sandmill.dev".to_owned(),
        });
        Self { code, message: sentences(failures), details: details.collect() }
    }
}

impl From<&[Failure]> for UploadError {
    fn from(failures: &[Failure]) -> Self {
        let error_details: Vec<String> = failures.iter().map(ToString::to_string).collect();
        Self { error_message: sentences(failures), error_details: error_details.join("\n") }
    }
}

fn sentences(failures: &[Failure]) -> String {
    let said = failures.iter().map(|failure| match &failure.hint {
        Some(hint) => format!("{} ({hint})", failure.message),
        None => failure.message.clone(),
    });
    said.collect::<Vec<_>>().join("; ")
}
