//! Content in registries: an artifact that consists of one file, or of a folder as nodes push it, as one archive.
//! Never takes a part of an artifact for the whole.

use host_base::{ArtifactRef, Failure};
use host_runtime::FOLDER_MEDIA_TYPE;
use registry_oci::Reference;

use super::access::Access;
use super::keep::Keeping;
use super::{Import, OCTETS, failed};
use crate::registry_failure;

/// What is copied at once from one place of the node to another.
const COPY_BYTES: usize = 1 << 20;

/// Whether a reference can be read, with nothing but the node's own access.
pub(super) fn check(text: &str, uri: &str, access: Option<&Access>) -> Result<(), Failure> {
    if access.is_some() {
        return Err(failed(uri, "a registry is read with the node's own login, and not with what a document names")
            .with_hint("take out the secret and the variables, and let the node log in to the registry"));
    }
    parse(text).map(drop)
}

pub(super) async fn fetch(text: &str, import: &Import<'_>) -> Result<ArtifactRef, Failure> {
    let uri = format!("oci://{text}");
    let reference = parse(text)?;
    let (registry, blobs) = import.components.registry_and_blobs();
    let refused = |error: registry_client::RegistryError| {
        let failure = registry_failure(&error);
        Failure { message: format!("`{uri}` cannot be imported: {}", failure.message), ..failure }
    };
    let resolved = registry.resolve_artifact(&reference).await.map_err(refused)?;
    let [layer] = resolved.manifest.layers.as_slice() else {
        let count = resolved.manifest.layers.len();
        return Err(failed(&uri, &format!("it has {count} layers, and an artifact is one file")));
    };
    // Through the artifacts, which hash what they are given: the digest is that of what steps will read.
    let media_type = if layer.media_type.is_empty() { OCTETS } else { &layer.media_type };
    let mut keeping = match media_type == FOLDER_MEDIA_TYPE {
        true => Keeping::folder(&uri, import).await?,
        false => Keeping::file(&uri, media_type, import).await?,
    };
    keeping.expect(layer.size)?;
    registry.pull_artifact(&resolved, blobs.as_ref()).await.map_err(refused)?;
    let mut offset_bytes = 0;
    while offset_bytes < layer.size {
        let piece = import.artifacts.read(&layer.digest, offset_bytes, COPY_BYTES).await;
        let piece = piece.map_err(|error| error.to_failure())?;
        if piece.is_empty() {
            break;
        }
        offset_bytes += piece.len() as u64;
        keeping.write(&piece).await?;
    }
    keeping.finish().await
}

pub(super) fn parse(text: &str) -> Result<Reference, Failure> {
    text.parse().map_err(|error| {
        failed(&format!("oci://{text}"), &format!("it is no reference: {error}"))
            .with_hint("write oci://REGISTRY/REPOSITORY:TAG or oci://REGISTRY/REPOSITORY@DIGEST")
    })
}
