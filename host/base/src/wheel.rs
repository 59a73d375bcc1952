//! A package of Python, pinned: a file without native code that any machine's Python reads.
//! Never names an index with a password; where the file is kept, its digest says what it is.

use registry_oci::Digest;
use serde::{Deserialize, Serialize};

/// One pinned package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Wheel {
    /// The package, its name normalised.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The file's name.
    pub file: String,
    /// What the file hashes to.
    pub digest: Digest,
    /// Where it was found.
    pub url: String,
}
