//! JSON whose bytes depend on nothing but the content, so that equal documents have equal digests.
//! Never pretty-prints.

use serde::Serialize;

/// Compact JSON with the keys of every object sorted by their bytes.
///
/// # Panics
/// Where the value has map keys that are not strings; no document of this room has such.
#[must_use]
pub fn canonical_json(document: &impl Serialize) -> Vec<u8> {
    let mut value = serde_json::to_value(document).expect("documents have string keys only");
    value.sort_all_objects();
    serde_json::to_vec(&value).expect("a JSON value always serialises")
}
