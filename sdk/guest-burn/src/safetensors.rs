//! What a file of weights says of itself.
//! Never reads the weights.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Bytes of a file that tell the length of its header.
const LENGTH_BYTES: usize = 8;

/// The header of a file, as far as it is looked at.
#[derive(Deserialize)]
struct Header {
    #[serde(rename = "__metadata__")]
    metadata: BTreeMap<String, String>,
}

/// What stands under a key in the metadata of a safetensors file; none where the file is no such file or says nothing.
#[must_use]
pub fn metadata(file: &[u8], key: &str) -> Option<String> {
    let (length, rest) = file.split_first_chunk::<LENGTH_BYTES>()?;
    let header = rest.get(..usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
    let mut header: Header = serde_json::from_slice(header).ok()?;
    header.metadata.remove(key)
}
