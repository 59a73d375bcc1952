//! Which endpoint a path names. Repositories have slashes in them, so a path is read from its end.
//! Never lets a name through that the specification does not allow: names become folders.

#[cfg(test)]
mod tests;

use std::fmt;

use registry_oci::{Digest, is_repository, is_tag};

use axum::http::Method;

use crate::access::{Action, Wanted};
use crate::error::{ApiError, Code};

/// A repository's name that is known to be valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Repository(String);

impl Repository {
    pub(crate) fn parse(name: &str) -> Result<Self, ApiError> {
        if is_repository(name) {
            return Ok(Self(name.to_owned()));
        }
        let rule = "expected lower-case letters and digits, joined by `.`, `_`, `__` or `-`, in parts joined by `/`";
        Err(ApiError::bad(Code::NameInvalid, format!("the repository's name is not allowed: {rule}")))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Repository {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// How a request names a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ManifestName {
    Digest(Digest),
    Tag(String),
    /// Neither: nothing can be there, and nothing may be put there.
    Invalid(String),
}

impl ManifestName {
    fn parse(text: &str) -> Self {
        match text.parse() {
            Ok(digest) => Self::Digest(digest),
            Err(_) if is_tag(text) => Self::Tag(text.to_owned()),
            Err(_) => Self::Invalid(text.to_owned()),
        }
    }
}

impl fmt::Display for ManifestName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Digest(digest) => digest.fmt(formatter),
            Self::Tag(text) | Self::Invalid(text) => formatter.write_str(text),
        }
    }
}

/// An endpoint below `/v2/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Blob(Repository, Digest),
    Uploads(Repository),
    Upload(Repository, String),
    Manifest(Repository, ManifestName),
    Tags(Repository),
    Referrers(Repository, Digest),
}

impl Route {
    /// What a caller must be allowed to do.
    pub(crate) fn wanted(&self, method: &Method) -> Wanted {
        let is_read = matches!(*method, Method::GET | Method::HEAD);
        let (repository, action) = match self {
            Self::Uploads(name) | Self::Upload(name, _) => (name, Action::Push),
            Self::Blob(name, _) | Self::Manifest(name, _) | Self::Tags(name) | Self::Referrers(name, _) => (
                name,
                if is_read {
                    Action::Pull
                } else if method == Method::DELETE {
                    Action::Delete
                } else {
                    Action::Push
                },
            ),
        };
        Wanted { repository: repository.clone(), action }
    }

    /// Reads what follows `/v2/`.
    pub(crate) fn parse(path: &str) -> Result<Self, ApiError> {
        let parts: Vec<&str> = path.split('/').collect();
        let digest =
            |text: &str| text.parse::<Digest>().map_err(|error| ApiError::bad(Code::DigestInvalid, error.to_string()));
        match parts.as_slice() {
            [name @ .., "blobs", "uploads"] | [name @ .., "blobs", "uploads", ""] => {
                Ok(Self::Uploads(repository(name)?))
            }
            [name @ .., "blobs", "uploads", id] => Ok(Self::Upload(repository(name)?, (*id).to_owned())),
            [name @ .., "blobs", text] => Ok(Self::Blob(repository(name)?, digest(text)?)),
            [name @ .., "manifests", text] => Ok(Self::Manifest(repository(name)?, ManifestName::parse(text))),
            [name @ .., "tags", "list"] => Ok(Self::Tags(repository(name)?)),
            [name @ .., "referrers", text] => Ok(Self::Referrers(repository(name)?, digest(text)?)),
            _ => Err(ApiError::missing(Code::Unsupported, "the distribution specification has no such endpoint")),
        }
    }
}

fn repository(parts: &[&str]) -> Result<Repository, ApiError> {
    Repository::parse(&parts.join("/"))
}
