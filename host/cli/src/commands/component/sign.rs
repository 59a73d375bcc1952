//! `sandmill component sign`: a signature in cosign's form beside a component in a registry.
//! Never signs a tag: the digest that the tag means now is what is signed.

use std::collections::BTreeMap;
use std::path::Path;

use host_base::{Code, Failure};
use registry_client::{RegistryClient, SignatureScheme};
use registry_oci::{Descriptor, Reference};
use registry_signing::{PrivateKey, Signature};
use serde_json::json;

use crate::args::Scheme;
use crate::printer::Printer;
use crate::settings::Settings;
use crate::trouble::Outcome;
use crate::{files, keys, registry};

/// Signs, and prints the reference pinned to what was signed.
pub async fn sign(
    reference: &str,
    key: &Path,
    scheme: Scheme,
    remarks: &[String],
    settings: &Settings,
    printer: &Printer,
) -> Outcome {
    let reference = registry::reference(reference)?;
    let key = keys::private_key(key)?;
    let remarks: BTreeMap<String, String> = files::named_values(remarks, "--remark")?;
    let client = registry::client_for(settings, &reference).await?;
    let manifest = client.describe(&reference).await.map_err(|error| registry::trouble(&error))?;
    sign_manifest(&client, &reference, &manifest, &key, scheme, &remarks).await?;
    let pinned = reference.with_digest(manifest.digest.clone());
    let object = json!({
        "pinned": pinned.to_string(),
        "manifestDigest": manifest.digest,
        "key": key.public_key().fingerprint(),
    });
    printer.either(&object, || pinned.to_string())
}

/// Signs a manifest that is at the registry, and puts the signature beside it.
pub async fn sign_manifest(
    client: &RegistryClient,
    reference: &Reference,
    manifest: &Descriptor,
    key: &PrivateKey,
    scheme: Scheme,
    remarks: &BTreeMap<String, String>,
) -> Outcome {
    let place = match reference.registry() {
        Some(registry) => format!("{registry}/{}", reference.repository()),
        None => reference.repository().to_owned(),
    };
    let signature = Signature::make(key, &place, &manifest.digest, remarks)
        .map_err(|error| Failure::new(Code::Internal, format!("nothing could be signed: {error}")))?;
    let schemes: &[SignatureScheme] = match scheme {
        Scheme::Both => &[SignatureScheme::Tag, SignatureScheme::Referrer],
        Scheme::Tag => &[SignatureScheme::Tag],
        Scheme::Referrer => &[SignatureScheme::Referrer],
    };
    for scheme in schemes {
        let pushed = client.push_signature(reference, manifest, &signature, *scheme).await;
        pushed.map_err(|error| registry::trouble(&error))?;
    }
    Ok(())
}
