//! What one attempt at a program sees, and what it left behind: the form that programs of compiled Kubeflow pipelines
//! and functions of Python share.
//! Never touches a file; whoever calls the guest lays them out.

use std::collections::BTreeMap;

use host_base::{ArtifactRef, Failure, FunctionSignature, Value, Wheel};

use crate::kfp::{KeptFolder, Promise, VariableSource};
use crate::{kfp, python};

/// What one attempt sees, and what is looked for afterwards.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The program's name and its arguments.
    pub argv: Vec<String>,
    /// Variables of its environment.
    pub env: BTreeMap<String, String>,
    /// Variables whose values the node keeps.
    pub kept_env: BTreeMap<String, VariableSource>,
    /// Files that it finds.
    pub files: Vec<LayoutFile>,
    /// Packages that it finds unpacked, by the folder where it does.
    pub packages: BTreeMap<String, Wheel>,
    /// Folders that are there from the start and writable, with all below them.
    pub writable: Vec<String>,
    /// Folders whose files the node keeps, by the place where they are to be seen.
    pub kept_folders: BTreeMap<String, KeptFolder>,
    /// The run's shared folder, if it is to be seen.
    pub workspace: Option<Workspace>,
    /// What is looked for afterwards, by names that [`outputs`] knows.
    pub outputs: BTreeMap<String, LayoutOutput>,
    pub(crate) promised: Promised,
}

/// What is to become of what was found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Promised {
    /// The outputs of a task.
    Kfp(Promise),
    /// The results of a function.
    Python(FunctionSignature),
}

/// The folder that the steps of a run share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    /// Absolute path in the guest.
    pub guest_path: String,
    /// How much the steps may leave in it together.
    pub bytes_max: u64,
}

/// A file that an attempt finds.
#[derive(Clone, Debug, PartialEq)]
pub struct LayoutFile {
    /// Absolute path in the guest.
    pub guest_path: String,
    /// What stands there.
    pub content: LayoutContent,
}

/// What stands at a path.
#[derive(Clone, Debug, PartialEq)]
pub enum LayoutContent {
    /// An artifact's bytes.
    Artifact(ArtifactRef),
    /// The folder that an artifact is the archive of.
    Folder(ArtifactRef),
    /// Text.
    Text(String),
}

/// What is looked for after an attempt. Nothing that is missing is the sandbox's business to refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayoutOutput {
    /// Absolute path in the guest.
    pub guest_path: String,
    /// What it is kept as.
    pub shape: OutputShape,
}

/// What a file is kept as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutputShape {
    /// An artifact: a file, or a folder as an archive.
    Artifact {
        /// Its media type, if it is a file.
        media_type: &'static str,
    },
    /// Text, handed on as it is.
    Text {
        /// A longer one is a failure.
        bytes_max: u64,
    },
}

/// What was found where [`Layout::outputs`] says; what was not there is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// Files and folders.
    pub artifacts: BTreeMap<String, ArtifactRef>,
    /// Texts.
    pub texts: BTreeMap<String, String>,
}

/// The step's outputs, of what was found after an attempt.
///
/// # Errors
/// Where something that was promised is missing or of another type, or the program says itself that it failed.
pub fn outputs(layout: &Layout, collected: &Collected) -> Result<BTreeMap<String, Value>, Failure> {
    match &layout.promised {
        Promised::Kfp(promise) => kfp::outputs(promise, collected),
        Promised::Python(signature) => python::outputs(signature, collected),
    }
}
