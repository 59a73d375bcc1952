//! What a job says itself of what its runtime says as well.
//! Never holds what both say one by one: variables of the environment are merged by their names where they are read.

use serde_json::Value as Json;

use super::Keys;

/// What a job's `trainer` puts whole in the place of its runtime's: its keys, and those of the runtime's container or
/// policy that they stand for.
const REPLACED: [(&str, &str); 4] =
    [("image", "image"), ("args", "args"), ("resourcesPerNode", "resources"), ("numProcPerNode", "numProcPerNode")];

/// Keys of a runtime that do not count.
#[derive(Default)]
pub(super) struct Overrides(Vec<&'static str>);

impl Overrides {
    /// Those of a job with this `trainer`; null where it has none.
    pub(super) fn of(trainer: &Json) -> Self {
        let is_said = |value: &Json| match value {
            Json::Array(items) => !items.is_empty(),
            Json::Object(keys) => keys.values().any(|value| !value.is_null()),
            other => !other.is_null(),
        };
        Self(REPLACED.into_iter().filter(|(own, _)| is_said(&trainer[*own])).map(|(_, theirs)| theirs).collect())
    }

    /// Whether a key does not count; then it is told.
    pub(super) fn pass_over(&self, keys: &mut Keys<'_>, key: &str) -> bool {
        let is_replaced = self.0.contains(&key);
        if is_replaced {
            keys.ignore(key, "the job says itself what it takes instead");
        }
        is_replaced
    }
}
