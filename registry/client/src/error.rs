//! What can go wrong between this node and a registry.
//! Never carries a credential, and never more of a registry's words than fit on a few lines.

#[cfg(test)]
mod tests;

use registry_cas::BlobError;
use registry_oci::Digest;
use thiserror::Error;

/// Most characters of a registry's own message that are shown.
const QUOTED_CHARS_MAX: usize = 300;

/// Why a registry could not be used. Each variant is one kind of failure to its callers.
#[derive(Debug, Error)]
pub enum RegistryError {
    /// The registry answered that it has no such thing.
    #[error("registry {registry} has no {what}")]
    NotFound {
        /// Host and port.
        registry: String,
        /// The component, repository or blob.
        what: String,
    },
    /// The registry sent other content than was asked for.
    #[error("registry {registry} sent {what} that hashes to {actual}, not to {expected}")]
    DigestMismatch {
        /// Host and port.
        registry: String,
        /// The manifest or blob.
        what: String,
        /// What was asked for.
        expected: Digest,
        /// What came.
        actual: Digest,
    },
    /// There is something under the reference, but no component.
    #[error("{reference} is not a component: {reason}")]
    NotAComponent {
        /// As it was asked for.
        reference: String,
        /// What it is instead.
        reason: String,
    },
    /// No answer, in time or at all. Another attempt may succeed.
    #[error("registry {registry} cannot be reached: {reason}")]
    Unreachable {
        /// Host and port.
        registry: String,
        /// How far it came.
        reason: String,
    },
    /// An answer that breaks the distribution specification.
    #[error("registry {registry} breaks the distribution specification: {reason}")]
    Protocol {
        /// Host and port.
        registry: String,
        /// The rule and how it was broken.
        reason: String,
    },
    /// The registry wants other credentials, or none would do.
    #[error("registry {registry} refused access: {reason}")]
    Refused {
        /// Host and port.
        registry: String,
        /// Its own words, where it has any.
        reason: String,
    },
    /// More than this client takes.
    #[error("{what} at registry {registry} has more than the {bytes_max} bytes that are allowed")]
    TooLarge {
        /// Host and port.
        registry: String,
        /// The manifest or blob.
        what: String,
        /// The limit.
        bytes_max: u64,
    },
    /// A reference that cannot be used in this way.
    #[error("{reference} cannot be used here: {reason}")]
    UnusableReference {
        /// As it was given.
        reference: String,
        /// Why not.
        reason: String,
    },
    /// The node's own blobs failed.
    #[error(transparent)]
    Storage(#[from] BlobError),
    /// This machine cannot make connections at all.
    #[error("the registry client cannot be set up: {reason}")]
    Setup {
        /// What is missing.
        reason: String,
    },
}

impl RegistryError {
    /// What to do next.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => {
                "check the registry, the repository and the tag, or push the component there first"
            }
            Self::DigestMismatch { .. } => {
                "the registry, or something between it and this node, changed the content; do not use it"
            }
            Self::NotAComponent { .. } => {
                "push a WebAssembly component in the CNCF wasm layout; container images cannot run here"
            }
            Self::Unreachable { .. } => "check the registry's address and that it is up, then try again",
            Self::Protocol { .. } => "try another registry, and report this to whoever runs it",
            Self::Refused { .. } => {
                "log in with a tool that keeps credentials in ~/.docker/config.json (or in the folder that \
                 DOCKER_CONFIG names) or in a credential helper named there"
            }
            Self::TooLarge { .. } => "use a smaller component, or raise the limit",
            Self::UnusableReference { .. } => "write [registry/]repository:tag, such as digits/load-csv:1",
            Self::Storage(_) => "check the data folder and its disk, then try again",
            Self::Setup { .. } => "install the system's CA certificates (package ca-certificates)",
        }
    }

    /// Whether the same call may succeed later with nothing changed on this side.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::Unreachable { .. })
    }

    /// Whether the disk under the node's own blobs is full.
    #[must_use]
    pub fn is_disk_full(&self) -> bool {
        matches!(self, Self::Storage(error) if error.is_disk_full())
    }
}

/// A registry's words, made fit for a terminal and a log: one line, short, no control characters.
pub(crate) fn quoted(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut shown: String = words.chars().filter(|character| !character.is_control()).take(QUOTED_CHARS_MAX).collect();
    if shown.len() < words.len() {
        shown.push('…');
    }
    shown
}
