//! What travels with a pushed component: its bill of materials, and where it comes from.
//! Never says more of a component than its pusher did.

use std::collections::BTreeMap;
use std::path::Path;

use bytes::Bytes;
use host_base::{Code, Failure};
use registry_client::RegistryClient;
use registry_oci::{Descriptor, Digest, Reference, package_artifact};
use registry_signing::{Envelope, PrivateKey, Provenance, Statement, bundle_of, media_types};

use crate::registry;
use crate::trouble::{Outcome, Trouble};

/// Largest bill of materials.
const SBOM_BYTES_MAX: u64 = 64 << 20;
const SPDX: &str = "application/spdx+json";
const CYCLONE_DX: &str = "application/vnd.cyclonedx+json";
/// What a bundle holds, for tools that choose one without fetching it.
const BUNDLE_CONTENT_ANNOTATION: &str = "dev.sigstore.bundle.content";
const BUNDLE_PREDICATE_ANNOTATION: &str = "dev.sigstore.bundle.predicateType";

/// A bill of materials, and the media type that its content says it has.
pub struct Sbom {
    media_type: &'static str,
    content: Bytes,
}

impl Sbom {
    /// Reads a file in one of the two formats.
    pub fn read(path: &Path) -> Outcome<Self> {
        let length = std::fs::metadata(path).map_err(|error| Trouble::unreadable(path, &error))?.len();
        if length > SBOM_BYTES_MAX {
            let message = format!("{} has {length} bytes, more than {SBOM_BYTES_MAX}", path.display());
            return Err(Trouble::usage(message, "attach a bill of materials, not what it lists"));
        }
        let content = std::fs::read(path).map_err(|error| Trouble::unreadable(path, &error))?;
        match media_type(&content) {
            Some(media_type) => Ok(Self { media_type, content: content.into() }),
            None => Err(Trouble::usage(
                format!("{} is no bill of materials in SPDX or CycloneDX JSON", path.display()),
                "make one, for example with `cargo cyclonedx --format json`",
            )),
        }
    }

    /// Attaches it to a pushed manifest.
    pub async fn attach(self, client: &RegistryClient, reference: &Reference, subject: &Descriptor) -> Outcome<Digest> {
        push(client, reference, subject, self.media_type, self.content, BTreeMap::new()).await
    }
}

fn media_type(content: &[u8]) -> Option<&'static str> {
    let document: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(content).ok()?;
    let is = |key: &str, wanted: &str| document.get(key).and_then(|value| value.as_str()) == Some(wanted);
    if is("bomFormat", "CycloneDX") {
        Some(CYCLONE_DX)
    } else if document.get("spdxVersion").is_some_and(serde_json::Value::is_string) {
        Some(SPDX)
    } else {
        None
    }
}

/// Attaches a statement of where a manifest comes from; signed where there is a key.
pub async fn attach_provenance(
    client: &RegistryClient,
    reference: &Reference,
    subject: &Descriptor,
    provenance: &Provenance,
    key: Option<&PrivateKey>,
) -> Outcome<Digest> {
    let statement = Statement::provenance(reference.repository(), &subject.digest, provenance);
    let bytes = statement.to_bytes();
    let Some(key) = key else {
        let annotation = (media_types::PREDICATE_TYPE_ANNOTATION.to_owned(), statement.predicate_type);
        return push(client, reference, subject, media_types::IN_TOTO, bytes.into(), [annotation].into()).await;
    };
    let envelope = Envelope::sign(key, media_types::IN_TOTO, &bytes)
        .map_err(|error| Failure::new(Code::Internal, format!("nothing could be signed: {error}")))?;
    let bundle = bundle_of(envelope, &key.public_key());
    let annotations = [
        (BUNDLE_CONTENT_ANNOTATION.to_owned(), "dsse-envelope".to_owned()),
        (BUNDLE_PREDICATE_ANNOTATION.to_owned(), statement.predicate_type),
    ];
    push(client, reference, subject, media_types::SIGSTORE_BUNDLE, bundle.into(), annotations.into()).await
}

async fn push(
    client: &RegistryClient,
    reference: &Reference,
    subject: &Descriptor,
    media_type: &str,
    content: Bytes,
    annotations: BTreeMap<String, String>,
) -> Outcome<Digest> {
    let layer = Descriptor::of(media_type, &content);
    let package = package_artifact(media_type, vec![layer.clone()], Some(subject), annotations);
    let attached = client.attach(reference, &subject.digest, &package, &[(layer, content)]).await;
    attached.map_err(|error| registry::trouble(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_told_from_the_content() {
        assert_eq!(media_type(br#"{"bomFormat":"CycloneDX","specVersion":"1.5"}"#), Some(CYCLONE_DX));
        assert_eq!(media_type(br#"{"spdxVersion":"SPDX-2.3"}"#), Some(SPDX));
        for other in ["", "[]", "{}", r#"{"spdxVersion":3}"#, r#"{"bomFormat":"other"}"#] {
            assert_eq!(media_type(other.as_bytes()), None, "{other}");
        }
    }
}
