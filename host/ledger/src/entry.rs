//! One line of history.
//! Never changed and never removed once committed.

use host_base::{Millis, RunId};
use serde::{Deserialize, Serialize};

use crate::Fact;

/// Position in the whole history, counted from 1, without gaps.
pub type Sequence = u64;

/// An entry about to be appended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewEntry {
    /// The run it belongs to.
    pub run: RunId,
    /// When it happened.
    pub at_millis: Millis,
    /// The decider's event, as JSON; opaque here.
    pub event: serde_json::Value,
    /// What the views take from it.
    pub facts: Vec<Fact>,
}

/// An entry as it was committed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Its position.
    pub sequence: Sequence,
    /// The run it belongs to.
    pub run: RunId,
    /// When it happened.
    pub at_millis: Millis,
    /// The decider's event, as JSON.
    pub event: serde_json::Value,
    /// What the views take from it.
    pub facts: Vec<Fact>,
}
