//! What a node says of itself.
//! Never a path or a setting of the machine it runs on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Node {
    /// Sandmill's version.
    pub version: String,
    /// Address and port of the node's registry, as seen from the node.
    pub registry: String,
}

/// That a node works; one that does not answers without success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// Always `ok`.
    pub status: String,
}
