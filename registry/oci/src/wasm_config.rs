//! The configuration of a component in the CNCF wasm layout.
//! Never trusted for admission: a pusher can write anything here, only the binary tells.

use serde::{Deserialize, Serialize};

use crate::Digest;

/// `application/vnd.wasm.config.v0+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WasmConfig {
    /// When the component was built, in RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// Who built it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Always `wasm`.
    pub architecture: String,
    /// `wasip2` for a component, `wasip1` for a core module.
    pub os: String,
    /// Digests of the layers, in their order.
    #[serde(default)]
    pub layer_digests: Vec<Digest>,
    /// What the component needs and offers; a core module has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<ComponentWorld>,
}

/// What a component needs and offers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ComponentWorld {
    /// Exported interfaces and functions, with versions.
    #[serde(default)]
    pub exports: Vec<String>,
    /// Imported interfaces, with versions.
    #[serde(default)]
    pub imports: Vec<String>,
    /// The world that the component was built for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
}
