//! One attempt of a step of a compiled Kubeflow pipeline: its layout becomes a call, what is found becomes outputs.
//! Never decides where anything lies; `host-pipeline` does.

use std::collections::BTreeMap;

use host_base::{ArtifactKind, Failure, Value};
use host_pipeline::kfp::{Collected, Layout, LayoutContent, LayoutFile, LayoutOutput, OutputShape};
use host_runtime::{CommandCall, FileContent, InputFile, Mount, OutputFile, OutputKind};

use crate::executor::Shared;

/// What the sandbox is asked for.
pub(super) fn call(layout: &Layout, packages: Vec<Mount>) -> CommandCall {
    CommandCall {
        argv: layout.argv.clone(),
        env: layout.env.clone(),
        files: layout.files.iter().map(file).collect(),
        mounts: packages,
        writable: layout.writable.clone(),
        outputs: layout.outputs.iter().map(|(name, output)| (name.clone(), output_file(output))).collect(),
    }
}

/// The step's packages, unpacked on this machine; fetched now where they never were.
pub(super) async fn packages(shared: &Shared, layout: Option<&Layout>) -> Result<Vec<Mount>, Failure> {
    let mut mounts = Vec::new();
    for (guest_path, wheel) in layout.iter().flat_map(|layout| &layout.packages) {
        let host_path = shared.wheels.layer(wheel).await?;
        mounts.push(Mount { guest_path: guest_path.clone(), host_path });
    }
    Ok(mounts)
}

fn file(file: &LayoutFile) -> InputFile {
    let content = match &file.content {
        LayoutContent::Artifact(artifact) => FileContent::Artifact(artifact.clone()),
        LayoutContent::Folder(artifact) => FileContent::Folder(artifact.clone()),
        LayoutContent::Text(text) => FileContent::Text(text.clone()),
    };
    InputFile { guest_path: file.guest_path.clone(), content }
}

fn output_file(output: &LayoutOutput) -> OutputFile {
    let kind = match output.shape {
        OutputShape::Artifact { media_type } => {
            OutputKind::Artifact { kind: ArtifactKind::Artifact, media_type: media_type.to_owned() }
        }
        OutputShape::Text { bytes_max } => OutputKind::Text { bytes_max },
    };
    OutputFile { guest_path: output.guest_path.clone(), kind, required: false }
}

/// The step's outputs, of what the sandbox found.
pub(super) fn outputs(layout: &Layout, found: BTreeMap<String, Value>) -> Result<BTreeMap<String, Value>, Failure> {
    let mut collected = Collected::default();
    for (name, value) in found {
        match value {
            Value::Artifact(artifact) => _ = collected.artifacts.insert(name, artifact),
            Value::Plain(serde_json::Value::String(text)) => _ = collected.texts.insert(name, text),
            // The sandbox gives a text as a string, and never a list.
            Value::Plain(_) | Value::List(_) => {}
        }
    }
    host_pipeline::kfp::outputs(layout, &collected)
}
