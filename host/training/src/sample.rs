//! Plans and artifacts for tests of this room.
//! Never part of what others see.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use std::collections::BTreeMap;

use host_base::{ArtifactKind, ArtifactRef, ComponentId, ComponentInterface, Limits};
use registry_oci::Digest;
use sdk_spec::TrainJob;

use crate::{Given, Plan};

/// A plan of a document whose `spec` has these further lines.
pub(crate) fn plan(lines: &str) -> Plan {
    let (id, interface) = component();
    crate::compile(&job(lines), (&id, &interface), &Given::default(), &BTreeMap::new(), &Limits::default()).unwrap()
}

pub(crate) fn job(lines: &str) -> TrainJob {
    let head = "apiVersion: sandmill.dev/v1\nkind: TrainJob\nmetadata: {name: fit}\nspec:\n  component: team/fit:1\n";
    TrainJob::parse(&format!("{head}{lines}")).unwrap()
}

pub(crate) fn component() -> (ComponentId, ComponentInterface) {
    let digest = Digest::sha256(b"component");
    let id = ComponentId { reference: "team/fit:1".to_owned(), manifest: digest.clone(), digest, signer: None };
    let exports = vec!["sandmill:train/trainable@0.1.0".to_owned()];
    (id, ComponentInterface { exports, ..ComponentInterface::default() })
}

pub(crate) fn artifact(content: &str) -> ArtifactRef {
    ArtifactRef {
        digest: Digest::sha256(content.as_bytes()),
        kind: ArtifactKind::Artifact,
        media_type: "application/octet-stream".to_owned(),
        size_bytes: content.len() as u64,
        metadata: BTreeMap::new(),
    }
}
