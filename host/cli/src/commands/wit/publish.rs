//! `sandmill wit publish`: the package in a folder becomes a tag in the registry of its namespace.
//! Never publishes under another name than the package's own.

use bytes::Bytes;
use host_runtime::wit_package::encode_package;
use registry_oci::{ComponentDescription, Digest};
use serde_json::json;

use super::{packages, place};
use crate::args::WitArguments;
use crate::printer::Printer;
use crate::registry;
use crate::settings::Settings;
use crate::trouble::Outcome;

/// Publishes, and prints the reference pinned to the manifest.
pub async fn publish(arguments: &WitArguments, settings: &Settings, printer: &Printer) -> Outcome {
    let (package, bytes) = encode_package(&arguments.folder)?;
    let (place, _) = place(&package, &packages(arguments.config.as_deref())?, settings).await?;
    let (digest, size) = (Digest::sha256(&bytes), bytes.len());
    let client = registry::client_for(settings, &place.reference).await?;
    let pushed = client.push_component(&place.reference, Bytes::from(bytes), &ComponentDescription::default()).await;
    let manifest = pushed.map_err(|error| registry::trouble(&error))?;
    let pinned = place.reference.clone().with_digest(manifest.clone());
    let object = json!({
        "package": package.to_string(),
        "reference": place.reference.to_string(),
        "pinned": pinned.to_string(),
        "manifestDigest": manifest,
        "digest": digest,
        "sizeBytes": size,
    });
    printer.either(&object, || pinned.to_string())
}
