//! `sandmill component pull`: a component from a registry into a file.
//! Never keeps bytes that do not hash to what the manifest says.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::files::NewFile;
use crate::format;
use crate::printer::Printer;
use crate::registry;
use crate::settings::Settings;
use crate::trouble::Outcome;

/// Pulls, and prints the file.
pub async fn pull(reference: &str, output: Option<&Path>, settings: &Settings, printer: &Printer) -> Outcome {
    let reference = registry::reference(reference)?;
    let client = registry::client_for(settings, &reference).await?;
    let (resolved, bytes) = registry::fetch(&client, &reference).await?;
    let name = reference.repository().rsplit('/').next().unwrap_or("component");
    let path = output.map_or_else(|| PathBuf::from(format!("{name}.wasm")), Path::to_owned);
    let mut file = NewFile::create(&path)?;
    file.write(&bytes)?;
    file.finish()?;
    printer.note(&format!("{} ({})", resolved.reference, format::bytes(resolved.size_bytes)));
    let object = json!({
        "path": path,
        "reference": resolved.reference.to_string(),
        "manifestDigest": resolved.manifest_digest,
        "componentDigest": resolved.component_digest,
        "sizeBytes": resolved.size_bytes,
    });
    printer.either(&object, || path.display().to_string())
}
