//! What flows along an edge of a pipeline.
//! Never holds an artifact's bytes, only its reference.

use serde::{Deserialize, Serialize};

use crate::ArtifactRef;

/// A plain value or a reference to an artifact.
///
/// In JSON an artifact is `{"artifact": {…}}` and a plain value is `{"plain": …}`, so that no plain
/// object can pass for an artifact. A list with artifacts in it is `{"list": […]}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Value {
    /// Booleans, numbers, strings, lists, records: whatever JSON holds.
    Plain(serde_json::Value),
    /// Something too big or too typed for JSON.
    Artifact(ArtifactRef),
    /// A list with an artifact in it. One without is `Plain`.
    List(Vec<Value>),
}

impl Value {
    /// All artifacts in the value, from the first to the last.
    pub fn artifacts(&self) -> Box<dyn Iterator<Item = &ArtifactRef> + Send + '_> {
        match self {
            Self::Plain(_) => Box::new(std::iter::empty()),
            Self::Artifact(artifact) => Box::new(std::iter::once(artifact)),
            Self::List(items) => Box::new(items.iter().flat_map(Self::artifacts)),
        }
    }
}
