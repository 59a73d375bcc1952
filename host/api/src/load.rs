//! What a node is at, and how much of its machine that takes.
//! Never a path of the machine, and never what another process uses.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A node's load, now and over the last hour.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NodeLoad {
    /// Processor cores that the node sees.
    pub cores: u32,
    /// Attempts that may be under way at once.
    pub attempts_at_once_max: u32,
    /// One every few seconds, oldest first; the last one is the newest.
    pub samples: Vec<LoadSample>,
    /// What is kept where, measured twice a minute.
    pub storage: Vec<StoragePlace>,
}

/// What a node was at, at one time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LoadSample {
    /// When, in milliseconds since 1970-01-01T00:00:00Z.
    pub at_millis: u64,
    /// Cores in use since the sample before.
    pub cores_used: f64,
    /// Memory that the process holds.
    pub memory_bytes: u64,
    /// Attempts under way.
    pub attempts_running: u32,
    /// Attempts that wait for their turn.
    pub attempts_waiting: u32,
    /// Runs at work.
    pub runs: u32,
}

/// How much is kept in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StoragePlace {
    /// `ledger`, `blobs`, `registry`, `copies` of others' components, compiled `code`.
    pub name: String,
    /// All files in it together.
    pub bytes: u64,
}
