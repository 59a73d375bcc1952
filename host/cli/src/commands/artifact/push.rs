//! `sandmill artifact push`: an artifact of the server becomes a tag in a registry, with what made it.
//! Never holds an artifact in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use host_api::artifact::ArtifactDetail;
use host_base::{Code, Failure};
use host_client::Client;
use registry_cas::{BlobError, FolderBlobs, SharedBlobs};
use registry_oci::{Descriptor, Digest, package_artifact};
use serde_json::json;

use super::layout::{self, METADATA_BEGINNING};
use crate::printer::Printer;
use crate::registry;
use crate::settings::Settings;
use crate::trouble::{Outcome, Trouble};

/// Pushes, and prints the reference pinned to the manifest.
pub async fn push(
    client: &Client,
    digest: &Digest,
    reference: &str,
    settings: &Settings,
    printer: &Printer,
) -> Outcome {
    let reference = registry::reference(reference)?;
    let detail = client.artifact(&digest.to_string()).await?;
    let folder = layout::scratch()?;
    let blobs: SharedBlobs = Arc::new(FolderBlobs::open(folder.path()).await.map_err(|error| storage(&error))?);
    let size = fetch(client, digest, &blobs).await?;
    let artifact = &detail.artifact.artifact;
    let layer = Descriptor {
        media_type: artifact.media_type.clone(),
        digest: digest.clone(),
        size,
        artifact_type: None,
        urls: Vec::new(),
        annotations: BTreeMap::new(),
    };
    let artifact_type = layout::artifact_type(artifact.kind);
    let package = package_artifact(artifact_type, vec![layer.clone()], None, annotations(&detail));
    let client = registry::client_for(settings, &reference).await?;
    let manifest = client.push_artifact(&reference, &package, &[layer], &blobs).await;
    let manifest = manifest.map_err(|error| registry::trouble(&error))?;
    let pinned = reference.clone().with_digest(manifest.clone());
    let object = json!({
        "reference": reference.to_string(),
        "pinned": pinned.to_string(),
        "manifestDigest": manifest,
        "artifactType": artifact_type,
        "digest": digest,
        "sizeBytes": size,
    });
    printer.either(&object, || pinned.to_string())
}

/// The artifact's bytes into the blobs, checked against its digest.
async fn fetch(client: &Client, digest: &Digest, blobs: &SharedBlobs) -> Outcome<u64> {
    let mut content = client.content(&digest.to_string()).await?;
    let mut writer = blobs.writer(digest.algorithm()).await.map_err(|error| storage(&error))?;
    while let Some(piece) = content.next().await? {
        writer.write(&piece).await.map_err(|error| storage(&error))?;
    }
    let size = writer.written_bytes();
    writer.finish(Some(digest)).await.map_err(|error| storage(&error))?;
    Ok(size)
}

/// What made it, and what its maker said of it.
fn annotations(detail: &ArtifactDetail) -> BTreeMap<String, String> {
    let made = &detail.artifact;
    let signer = detail.signer.as_ref().map(|signer| signer.key.clone());
    let known = [
        (layout::RUN, &made.run),
        (layout::STEP, &made.step),
        (layout::OUTPUT, &made.output),
        (layout::COMPONENT, &detail.component),
        (layout::SIGNER, &signer),
    ];
    let known = known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)));
    let metadata =
        made.artifact.metadata.iter().map(|(name, value)| (format!("{METADATA_BEGINNING}{name}"), value.clone()));
    known.chain(metadata).collect()
}

pub(super) fn storage(error: &BlobError) -> Trouble {
    let code = match error {
        BlobError::DigestMismatch { .. } => Code::DigestMismatch,
        _ if error.is_disk_full() => Code::StorageFull,
        _ => Code::StorageFailed,
    };
    Failure::new(code, format!("on its way through this machine's temporary folder: {error}"))
        .with_hint("check the free space there, or name another folder with TMPDIR")
        .into()
}
