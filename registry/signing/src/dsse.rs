//! Envelopes: a statement with its type, and signatures over both, after the DSSE specification.
//! Never parses what is inside before a key has vouched for it.

#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{KeyError, PrivateKey, PublicKey};

/// Largest envelope that is read, in bytes.
pub const ENVELOPE_BYTES_MAX: usize = 16 << 20;
/// Signatures in one envelope.
const SIGNATURES_MAX: usize = 16;

/// A statement and signatures over it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Envelope {
    /// The media type of what is inside.
    pub payload_type: String,
    /// What is inside, in base64.
    payload: String,
    signatures: Vec<EnvelopeSignature>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct EnvelopeSignature {
    /// A hint that nothing may depend on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    keyid: Option<String>,
    sig: String,
}

/// Why an envelope says nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EnvelopeError {
    /// No envelope.
    #[error("the envelope is malformed: {0}")]
    Malformed(String),
    /// None of the keys made one of its signatures.
    #[error("the envelope was signed by none of the trusted keys, or what is in it was changed")]
    OtherKey,
}

impl Envelope {
    /// Signs a payload.
    ///
    /// # Errors
    /// Where the operating system gives no random bytes.
    pub fn sign(key: &PrivateKey, payload_type: &str, payload: &[u8]) -> Result<Self, KeyError> {
        let signature = key.sign(&signed_bytes(payload_type, payload))?;
        Ok(Self {
            payload_type: payload_type.to_owned(),
            payload: STANDARD.encode(payload),
            signatures: vec![EnvelopeSignature { keyid: None, sig: STANDARD.encode(signature) }],
        })
    }

    /// Reads an envelope.
    ///
    /// # Errors
    /// Where the bytes are none, or more than an envelope may have.
    pub fn parse(bytes: &[u8]) -> Result<Self, EnvelopeError> {
        if bytes.len() > ENVELOPE_BYTES_MAX {
            return Err(EnvelopeError::Malformed(format!("it has more than {ENVELOPE_BYTES_MAX} bytes")));
        }
        serde_json::from_slice(bytes).map_err(|error| EnvelopeError::Malformed(error.to_string()))
    }

    /// What is inside, and the key that vouches for it.
    ///
    /// # Errors
    /// Where none of the keys does.
    pub fn open<'key>(
        &self,
        keys: impl IntoIterator<Item = &'key PublicKey>,
    ) -> Result<(Vec<u8>, &'key PublicKey), EnvelopeError> {
        let malformed = |reason: &str| EnvelopeError::Malformed(reason.to_owned());
        if self.signatures.len() > SIGNATURES_MAX {
            return Err(malformed("it has too many signatures"));
        }
        let payload = STANDARD.decode(&self.payload).map_err(|_| malformed("its payload is not base64"))?;
        let signed = signed_bytes(&self.payload_type, &payload);
        let signatures: Vec<Vec<u8>> =
            self.signatures.iter().filter_map(|signature| STANDARD.decode(&signature.sig).ok()).collect();
        let vouches = |key: &&PublicKey| signatures.iter().any(|signature| key.verifies(&signed, signature));
        let signer = keys.into_iter().find(vouches).ok_or(EnvelopeError::OtherKey)?;
        Ok((payload, signer))
    }
}

/// The specification's "pre-authentication encoding": type and payload, each behind its length.
fn signed_bytes(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}
