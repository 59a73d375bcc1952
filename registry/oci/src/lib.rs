//! OCI vocabulary: digests, references, manifests, media types, the wasm layout.
//! Never does IO and never imports another room.

mod artifact;
mod canonical;
mod digest;
mod manifest;
pub mod media_types;
mod package;
mod reference;
mod wasm_config;

pub use artifact::{ArtifactPackage, package_artifact};
pub use canonical::canonical_json;
pub use digest::{Algorithm, Digest, DigestError, Hasher};
pub use manifest::{Descriptor, ImageManifest, Index, MANIFEST_BYTES_MAX, Manifest, ManifestError};
pub use package::{
    CREATED_ALWAYS, ComponentDescription, ComponentPackage, LayoutError, check_wasm_config, component_layer,
    package_component,
};
pub use reference::{
    REPOSITORY_BYTES_MAX, Reference, ReferenceError, ReferenceProblem, TAG_BYTES_MAX, is_registry, is_repository,
    is_tag,
};
pub use wasm_config::{ComponentWorld, WasmConfig};
