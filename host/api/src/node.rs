//! The node on the wire.
//! Never names a folder or a secret of the machine.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a node says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NodeInfo {
    /// Of the program.
    pub version: String,
    /// Address and port of the registry.
    pub registry: String,
}
