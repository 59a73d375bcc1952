//! The media types that appear in manifests and in HTTP headers.
//! Never decides which of them a caller accepts.

/// An OCI image manifest.
pub const IMAGE_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// An OCI image index: a list of manifests.
pub const IMAGE_INDEX: &str = "application/vnd.oci.image.index.v1+json";
/// What Docker calls an image manifest; the same fields.
pub const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
/// What Docker calls an image index; the same fields.
pub const DOCKER_MANIFEST_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
/// The configuration of a component in the CNCF wasm layout.
pub const WASM_CONFIG: &str = "application/vnd.wasm.config.v0+json";
/// The one layer of a component in the CNCF wasm layout.
pub const WASM: &str = "application/wasm";
/// A configuration of which nothing is to be said.
pub const EMPTY: &str = "application/vnd.oci.empty.v1+json";
/// Bytes of which nothing more is said.
pub const OCTET_STREAM: &str = "application/octet-stream";
/// Plain JSON: error bodies, tag lists.
pub const JSON: &str = "application/json";

/// Whether this is an image manifest, OCI's or Docker's.
#[must_use]
pub fn is_image_manifest(media_type: &str) -> bool {
    matches!(media_type, IMAGE_MANIFEST | DOCKER_MANIFEST)
}

/// Whether this is an index, OCI's or Docker's.
#[must_use]
pub fn is_index(media_type: &str) -> bool {
    matches!(media_type, IMAGE_INDEX | DOCKER_MANIFEST_LIST)
}
