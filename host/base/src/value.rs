//! What flows along an edge of a pipeline.
//! Never holds an artifact's bytes, only its reference.

use serde::{Deserialize, Serialize};

use crate::ArtifactRef;

/// A plain value or a reference to an artifact.
///
/// In JSON an artifact is `{"artifact": {…}}` and a plain value is `{"plain": …}`, so that no plain
/// object can pass for an artifact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Value {
    /// Booleans, numbers, strings, lists, records: whatever JSON holds.
    Plain(serde_json::Value),
    /// Something too big or too typed for JSON.
    Artifact(ArtifactRef),
}
