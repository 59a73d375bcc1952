//! A step's limits as its author writes them. What is left out takes the node's default.
//! Never enforces anything.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ByteSize, Span};

/// Limits of one attempt of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct StepLimits {
    /// Linear memory of all the guest's instances together (1GiB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<ByteSize>,
    /// Time spent computing, in steps of 10 ms (1h).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu: Option<Span>,
    /// All that the attempt writes as artifacts and files (4GiB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<ByteSize>,
    /// Log text that is kept (1MiB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<ByteSize>,
}
