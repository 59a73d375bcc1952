//! The media types and annotations by which signatures and attestations are found.
//! Never decides which of them a caller accepts.

/// The payload of a signature: one layer each.
pub const SIMPLE_SIGNING: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
/// What a referrer that holds signatures says it is.
pub const SIGNATURE_ARTIFACT: &str = "application/vnd.dev.cosign.artifact.sig.v1+json";
/// A signature in sigstore's newer form: an envelope and what is needed to verify it, as one document.
pub const SIGSTORE_BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
/// The beginning that all versions of that form share.
pub const SIGSTORE_BUNDLE_BEGINNING: &str = "application/vnd.dev.sigstore.bundle";
/// The configuration of a manifest that tags signatures, as every registry and tool knows it.
pub const IMAGE_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
/// A signed statement.
pub const DSSE_ENVELOPE: &str = "application/vnd.dsse.envelope.v1+json";
/// A statement that nobody signed; also what an envelope says of the statement in it.
pub const IN_TOTO: &str = "application/vnd.in-toto+json";

/// Where a layer carries its signature, in base64.
pub const SIGNATURE_ANNOTATION: &str = "dev.cosignproject.cosign/signature";
/// What an attestation is about, so that one can be chosen without fetching all.
pub const PREDICATE_TYPE_ANNOTATION: &str = "in-toto.io/predicate-type";
/// Cosign's own word for the same, which it reads at tagged attestations.
pub const COSIGN_PREDICATE_TYPE_ANNOTATION: &str = "predicateType";
