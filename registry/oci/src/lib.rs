//! OCI vocabulary: digests, references, manifests, media types.
//! Never does IO and never imports another room.

mod digest;

pub use digest::{Algorithm, Digest, DigestError, Hasher};
