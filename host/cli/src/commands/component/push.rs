//! `sandmill component push`: a file becomes a tag in a registry.
//! Never pushes what is no component.

use std::path::Path;

use bytes::Bytes;
use registry_oci::{ComponentDescription, Digest};
use serde_json::json;

use crate::printer::Printer;
use crate::registry;
use crate::settings::Settings;
use crate::trouble::{Outcome, Trouble};

/// Pushes, and prints the reference pinned to the manifest.
pub async fn push(file: &Path, reference: &str, settings: &Settings, printer: &Printer) -> Outcome {
    let reference = registry::reference(reference)?;
    let bytes = std::fs::read(file).map_err(|error| Trouble::unreadable(file, &error))?;
    let interface = host_runtime::interface::interface(&bytes)?;
    let description =
        ComponentDescription { imports: interface.imports, exports: interface.exports, ..Default::default() };
    let (digest, size) = (Digest::sha256(&bytes), bytes.len());
    let client = registry::client_for(settings, &reference).await?;
    let manifest = client.push_component(&reference, Bytes::from(bytes), &description).await;
    let manifest = manifest.map_err(|error| registry::trouble(&error))?;
    let pinned = reference.clone().with_digest(manifest.clone());
    let object = json!({
        "reference": reference.to_string(),
        "pinned": pinned.to_string(),
        "manifestDigest": manifest,
        "componentDigest": digest,
        "sizeBytes": size,
    });
    printer.either(&object, || pinned.to_string())
}
