//! `sandmill component verify`: whether one of these keys signed a component.
//! Never succeeds without a good signature.

use std::path::PathBuf;

use host_base::{Code, Failure};
use registry_signing::PublicKey;
use serde_json::json;

use crate::printer::Printer;
use crate::settings::Settings;
use crate::trouble::Outcome;
use crate::{keys, registry};

/// Verifies, and prints the reference pinned to what was signed.
pub async fn verify(reference: &str, key_files: &[PathBuf], settings: &Settings, printer: &Printer) -> Outcome {
    let reference = registry::reference(reference)?;
    let keys: Vec<PublicKey> = key_files.iter().map(|path| keys::public_key(path)).collect::<Outcome<_>>()?;
    let client = registry::client_for(settings, &reference).await?;
    let manifest = client.describe(&reference).await.map_err(|error| registry::trouble(&error))?.digest;
    let signatures = client.signatures(&reference, &manifest).await.map_err(|error| registry::trouble(&error))?;
    let pinned = reference.with_digest(manifest.clone());
    let mut problems = Vec::new();
    for signature in &signatures {
        match signature.signer(&manifest, &keys) {
            Ok(key) => {
                let object =
                    json!({ "pinned": pinned.to_string(), "manifestDigest": manifest, "key": key.fingerprint() });
                return printer.either(&object, || format!("{pinned}  signed by {}", key.fingerprint()));
            }
            Err(problem) => problems.push(problem.to_string()),
        }
    }
    let found = match problems.first() {
        None => "it has no signature".to_owned(),
        Some(first) => format!("of its {} signatures none counts, the first because {first}", problems.len()),
    };
    Err(Failure::new(
        Code::ComponentNotTrusted,
        format!("component `{pinned}` was signed with none of the keys: {found}"),
    )
    .with_hint("check the key file; `sandmill component sign --key KEY REFERENCE` signs")
    .into())
}
