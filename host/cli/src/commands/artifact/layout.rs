//! How artifacts stand in a registry: their types, and the annotations that tie them to what made them.
//! Never used for components, whose layout is everyone's.

use host_api::artifact::ArtifactKind;
use tempfile::TempDir;

use crate::trouble::{Outcome, Trouble};

/// The run that made it.
pub const RUN: &str = "dev.sandmill.run";
/// The step of that run.
pub const STEP: &str = "dev.sandmill.step";
/// The output of that step.
pub const OUTPUT: &str = "dev.sandmill.output";
/// The component of that step, reference with digest.
pub const COMPONENT: &str = "dev.sandmill.component";
/// Fingerprint of the key that vouched for that component.
pub const SIGNER: &str = "dev.sandmill.signer";
/// Before the names that the artifact's maker attached.
pub const METADATA_BEGINNING: &str = "dev.sandmill.metadata.";

const TYPES: [(ArtifactKind, &str); 4] = [
    (ArtifactKind::Artifact, "application/vnd.sandmill.artifact.v1"),
    (ArtifactKind::DataSet, "application/vnd.sandmill.data-set.v1"),
    (ArtifactKind::Model, "application/vnd.sandmill.model.v1"),
    (ArtifactKind::Metrics, "application/vnd.sandmill.metrics.v1"),
];

/// The type of the manifest of an artifact of this kind.
pub fn artifact_type(kind: ArtifactKind) -> &'static str {
    TYPES.iter().find(|(listed, _)| *listed == kind).map_or(TYPES[0].1, |(_, name)| name)
}

/// The kind that a manifest's type stands for.
pub fn kind(artifact_type: &str) -> Option<ArtifactKind> {
    TYPES.iter().find(|(_, listed)| *listed == artifact_type).map(|(kind, _)| *kind)
}

/// A folder for content on its way, removed when dropped.
pub fn scratch() -> Outcome<TempDir> {
    tempfile::tempdir().map_err(|error| Trouble::unwritable(&std::env::temp_dir(), &error))
}
