//! Signatures over manifests as cosign writes and reads them: keys, payloads, envelopes, bundles.
//! Never fetches anything, and never decides whom to trust: the caller brings the keys.

mod bundle;
mod dsse;
mod encrypted;
mod key;
mod manifest;
pub mod media_types;
mod payload;
mod secretbox;
mod signature;
mod statement;

pub use bundle::{BundleError, bundle_of, envelope_of_bundle};
pub use dsse::{ENVELOPE_BYTES_MAX, Envelope, EnvelopeError};
pub use encrypted::PASSWORD_COST_LOG2_MAX;
pub use key::{KeyError, PrivateKey, PublicKey};
pub use manifest::{attestation_tag, package_signature_tag, signature_tag};
pub use payload::{PAYLOAD_BYTES_MAX, Signature, SignatureProblem};
pub use signature::AnySignature;
pub use statement::{Provenance, Statement, StatementSubject};
