//! What can go wrong with packages, and what it is to people.
//! Never carries a password: indexes are shown without theirs.

use host_base::{Code, Failure};
use registry_cas::BlobError;
use registry_oci::Digest;
use thiserror::Error;

use crate::page::{Reason, Unusable};

/// Why packages cannot be had.
#[derive(Debug, Error)]
pub enum WheelError {
    /// A requirement that is none, or names something other than a package of an index.
    #[error("`{requirement}` cannot be installed: {reason}")]
    Requirement {
        /// As the author wrote it.
        requirement: String,
        /// Why.
        reason: String,
    },
    /// No index has the package.
    #[error("`{package}`, which {asker} asks for, is on no index that may be asked ({indexes})")]
    NoSuchPackage {
        /// The package.
        package: String,
        /// The step, or the package that needs it.
        asker: String,
        /// Where it was looked for.
        indexes: String,
    },
    /// There is no file of it that a sandbox can use.
    #[error("`{package}`, which {asker} asks for, cannot run in a sandbox: {file} {why}")]
    NoPureWheel {
        /// The package.
        package: String,
        /// The step, or the package that needs it.
        asker: String,
        /// The file that comes nearest.
        file: String,
        /// What is wrong with it.
        why: String,
    },
    /// No set of versions meets all requirements.
    #[error("no versions fit together: {0}")]
    Conflict(String),
    /// A limit was reached.
    #[error("{what} {limit_name} = {limit}")]
    Limit {
        /// What reached it.
        what: String,
        /// The limit's name.
        limit_name: &'static str,
        /// Its value.
        limit: u64,
    },
    /// An index, or where it keeps files, cannot be reached or answers with an error that may pass.
    #[error("{url} cannot be read: {reason}")]
    Unreachable {
        /// What was asked for.
        url: String,
        /// Why.
        reason: String,
    },
    /// An answer that is none, or a refusal.
    #[error("{url} is not what an index should have there: {reason}")]
    Protocol {
        /// What was asked for.
        url: String,
        /// Why.
        reason: String,
    },
    /// Other bytes than the index promised.
    #[error("{file} hashes to {actual}, and the index promised {expected}")]
    Digest {
        /// The file.
        file: String,
        /// What was promised.
        expected: Digest,
        /// What came.
        actual: Digest,
    },
    /// An archive that is damaged or tries something.
    #[error("{file} cannot be unpacked: {reason}")]
    Archive {
        /// The wheel.
        file: String,
        /// Why.
        reason: String,
    },
    /// The blobs failed.
    #[error(transparent)]
    Blobs(#[from] BlobError),
    /// The disk failed.
    #[error("packages cannot be kept: {0}")]
    Disk(#[from] std::io::Error),
    /// A defect of this program or this machine.
    #[error("packages cannot be had on this machine: {0}")]
    Setup(String),
}

impl WheelError {
    /// The same as a failure, with what to do.
    #[must_use]
    pub fn to_failure(&self) -> Failure {
        let (code, hint) = match self {
            Self::Requirement { .. } => (
                Code::PackageNotUsable,
                "name packages with versions, such as `six>=1.16`, as pip takes them from an index",
            ),
            Self::NoSuchPackage { .. } => (
                Code::PackageNotUsable,
                "check the name, or allow the index that has it: `sandmill up --python-index URL`",
            ),
            Self::NoPureWheel { .. } => (
                Code::PackageNotUsable,
                "steps take wheels without native code (`-none-any.whl`): ask for a package or a version that has one, \
                 or build the step as a component",
            ),
            Self::Conflict(_) => (Code::PackageNotUsable, "loosen one of the requirements"),
            Self::Limit { .. } => (Code::PackageNotUsable, "ask for less, or for a smaller package"),
            Self::Unreachable { .. } => {
                (Code::IndexFailed, "check the network and the URL given with --python-index, then try again")
            }
            Self::Protocol { .. } => (
                Code::IndexFailed,
                "check that the URL given with --python-index is an index with the JSON simple API (PEP 691)",
            ),
            Self::Digest { .. } => {
                (Code::DigestMismatch, "the index, or something between it and this node, changed the file")
            }
            Self::Archive { .. } => {
                (Code::PackageNotUsable, "report it to whoever made the package, or ask for another version")
            }
            Self::Blobs(error) if error.is_disk_full() => (Code::StorageFull, "free some space in the data folder"),
            Self::Disk(error) if error.kind() == std::io::ErrorKind::StorageFull => {
                (Code::StorageFull, "free some space in the data folder")
            }
            Self::Blobs(_) | Self::Disk(_) => (Code::StorageFailed, "check the disk that the data folder is on"),
            Self::Setup(_) => (Code::Internal, "report it, with this message"),
        };
        let failure = Failure::new(code, self.to_string()).with_hint(hint);
        let may_pass = matches!(self, Self::Unreachable { .. } | Self::Blobs(_) | Self::Disk(_));
        if may_pass { failure.retryable() } else { failure }
    }

    /// The file that comes nearest to what could be used: first wheels, of them those for this Python.
    pub(crate) fn no_pure_wheel(package: &str, asker: &str, unusable: &[Unusable]) -> Self {
        let rank = |file: &Unusable| match &file.reason {
            Reason::Native if file.file.contains("-cp314-manylinux") => 0,
            Reason::Native if file.file.contains("-cp314-") => 1,
            Reason::Native => 2,
            Reason::NoDigest => 3,
            Reason::Source => 4,
            Reason::Python(_) => 5,
        };
        let nearest = unusable.iter().min_by_key(|file| rank(file));
        let why = match nearest.map(|file| &file.reason) {
            Some(Reason::Native) => "holds native code".to_owned(),
            Some(Reason::Source) => "is source, which is not built here".to_owned(),
            Some(Reason::Python(wanted)) => format!("is for Python {wanted}, and steps have 3.14"),
            Some(Reason::NoDigest) | None => "has no SHA-256 digest on the index".to_owned(),
        };
        let file = nearest.map_or_else(String::new, |file| file.file.clone());
        Self::NoPureWheel { package: package.to_owned(), asker: asker.to_owned(), file, why }
    }
}
