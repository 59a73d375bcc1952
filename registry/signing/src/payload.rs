//! What a signature is over: the manifest's digest in the "simple signing" form, and what makes a signature good.
//! Never takes the repository in a payload for more than a remark: content moves between registries, its digest stays.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use registry_oci::{Descriptor, Digest, canonical_json};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{KeyError, PrivateKey, PublicKey, media_types};

/// Largest payload that is read, in bytes; cosign's have a few hundred.
pub const PAYLOAD_BYTES_MAX: usize = 64 << 10;
/// Longest signature in base64; one of this curve has at most 96 characters.
const SIGNATURE_CHARACTERS_MAX: usize = 1024;
/// What every payload says that it is.
const TYPE: &str = "cosign container image signature";

#[derive(Serialize, Deserialize)]
struct Payload {
    critical: Critical,
    #[serde(default)]
    optional: Option<BTreeMap<String, serde_json::Value>>,
}

#[derive(Serialize, Deserialize)]
struct Critical {
    identity: Identity,
    image: Image,
    #[serde(rename = "type")]
    payload_type: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Identity {
    docker_reference: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Image {
    docker_manifest_digest: Digest,
}

/// A payload and a signature over it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    payload: Vec<u8>,
    signature: Vec<u8>,
}

/// Why a signature does not vouch for a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SignatureProblem {
    /// No base64 where the signature should be, or none at all.
    #[error("a signature is malformed: {0}")]
    Malformed(String),
    /// None of the keys made it, or the payload was changed since.
    #[error("a signature was made by none of the trusted keys, or what it is over was changed")]
    OtherKey,
    /// A good signature, over something else.
    #[error("a signature by a trusted key is over {0}, which is another manifest")]
    OtherManifest(String),
}

impl Signature {
    /// Signs a manifest. `repository` (with its registry) is a remark for people, and so are `remarks`.
    ///
    /// # Errors
    /// Where the operating system gives no random bytes.
    pub fn make(
        key: &PrivateKey,
        repository: &str,
        manifest: &Digest,
        remarks: &BTreeMap<String, String>,
    ) -> Result<Self, KeyError> {
        let remarks =
            remarks.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect::<BTreeMap<_, _>>();
        let payload = canonical_json(&Payload {
            critical: Critical {
                identity: Identity { docker_reference: repository.to_owned() },
                image: Image { docker_manifest_digest: manifest.clone() },
                payload_type: TYPE.to_owned(),
            },
            optional: (!remarks.is_empty()).then_some(remarks),
        });
        let signature = key.sign(&payload)?;
        Ok(Self { payload, signature })
    }

    /// A signature as it comes from a registry: a layer's content, and the annotation beside it.
    ///
    /// # Errors
    /// Where the annotation is missing or no base64, or the payload is too large.
    pub fn from_layer(layer: &Descriptor, payload: Vec<u8>) -> Result<Self, SignatureProblem> {
        let malformed = |reason: &str| SignatureProblem::Malformed(reason.to_owned());
        if payload.len() > PAYLOAD_BYTES_MAX {
            return Err(malformed("its payload is too large"));
        }
        let written = layer.annotations.get(media_types::SIGNATURE_ANNOTATION);
        let written = written.ok_or_else(|| malformed("its layer has no annotation with the signature"))?;
        if written.len() > SIGNATURE_CHARACTERS_MAX {
            return Err(malformed("it is too long"));
        }
        let signature = STANDARD.decode(written).map_err(|_| malformed("it is not base64"))?;
        Ok(Self { payload, signature })
    }

    /// What the signature is over.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The layer that carries it.
    #[must_use]
    pub fn layer(&self) -> Descriptor {
        let mut layer = Descriptor::of(media_types::SIMPLE_SIGNING, &self.payload);
        layer.annotations.insert(media_types::SIGNATURE_ANNOTATION.to_owned(), STANDARD.encode(&self.signature));
        layer
    }

    /// The key that signed this manifest. The payload is not even parsed before a key has vouched for it.
    ///
    /// # Errors
    /// Where none of the keys did.
    pub fn signer<'key>(
        &self,
        manifest: &Digest,
        keys: impl IntoIterator<Item = &'key PublicKey>,
    ) -> Result<&'key PublicKey, SignatureProblem> {
        let mut keys = keys.into_iter();
        let signer = keys.find(|key| key.verifies(&self.payload, &self.signature)).ok_or(SignatureProblem::OtherKey)?;
        let payload: Payload =
            serde_json::from_slice(&self.payload).map_err(|error| SignatureProblem::Malformed(error.to_string()))?;
        if payload.critical.payload_type != TYPE {
            return Err(SignatureProblem::Malformed("its payload is of another type".to_owned()));
        }
        let signed = payload.critical.image.docker_manifest_digest;
        if signed == *manifest { Ok(signer) } else { Err(SignatureProblem::OtherManifest(signed.to_string())) }
    }
}
