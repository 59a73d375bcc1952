//! Artifacts in Kubeflow's words and in ours, and where a step finds one.
//! Never reads content; a reference is turned into another.

use std::collections::BTreeMap;

use host_base::{ArtifactKind, ArtifactRef, Value};
use registry_oci::Digest;
use sdk_spec::kfp::ArtifactType;
use serde_json::{Value as Json, json};

use super::call::{ContainerCall, KfpInputs};
use crate::python::PythonFunction;

/// Kubeflow's type, such as `system.Model`.
pub(crate) const TYPE: &str = "kfp.type";
/// Version of that type.
const TYPE_VERSION: &str = "kfp.typeVersion";
/// Where Kubeflow's steps are told that it is.
pub(crate) const URI: &str = "kfp.uri";
/// Metadata as JSON text.
pub(crate) const METADATA: &str = "kfp.metadata";
/// The artifact's own name.
const NAME: &str = "kfp.name";
/// Present where there is a reference and no content.
pub(crate) const EXTERNAL: &str = "kfp.external";
/// How a folder is kept: as a tar archive.
const LAYOUT: &str = "layout";
/// The metadata by which the SDK looks for content in the workspace.
pub(crate) const IN_WORKSPACE: &str = "_kfp_workspace";
/// The folder that a run's steps share.
pub(crate) const WORKSPACE: &str = "/kfp-workspace";
/// Where the SDK looks in it for artifacts that were brought there.
pub(crate) const WORKSPACE_ARTIFACTS: &str = "/kfp-workspace/.artifacts";

/// Schemes of URIs, and the folders that the SDK puts in their place.
const SCHEMES: [(&str, &str); 3] = [("gs://", "/gcs/"), ("s3://", "/s3/"), ("minio://", "/minio/")];
const OCI: (&str, &str) = ("oci://", "/oci/");

/// An artifact as a step is told of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RuntimeArtifact {
    pub(crate) name: String,
    pub(crate) artifact_type: ArtifactType,
    pub(crate) uri: String,
    pub(crate) metadata: BTreeMap<String, Json>,
}

impl RuntimeArtifact {
    /// What one of ours is to Kubeflow. One that no Kubeflow step made gets a URI of its digest.
    pub(crate) fn of(artifact: &ArtifactRef, input: &str) -> Self {
        let kept = |key: &str| artifact.metadata.get(key).cloned();
        let schema_title = kept(TYPE).unwrap_or_else(|| title_of(artifact.kind).to_owned());
        let schema_version = kept(TYPE_VERSION).unwrap_or_else(|| "0.0.1".to_owned());
        let metadata = match kept(METADATA) {
            Some(text) => serde_json::from_str(&text).unwrap_or_default(),
            None => artifact.metadata.iter().map(|(key, text)| (key.clone(), text.clone().into())).collect(),
        };
        Self {
            name: kept(NAME).unwrap_or_else(|| input.to_owned()),
            artifact_type: ArtifactType { schema_title, schema_version, ..ArtifactType::default() },
            uri: kept(URI).unwrap_or_else(|| format!("minio://sandmill/{}", artifact.digest.hex())),
            metadata,
        }
    }

    /// What stands in the executor input.
    pub(crate) fn to_json(&self) -> Json {
        let mut described = json!({ "name": self.name, "type": self.artifact_type, "uri": self.uri });
        if !self.metadata.is_empty() {
            described["metadata"] = json!(self.metadata);
        }
        described
    }

    /// One of ours with this one's name, type, URI and metadata. What the runtime noted of the content stays.
    pub(crate) fn describe(&self, mut content: ArtifactRef) -> ArtifactRef {
        content.kind = kind_of(&self.artifact_type.schema_title);
        let kept = &mut content.metadata;
        kept.insert(NAME.to_owned(), self.name.clone());
        kept.insert(TYPE.to_owned(), self.artifact_type.schema_title.clone());
        if !self.artifact_type.schema_version.is_empty() {
            kept.insert(TYPE_VERSION.to_owned(), self.artifact_type.schema_version.clone());
        }
        kept.insert(URI.to_owned(), self.uri.clone());
        kept.insert(METADATA.to_owned(), json!(self.metadata).to_string());
        content
    }

    /// Where a step finds it; none where its URI names no folder of a step.
    pub(crate) fn path(&self) -> Option<String> {
        let path = local_path(&self.uri).or_else(|| web_path(&self.uri))?;
        if self.metadata.get(IN_WORKSPACE) == Some(&Json::Bool(true)) {
            return Some(format!("{WORKSPACE_ARTIFACTS}{path}"));
        }
        Some(path)
    }
}

/// A reference without content.
pub(crate) fn external(runtime: &RuntimeArtifact) -> ArtifactRef {
    let nothing = ArtifactRef {
        digest: Digest::sha256(b""),
        kind: ArtifactKind::Artifact,
        media_type: "application/octet-stream".to_owned(),
        size_bytes: 0,
        metadata: BTreeMap::from([(EXTERNAL.to_owned(), "true".to_owned())]),
    };
    runtime.describe(nothing)
}

/// A reference with content in it.
pub(crate) fn with_content(mut reference: ArtifactRef, content: ArtifactRef) -> ArtifactRef {
    reference.metadata.remove(EXTERNAL);
    reference.metadata.extend(content.metadata);
    ArtifactRef { digest: content.digest, media_type: content.media_type, size_bytes: content.size_bytes, ..reference }
}

/// Whether there is content to be shown.
pub(crate) fn has_content(artifact: &ArtifactRef) -> bool {
    !artifact.metadata.contains_key(EXTERNAL)
}

/// Whether it is a folder, kept as an archive.
pub(crate) fn is_folder(artifact: &ArtifactRef) -> bool {
    artifact.metadata.get(LAYOUT).is_some_and(|layout| layout == "folder")
}

/// Where the SDK's own side looks for what has a web address: it takes the address for a path, and programs begin in
/// the root.
fn web_path(uri: &str) -> Option<String> {
    if !uri.starts_with("http://") && !uri.starts_with("https://") {
        return None;
    }
    let parts: Vec<&str> = uri.split('/').filter(|part| !part.is_empty()).collect();
    let plain = parts.iter().all(|part| !matches!(*part, "." | ".."));
    plain.then(|| format!("/{}", parts.join("/")))
}

/// The path at which a step finds what a URI names; none for schemes that no step sees as a folder.
#[must_use]
pub fn local_path(uri: &str) -> Option<String> {
    if let Some(reference) = uri.strip_prefix(OCI.0) {
        return Some(format!("{}{}", OCI.1, reference.replace('/', "_")));
    }
    let (scheme, folder) = SCHEMES.iter().find(|(scheme, _)| uri.starts_with(scheme))?;
    let rest = &uri[scheme.len()..];
    // A path that climbs would leave the folder that stands for its scheme.
    let climbs = rest.split('/').any(|part| part == "..");
    (!climbs).then(|| format!("{folder}{rest}"))
}

/// What makes one artifact another to a step: content and metadata, and the URI where there is no
/// content. The URI of content says which run made it, and must not keep results from being found.
fn identity(artifact: &ArtifactRef) -> Json {
    let mut identity = json!({
        "digest": artifact.digest,
        "type": artifact.metadata.get(TYPE),
        "metadata": artifact.metadata.get(METADATA),
        "layout": artifact.metadata.get(LAYOUT),
    });
    if !has_content(artifact) {
        identity["uri"] = json!(artifact.metadata.get(URI));
    }
    identity
}

/// What a call depends on besides its inputs. Names that a run gives are no part of it, since they are
/// unfilled here.
#[must_use]
pub fn call_identity(call: &ContainerCall) -> Json {
    let mut identity = json!({ "kfp": {
        "takes": call.takes,
        "gives": call.gives,
        "command": call.command,
        "args": call.args,
        "variables": call.variables,
        "kept": call.kept_variables,
        "python": call.python.as_ref().map(PythonFunction::identity),
        "scratch": call.scratch,
    } });
    if !call.kept_folders.is_empty() {
        identity["kfp"]["keptFolders"] = json!(call.kept_folders);
    }
    identity
}

/// What a call's inputs are, for the key of its result.
#[must_use]
pub fn inputs_identity(inputs: &KfpInputs) -> Json {
    let identities = inputs.iter().map(|(name, value)| (name.clone(), value_identity(value)));
    Json::Object(identities.collect())
}

fn value_identity(value: &Value) -> Json {
    match value {
        Value::Plain(json) => json!({ "plain": json }),
        Value::Artifact(artifact) => json!({ "artifact": identity(artifact) }),
        Value::List(items) => json!({ "list": items.iter().map(value_identity).collect::<Vec<_>>() }),
    }
}

fn kind_of(title: &str) -> ArtifactKind {
    match title {
        "system.Dataset" => ArtifactKind::DataSet,
        "system.Model" => ArtifactKind::Model,
        "system.Metrics" | "system.ClassificationMetrics" | "system.SlicedClassificationMetrics" => {
            ArtifactKind::Metrics
        }
        _ => ArtifactKind::Artifact,
    }
}

const fn title_of(kind: ArtifactKind) -> &'static str {
    match kind {
        ArtifactKind::Artifact => "system.Artifact",
        ArtifactKind::DataSet => "system.Dataset",
        ArtifactKind::Model => "system.Model",
        ArtifactKind::Metrics => "system.Metrics",
    }
}

#[cfg(test)]
mod tests;
