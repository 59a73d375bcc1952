//! `sandmill component push`: a file becomes a tag in a registry.
//! Never pushes what is no component.

use std::collections::BTreeMap;

use bytes::Bytes;
use registry_oci::{ComponentDescription, Digest};
use registry_signing::Provenance;
use serde_json::json;

use super::attach::{Sbom, attach_provenance};
use super::sign;
use crate::args::{PushArguments, Scheme};
use crate::printer::Printer;
use crate::settings::Settings;
use crate::trouble::{Outcome, Trouble};
use crate::{files, keys, registry};

/// Names of annotations that the image specification defines.
const SOURCE: &str = "org.opencontainers.image.source";
const REVISION: &str = "org.opencontainers.image.revision";
const LICENSES: &str = "org.opencontainers.image.licenses";

/// Pushes, and prints the reference pinned to the manifest.
pub async fn push(arguments: &PushArguments, settings: &Settings, printer: &Printer) -> Outcome {
    let PushArguments { file, reference, .. } = arguments;
    let reference = registry::reference(reference)?;
    let key = arguments.key.as_deref().map(keys::private_key).transpose()?;
    let sbom = arguments.sbom.as_deref().map(Sbom::read).transpose()?;
    let bytes = std::fs::read(file).map_err(|error| Trouble::unreadable(file, &error))?;
    let interface = host_runtime::interface::interface(&bytes)?;
    let description = ComponentDescription {
        imports: interface.imports,
        exports: interface.exports,
        annotations: annotations(arguments)?,
        ..Default::default()
    };
    let (component, size) = (Digest::sha256(&bytes), bytes.len());
    let client = registry::client_for(settings, &reference).await?;
    let manifest = client.push_component(&reference, Bytes::from(bytes), &description).await;
    let manifest = manifest.map_err(|error| registry::trouble(&error))?;
    let pinned = reference.clone().with_digest(manifest.clone());
    let mut attached = BTreeMap::new();
    if sbom.is_some() || arguments.provenance || key.is_some() {
        let subject = client.describe(&pinned).await.map_err(|error| registry::trouble(&error))?;
        if let Some(sbom) = sbom {
            attached.insert("sbom", sbom.attach(&client, &reference, &subject).await?);
        }
        if arguments.provenance {
            let provenance = provenance(arguments, &component);
            let digest = attach_provenance(&client, &reference, &subject, &provenance, key.as_ref()).await?;
            attached.insert("provenance", digest);
        }
        if let Some(key) = &key {
            sign::sign_manifest(&client, &reference, &subject, key, Scheme::Both, &BTreeMap::new()).await?;
        }
    }
    let object = json!({
        "reference": reference.to_string(),
        "pinned": pinned.to_string(),
        "manifestDigest": manifest,
        "componentDigest": component,
        "sizeBytes": size,
        "attached": attached,
        "key": key.as_ref().map(|key| key.public_key().fingerprint()),
    });
    printer.either(&object, || pinned.to_string())
}

fn annotations(arguments: &PushArguments) -> Outcome<BTreeMap<String, String>> {
    let mut annotations = files::named_values(&arguments.annotations, "--annotation")?;
    let known = [(SOURCE, &arguments.source), (REVISION, &arguments.revision), (LICENSES, &arguments.licenses)];
    for (name, value) in known {
        annotations.extend(value.clone().map(|value| (name.to_owned(), value)));
    }
    Ok(annotations)
}

fn provenance(arguments: &PushArguments, component: &Digest) -> Provenance {
    Provenance {
        builder: arguments.builder.clone(),
        source: arguments.source.clone(),
        revision: arguments.revision.clone(),
        component: Some(component.clone()),
    }
}
