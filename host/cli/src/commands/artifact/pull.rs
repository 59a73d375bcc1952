//! `sandmill artifact pull`: an artifact from a registry into the server, or into a file.
//! Never keeps bytes that do not hash to what the manifest says.

use std::collections::BTreeMap;
use std::path::Path;

use host_base::{Code, Failure};
use host_client::Client;
use registry_cas::{Blobs as _, FolderBlobs};
use registry_client::ResolvedArtifact;
use registry_oci::Descriptor;
use serde_json::json;

use super::layout::{self, METADATA_BEGINNING};
use super::push::storage;
use crate::files::NewFile;
use crate::printer::Printer;
use crate::registry;
use crate::settings::Settings;
use crate::trouble::{Outcome, Trouble};
use crate::upload::upload_file;

/// Bytes written at a time.
const PIECE_BYTES: usize = 1 << 20;

/// Pulls, and prints the digest.
pub async fn pull(
    client: &Client,
    reference: &str,
    output: Option<&Path>,
    settings: &Settings,
    printer: &Printer,
) -> Outcome {
    let reference = registry::reference(reference)?;
    let registry = registry::client_for(settings, &reference).await?;
    let found = registry.resolve_artifact(&reference).await.map_err(|error| registry::trouble(&error))?;
    let kind = found.manifest.artifact_type.as_deref().and_then(layout::kind);
    let (Some(kind), [layer]) = (kind, found.manifest.layers.as_slice()) else {
        return Err(not_ours(&found));
    };
    let folder = layout::scratch()?;
    let blobs = FolderBlobs::open(&folder.path().join("blobs")).await.map_err(|error| storage(&error))?;
    registry.pull_artifact(&found, &blobs).await.map_err(|error| registry::trouble(&error))?;
    let path = output.map_or_else(|| folder.path().join("content"), Path::to_owned);
    write(&blobs, layer, &path).await?;
    if output.is_none() {
        let metadata = metadata(&found.manifest.annotations);
        upload_file(client, &path, kind, &layer.media_type, &metadata).await?;
    }
    let object = json!({
        "reference": found.reference.to_string(),
        "digest": layer.digest,
        "kind": kind,
        "mediaType": layer.media_type,
        "sizeBytes": layer.size,
        "path": output,
        "annotations": found.manifest.annotations,
    });
    printer.either(&object, || layer.digest.to_string())
}

async fn write(blobs: &FolderBlobs, layer: &Descriptor, path: &Path) -> Outcome {
    let mut file = NewFile::create(path)?;
    let mut offset_bytes = 0;
    while offset_bytes < layer.size {
        let piece = blobs.read(&layer.digest, offset_bytes, PIECE_BYTES).await.map_err(|error| storage(&error))?;
        if piece.is_empty() {
            return Err(Failure::new(Code::Internal, format!("{} became shorter", layer.digest)).into());
        }
        file.write(&piece)?;
        offset_bytes += piece.len() as u64;
    }
    file.finish()
}

fn metadata(annotations: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let ours = annotations.iter().filter_map(|(name, value)| Some((name.strip_prefix(METADATA_BEGINNING)?, value)));
    ours.map(|(name, value)| (name.to_owned(), value.clone())).collect()
}

fn not_ours(found: &ResolvedArtifact) -> Trouble {
    let is = found.manifest.artifact_type.as_deref().unwrap_or(&found.manifest.config.media_type);
    let message = format!(
        "{} is `{is}` with {} layers, and no artifact of Sandmill",
        found.reference,
        found.manifest.layers.len()
    );
    Trouble::usage(
        message,
        "pull components with `sandmill component pull`; other files fit in with `sandmill artifact put`",
    )
}
