//! Artifacts that are folders: which files are in one.
//! Never a file's bytes; those are the body of a route of their own.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Files of a folder, in their order in its archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactFiles {
    /// The files. May be fewer than asked for before the end.
    pub items: Vec<ArtifactFile>,
    /// Ask with this as `page` for those behind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A file of a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactFile {
    /// Where it stands in the archive; its content is asked for by this.
    pub position: u64,
    /// Its path as the archive has it: any text at all, and two files may have the same.
    pub name: String,
    /// What its name stands for.
    pub media_type: String,
    /// Length of its content in bytes.
    pub size_bytes: u64,
    /// Whether it has a content; links have none.
    pub readable: bool,
}

/// What to list of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactFileQuery {
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Files at most, up to 200 (50).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}
