//! Where a component is found: `[registry/]repository[:tag][@digest]`.
//! Never fills in a registry: a reference without one means the node's own.

#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Digest, DigestError};

/// Longest repository name, in bytes.
pub const REPOSITORY_BYTES_MAX: usize = 255;
/// Longest tag, in bytes.
pub const TAG_BYTES_MAX: usize = 128;
/// The tag that is meant where a reference has neither tag nor digest.
const TAG_DEFAULT: &str = "latest";
const SCHEME: &str = "oci://";

/// A repository, and a tag or a digest or both in it. With both, the digest decides and the tag is for people.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reference {
    registry: Option<String>,
    repository: String,
    tag: Option<String>,
    digest: Option<Digest>,
}

/// Why a text is not a reference.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{text}` is not a component reference: {problem}")]
pub struct ReferenceError {
    /// The whole text.
    pub text: String,
    /// What is wrong with it.
    pub problem: ReferenceProblem,
}

/// The part of a reference that breaks a rule, and the rule.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReferenceProblem {
    /// Nothing between registry and tag.
    #[error("it names no repository; expected [registry/]repository[:tag][@digest], such as digits/load-csv:1")]
    NoRepository,
    /// A scheme other than `oci://`.
    #[error("leave out the scheme or write oci://")]
    Scheme,
    /// No host name with an optional port.
    #[error("`{0}` is no registry: expected a host name or an address, with an optional port")]
    Registry(String),
    /// A repository name outside the distribution specification's rules.
    #[error(
        "`{0}` is no repository: expected lower-case letters and digits, joined by `.`, `_`, `__` or `-`, \
         in parts joined by `/`"
    )]
    Repository(String),
    /// Longer than most registries accept.
    #[error("its repository has {0} bytes, more than {REPOSITORY_BYTES_MAX}")]
    RepositoryTooLong(usize),
    /// A tag outside the distribution specification's rules.
    #[error(
        "`{0}` is no tag: expected at most {TAG_BYTES_MAX} letters, digits, `_`, `.` or `-`, \
         the first of them no `.` or `-`"
    )]
    Tag(String),
    /// What follows the `@` is no digest.
    #[error(transparent)]
    Digest(DigestError),
}

impl Reference {
    /// Puts a reference together from its parts.
    ///
    /// # Errors
    /// Where a part breaks its rule, as in parsing.
    pub fn new(
        registry: Option<&str>,
        repository: &str,
        tag: Option<&str>,
        digest: Option<Digest>,
    ) -> Result<Self, ReferenceError> {
        let reference = Self {
            registry: registry.map(str::to_owned),
            repository: repository.to_owned(),
            tag: tag.map(str::to_owned),
            digest,
        };
        match check(&reference) {
            Ok(()) => Ok(reference),
            Err(problem) => Err(ReferenceError { text: reference.to_string(), problem }),
        }
    }

    /// Host and optional port; none means the node's own registry.
    #[must_use]
    pub fn registry(&self) -> Option<&str> {
        self.registry.as_deref()
    }

    /// The repository's name.
    #[must_use]
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The tag, where one is written.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The tag that is written or, where none is, `latest`.
    #[must_use]
    pub fn tag_or_default(&self) -> &str {
        self.tag.as_deref().unwrap_or(TAG_DEFAULT)
    }

    /// The manifest's digest, where one is written.
    #[must_use]
    pub const fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }

    /// The same place, pinned to a manifest.
    #[must_use]
    pub fn with_digest(mut self, digest: Digest) -> Self {
        self.digest = Some(digest);
        self
    }

    /// What a registry is asked for: the digest or, without one, the tag.
    #[must_use]
    pub fn manifest_name(&self) -> String {
        self.digest.as_ref().map_or_else(|| self.tag_or_default().to_owned(), ToString::to_string)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(registry) = &self.registry {
            write!(formatter, "{registry}/")?;
        }
        formatter.write_str(&self.repository)?;
        if let Some(tag) = &self.tag {
            write!(formatter, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(formatter, "@{digest}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl From<Reference> for String {
    fn from(reference: Reference) -> Self {
        reference.to_string()
    }
}

impl TryFrom<String> for Reference {
    type Error = ReferenceError;

    fn try_from(text: String) -> Result<Self, ReferenceError> {
        text.parse()
    }
}

impl FromStr for Reference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        parse(text).map_err(|problem| ReferenceError { text: text.to_owned(), problem })
    }
}

fn parse(text: &str) -> Result<Reference, ReferenceProblem> {
    let place = text.strip_prefix(SCHEME).unwrap_or(text);
    if place.contains("://") {
        return Err(ReferenceProblem::Scheme);
    }
    let (place, digest) = match place.split_once('@') {
        Some((place, digest)) => (place, Some(digest.parse().map_err(ReferenceProblem::Digest)?)),
        None => (place, None),
    };
    let (registry, place) = match place.split_once('/') {
        Some((first, rest)) if names_a_host(first) => (Some(first.to_owned()), rest),
        _ => (None, place),
    };
    let (repository, tag) = match place.rsplit_once(':') {
        Some((repository, tag)) => (repository, Some(tag.to_owned())),
        None => (place, None),
    };
    let reference = Reference { registry, repository: repository.to_owned(), tag, digest };
    check(&reference)?;
    Ok(reference)
}

fn check(reference: &Reference) -> Result<(), ReferenceProblem> {
    if let Some(registry) = &reference.registry
        && !is_registry(registry)
    {
        return Err(ReferenceProblem::Registry(registry.clone()));
    }
    if reference.repository.is_empty() {
        return Err(ReferenceProblem::NoRepository);
    }
    if reference.repository.len() > REPOSITORY_BYTES_MAX {
        return Err(ReferenceProblem::RepositoryTooLong(reference.repository.len()));
    }
    // Without a registry, a first part that looks like a host would be read as one the next time.
    let ambiguous = reference.registry.is_none()
        && reference.repository.split_once('/').is_some_and(|(first, _)| names_a_host(first));
    if ambiguous || !is_repository(&reference.repository) {
        return Err(ReferenceProblem::Repository(reference.repository.clone()));
    }
    match &reference.tag {
        Some(tag) if !is_tag(tag) => Err(ReferenceProblem::Tag(tag.clone())),
        _ => Ok(()),
    }
}

/// Every OCI tool tells a host from the first part of a repository by these three signs.
fn names_a_host(part: &str) -> bool {
    part.contains(['.', ':', '[']) || part == "localhost"
}

/// Whether this is a host name or an IP address (version 6 in brackets), with an optional port.
#[must_use]
pub fn is_registry(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, rest)) if address.parse::<std::net::Ipv6Addr>().is_ok() => {
            return rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port);
        }
        Some(_) => return false,
        None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
    };
    let is_label = |label: &str| {
        let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty() && !label.starts_with('-') && !label.ends_with('-') && label.bytes().all(is_inner)
    };
    host.split('.').all(is_label) && port.is_none_or(is_port)
}

fn is_port(text: &str) -> bool {
    !text.starts_with('+') && text.parse::<u16>().is_ok()
}

/// Whether the distribution specification allows this as the name of a repository.
#[must_use]
pub fn is_repository(text: &str) -> bool {
    text.len() <= REPOSITORY_BYTES_MAX && text.split('/').all(is_repository_part)
}

fn is_repository_part(part: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let starts_and_ends_with_a_word =
        part.bytes().next().is_some_and(is_word) && part.bytes().next_back().is_some_and(is_word);
    let joints_are_known = part
        .split(|character: char| character.is_ascii_lowercase() || character.is_ascii_digit())
        .all(|joint| matches!(joint, "" | "." | "_" | "__") || joint.bytes().all(|byte| byte == b'-'));
    starts_and_ends_with_a_word && joints_are_known
}

/// Whether the distribution specification allows this as a tag.
#[must_use]
pub fn is_tag(text: &str) -> bool {
    let is_first = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_rest = |byte: u8| is_first(byte) || matches!(byte, b'.' | b'-');
    text.len() <= TAG_BYTES_MAX && text.bytes().next().is_some_and(is_first) && text.bytes().all(is_rest)
}
