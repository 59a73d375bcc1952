//! Sigstore bundles, as far as key pairs go: an envelope beside what keyless signing would need.
//! Never believes a certificate or a log entry: only a key that the caller trusts counts.

#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use registry_oci::canonical_json;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{ENVELOPE_BYTES_MAX, Envelope, PublicKey, media_types};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bundle {
    media_type: String,
    #[serde(default)]
    verification_material: serde_json::Value,
    #[serde(default)]
    dsse_envelope: Option<Envelope>,
}

/// Why a document is no bundle that can be read here.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BundleError {
    /// No bundle.
    #[error("the bundle is malformed: {0}")]
    Malformed(String),
    /// A bundle that signs bytes and not a statement.
    #[error("the bundle holds no signed statement")]
    NoEnvelope,
}

/// A bundle of an envelope that the holder of this key signed.
#[must_use]
pub fn bundle_of(envelope: Envelope, key: &PublicKey) -> Vec<u8> {
    // The hint is how sigstore's own tools call the key; nothing depends on it.
    let hint = STANDARD.encode(digest(&SHA256, &key.to_der()));
    canonical_json(&Bundle {
        media_type: media_types::SIGSTORE_BUNDLE.to_owned(),
        verification_material: serde_json::json!({ "publicKey": { "hint": hint }, "tlogEntries": [] }),
        dsse_envelope: Some(envelope),
    })
}

/// The signed statement in a bundle.
///
/// # Errors
/// Where the bytes are no bundle, or one without a signed statement.
pub fn envelope_of_bundle(bytes: &[u8]) -> Result<Envelope, BundleError> {
    if bytes.len() > ENVELOPE_BYTES_MAX {
        return Err(BundleError::Malformed(format!("it has more than {ENVELOPE_BYTES_MAX} bytes")));
    }
    let bundle: Bundle = serde_json::from_slice(bytes).map_err(|error| BundleError::Malformed(error.to_string()))?;
    if !bundle.media_type.starts_with(media_types::SIGSTORE_BUNDLE_BEGINNING) {
        return Err(BundleError::Malformed(format!("it is no `{}`", media_types::SIGSTORE_BUNDLE)));
    }
    bundle.dsse_envelope.ok_or(BundleError::NoEnvelope)
}
