//! Components as a registry has them, and what each says of itself.
//! Never their bytes; those are the registry's to give.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::pipeline::Function;
use crate::run::Signer;

/// What was pushed to the node's registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Repositories {
    /// Sorted by name.
    pub items: Vec<RepositoryTags>,
}

/// A name in the node's registry, and its tags.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RepositoryTags {
    /// Such as `sandmill/split-rows`. Not only components have names: artifacts do as well.
    pub repository: String,
    /// Sorted.
    pub tags: Vec<String>,
}

/// A component, as its binary tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComponentDetail {
    /// As it was asked for.
    pub reference: String,
    /// Digest of the manifest that the reference means now.
    pub manifest: String,
    /// Digest of the component's bytes.
    pub digest: String,
    /// Length of the bytes.
    pub size_bytes: u64,
    /// Whose signature counts; absent where the node's policy names no keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<Signer>,
    /// Whether it is a command, with arguments and files in the place of typed functions.
    pub command: bool,
    /// Exported functions that can be steps, sorted by name.
    pub functions: Vec<Function>,
    /// Imported interfaces with versions, sorted.
    pub imports: Vec<String>,
    /// Exported interfaces with versions, sorted.
    pub exports: Vec<String>,
    /// Its world as WIT, with documentation where the binary carries it.
    pub wit: String,
}

/// Pipelines whose runs call a component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallingPipelines {
    /// Sorted by name.
    pub items: Vec<CallingPipeline>,
    /// Ask with this as `page` for those behind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A pipeline whose runs call a component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallingPipeline {
    /// Its name.
    pub pipeline: String,
    /// Its runs that call the component, also those that were removed from the lists.
    pub runs: u64,
    /// Id of the newest of them.
    pub newest_run: String,
    /// When that was submitted, in milliseconds since 1970-01-01T00:00:00Z.
    pub newest_at_millis: u64,
}

/// What to list of the pipelines that call a component.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallingPipelineQuery {
    /// Digest of the component's bytes.
    pub component: String,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Pipelines at most, up to 200 (50).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}
