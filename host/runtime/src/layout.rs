//! What a command finds around it: arguments, variables, files and folders, and what it has to leave behind.
//! Never touches a disk: all paths are the guest's, and `command` gives them a place.

use std::collections::BTreeMap;
use std::path::PathBuf;

use host_base::{ArtifactKind, ArtifactRef, Code, Failure};

/// Where the commands of Sandmill's own pipelines find their inputs.
const NAMED_INPUTS: &str = "/inputs";
/// Where they leave their outputs.
const NAMED_OUTPUTS: &str = "/outputs";
/// A longer path is refused, as Linux does.
const PATH_BYTES_MAX: usize = 4096;
/// A longer name of one file or folder is refused, as all common file systems do.
const NAME_BYTES_MAX: usize = 255;
/// Media type of a folder that was made an artifact.
pub const FOLDER_MEDIA_TYPE: &str = "application/x-tar";
/// Metadata by which an artifact says that it is a folder.
pub const LAYOUT_KEY: &str = "layout";
/// The value of [`LAYOUT_KEY`] for folders.
pub const LAYOUT_FOLDER: &str = "folder";

/// One call of a command. All guest paths are absolute and lie in one private root, `/`, which the guest
/// may read; it may write only below `writable`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CommandCall {
    /// The program's name and its arguments.
    pub argv: Vec<String>,
    /// Variables. One that the step was granted stands before one of the same name here.
    pub env: BTreeMap<String, String>,
    /// What lies there before the command starts.
    pub files: Vec<InputFile>,
    /// Folders of this machine that never change, lent for reading.
    pub mounts: Vec<Mount>,
    /// Folders of this machine that other calls write to as well.
    pub shared: Vec<SharedFolder>,
    /// Folders that belong to this attempt alone and may be written; `/` makes it everything but the mounts.
    pub writable: Vec<String>,
    /// What has to be there once the command has ended, by the output's name.
    pub outputs: BTreeMap<String, OutputFile>,
}

impl CommandCall {
    /// The call of a Sandmill pipeline: artifacts to find under `/inputs/NAME`, and files that must
    /// stand under `/outputs/NAME` in the end, with their media types.
    #[must_use]
    pub fn named(argv: Vec<String>, inputs: BTreeMap<String, ArtifactRef>, outputs: &BTreeMap<String, String>) -> Self {
        let input = |(name, artifact)| InputFile {
            guest_path: format!("{NAMED_INPUTS}/{name}"),
            content: FileContent::of(artifact),
        };
        let output = |(name, media_type): (&String, &String)| {
            let kind = OutputKind::Artifact { kind: ArtifactKind::Artifact, media_type: media_type.clone() };
            let output = OutputFile { guest_path: format!("{NAMED_OUTPUTS}/{name}"), kind, required: true };
            (name.clone(), output)
        };
        Self {
            argv,
            files: inputs.into_iter().map(input).collect(),
            writable: vec![NAMED_OUTPUTS.to_owned()],
            outputs: outputs.iter().map(output).collect(),
            ..Self::default()
        }
    }

    /// The guest paths that the call itself fills, so that no grant stands in for one of them.
    pub fn taken_paths(&self) -> impl Iterator<Item = &str> {
        let files = self.files.iter().map(|file| &file.guest_path);
        let shared = self.shared.iter().map(|folder| &folder.guest_path);
        let mounts = self.mounts.iter().map(|mount| &mount.guest_path).chain(shared);
        let outputs = self.outputs.values().map(|output| &output.guest_path);
        files.chain(mounts).chain(&self.writable).chain(outputs).map(String::as_str)
    }
}

/// A file or a folder that the command finds.
#[derive(Clone, Debug, PartialEq)]
pub struct InputFile {
    /// Where.
    pub guest_path: String,
    /// What stands in it.
    pub content: FileContent,
}

/// What an input consists of. The guest gets a copy of its own.
#[derive(Clone, Debug, PartialEq)]
pub enum FileContent {
    /// A file with an artifact's bytes.
    Artifact(ArtifactRef),
    /// A folder, unpacked from an artifact that is a tar archive.
    Folder(ArtifactRef),
    /// A file with this text.
    Text(String),
    /// A file with these bytes.
    Bytes(Vec<u8>),
}

impl FileContent {
    /// An artifact as what it was made from: a file, or a folder where its metadata says so.
    #[must_use]
    pub fn of(artifact: ArtifactRef) -> Self {
        let is_folder = artifact.metadata.get(LAYOUT_KEY).is_some_and(|layout| layout == LAYOUT_FOLDER);
        if is_folder { Self::Folder(artifact) } else { Self::Artifact(artifact) }
    }
}

/// A folder of this machine that the guest may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// Where the guest sees it.
    pub guest_path: String,
    /// Where it is.
    pub host_path: PathBuf,
}

/// A folder of this machine that the guest may read and write, and others with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedFolder {
    /// Where the guest sees it.
    pub guest_path: String,
    /// Where it is.
    pub host_path: PathBuf,
    /// What all who write to it may leave in it together.
    pub bytes_max: u64,
}

/// What a command has to leave behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// Where; it must lie below a writable folder.
    pub guest_path: String,
    /// What becomes of it.
    pub kind: OutputKind,
    /// Whether the call fails without it. Otherwise the output is left out.
    pub required: bool,
}

/// What becomes of an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutputKind {
    /// An artifact of this kind. A folder becomes a tar archive that says so in its media type and metadata.
    Artifact {
        /// What the artifact is.
        kind: ArtifactKind,
        /// The media type, where it is a file.
        media_type: String,
    },
    /// A plain value: the file's text.
    Text {
        /// A longer text fails the call.
        bytes_max: u64,
    },
}

/// The names that an absolute guest path consists of; none for `/`.
pub(crate) fn parts(guest_path: &str) -> Result<Vec<&str>, Failure> {
    let refused = || {
        let message = format!("`{guest_path}` cannot be a path of a command: expected one from `/` on, without `..`");
        Failure::new(Code::InvalidDocument, message)
    };
    let relative = guest_path.strip_prefix('/').ok_or_else(refused)?;
    if relative.is_empty() {
        return Ok(Vec::new());
    }
    let is_plain =
        |name: &&str| !matches!(*name, "" | "." | "..") && name.len() <= NAME_BYTES_MAX && !name.contains(['\\', '\0']);
    let names: Vec<&str> = relative.split('/').collect();
    if guest_path.len() > PATH_BYTES_MAX || !names.iter().all(is_plain) {
        return Err(refused());
    }
    Ok(names)
}

/// Whether `path` is `folder` or lies below it. Both are known to be plain.
pub(crate) fn is_within(path: &[&str], folder: &[&str]) -> bool {
    path.starts_with(folder)
}

#[cfg(test)]
mod tests;
