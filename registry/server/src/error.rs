//! Errors as the distribution specification wants them: a status and a JSON body with stable codes.
//! Never tells a client about paths of this machine.

use std::io;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use registry_cas::BlobError;
use registry_oci::{Digest, MANIFEST_BYTES_MAX, media_types};
use serde_json::{Value, json};

/// The specification's codes, and the one that everybody uses for the server's own failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    BlobUnknown,
    BlobUploadInvalid,
    BlobUploadUnknown,
    Denied,
    DigestInvalid,
    ManifestBlobUnknown,
    ManifestInvalid,
    ManifestUnknown,
    NameInvalid,
    NameUnknown,
    SizeInvalid,
    TooManyRequests,
    Unauthorized,
    Unknown,
    Unsupported,
}

impl Code {
    const fn as_str(self) -> &'static str {
        match self {
            Self::BlobUnknown => "BLOB_UNKNOWN",
            Self::BlobUploadInvalid => "BLOB_UPLOAD_INVALID",
            Self::BlobUploadUnknown => "BLOB_UPLOAD_UNKNOWN",
            Self::Denied => "DENIED",
            Self::DigestInvalid => "DIGEST_INVALID",
            Self::ManifestBlobUnknown => "MANIFEST_BLOB_UNKNOWN",
            Self::ManifestInvalid => "MANIFEST_INVALID",
            Self::ManifestUnknown => "MANIFEST_UNKNOWN",
            Self::NameInvalid => "NAME_INVALID",
            Self::NameUnknown => "NAME_UNKNOWN",
            Self::SizeInvalid => "SIZE_INVALID",
            Self::TooManyRequests => "TOOMANYREQUESTS",
            Self::Unauthorized => "UNAUTHORIZED",
            Self::Unknown => "UNKNOWN",
            Self::Unsupported => "UNSUPPORTED",
        }
    }
}

/// A refused request.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    code: Code,
    message: String,
    /// Boxed, since most answers have none and each result carries the space for it.
    detail: Option<Box<Value>>,
    headers: Vec<(HeaderName, String)>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, code: Code, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), detail: None, headers: Vec::new() }
    }

    pub(crate) fn bad(code: Code, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub(crate) fn missing(code: Code, message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message)
    }

    pub(crate) fn with_header(mut self, name: HeaderName, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn blob_unknown(digest: &Digest) -> Self {
        let mut error = Self::missing(Code::BlobUnknown, "this repository has no such blob");
        error.detail = Some(Box::new(json!({ "digest": digest })));
        error
    }

    pub(crate) fn manifest_unknown(name: &str) -> Self {
        let mut error = Self::missing(Code::ManifestUnknown, "this repository has no such manifest");
        error.detail = Some(Box::new(json!({ "reference": name })));
        error
    }

    pub(crate) fn referenced_unknown(digest: &Digest) -> Self {
        let message = format!("the manifest names {digest}, which this repository does not have; push it first");
        let mut error = Self::bad(Code::ManifestBlobUnknown, message);
        error.detail = Some(Box::new(json!({ "digest": digest })));
        error
    }

    pub(crate) fn manifest_too_large() -> Self {
        let message = format!("a manifest may have at most {MANIFEST_BYTES_MAX} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, Code::SizeInvalid, message)
    }
}

impl From<BlobError> for ApiError {
    fn from(error: BlobError) -> Self {
        match &error {
            BlobError::NotFound(digest) => Self::blob_unknown(digest),
            BlobError::DigestMismatch { .. } => Self::bad(Code::DigestInvalid, error.to_string()),
            _ if error.is_disk_full() => {
                tracing::error!(%error, "the disk is full");
                Self::new(StatusCode::INSUFFICIENT_STORAGE, Code::Unknown, "the registry's disk is full")
            }
            _ => {
                tracing::error!(%error, "blob storage failed");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Unknown, "the registry's storage failed")
            }
        }
    }
}

impl From<io::Error> for ApiError {
    fn from(source: io::Error) -> Self {
        // The same cases, and the same words to the client.
        BlobError::Io { action: "keeping the registry's names".to_owned(), source }.into()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut entry = json!({ "code": self.code.as_str(), "message": self.message });
        if let Some(detail) = self.detail {
            entry["detail"] = *detail;
        }
        let mut response = Response::new(Body::from(json!({ "errors": [entry] }).to_string()));
        *response.status_mut() = self.status;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_types::JSON));
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}
