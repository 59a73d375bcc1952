//! What a step asks to be let into. Nothing of it is given unless the node's policy allows it.
//! Never names a host path's meaning; the node checks and opens it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ByteSize;

/// Everything a step may reach besides its own inputs. Empty means nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Grants {
    /// Hosts the step may send HTTP requests to: `example.org`, `example.org:8443`, `*.example.org`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub http: Vec<String>,
    /// Folders of the node's machine, mounted into the sandbox.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileGrant>,
    /// Environment variables, by name. Only what stands here is visible.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub environment: BTreeMap<String, String>,
    /// The real clock. Without it, time stands at a fixed point and only moves on as it is read.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub clock: bool,
    /// Real randomness. Without it, random numbers are the same in every run.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub randomness: bool,
    /// A device to compute with tensors on: a graphics adapter where the node has one, else its processors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceGrant>,
}

/// A device of the step's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeviceGrant {
    /// What the step's tensors may take together.
    #[serde(default = "DeviceGrant::default_memory")]
    pub memory: ByteSize,
}

impl DeviceGrant {
    /// Where a document does not say: 1 GiB.
    #[must_use]
    pub const fn default_memory() -> ByteSize {
        ByteSize(1 << 30)
    }
}

impl Default for DeviceGrant {
    fn default() -> Self {
        Self { memory: Self::default_memory() }
    }
}

/// One folder, mounted into the sandbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileGrant {
    /// Absolute path of a folder on the node's machine.
    pub host: String,
    /// Absolute path under which the guest sees it.
    pub guest: String,
    /// What the guest may do there.
    #[serde(default)]
    pub access: FileAccess,
}

/// What a guest may do in a mounted folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FileAccess {
    /// Read only.
    #[default]
    Read,
    /// Read, write, create, delete.
    ReadWrite,
}

impl Grants {
    /// Whether the step's result can depend on more than its arguments. Such a step is cached only
    /// where its author asks for it.
    #[must_use]
    pub fn reach_outside(&self) -> bool {
        !self.http.is_empty() || !self.files.is_empty() || self.clock || self.randomness
    }
}
