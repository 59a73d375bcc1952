//! Calls a command: `wasi:cli/run` with argv, `/inputs` and `/outputs`.
//! Never leaves its folders behind, and never follows a link that the command made.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use host_artifacts::Artifacts;
use host_base::{ArtifactKind, ArtifactRef, Code, Failure, Value};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use wasmtime::Store;
use wasmtime_wasi::{FsPerms, I32Exit, WasiCtxBuilder};

use crate::GuestState;
use crate::failure::{self, Ended};
use crate::function::Outputs;
use crate::output::OutputBudget;
use crate::prepared::PreparedComponent;

/// Where commands find their inputs.
const GUEST_INPUTS: &str = "/inputs";
/// Where commands leave their outputs.
const GUEST_OUTPUTS: &str = "/outputs";
/// How folders of calls are named in the scratch folder.
const FOLDER_PREFIX: &str = "call-";
/// How often what a command has written is added up while it runs.
const WATCH_EVERY: Duration = Duration::from_millis(50);
/// Files and folders that a command may make under `/outputs`.
const OUTPUT_ENTRIES_MAX: usize = 100_000;
/// What is copied at once between files and artifacts.
const COPY_BYTES: usize = 1 << 20;

/// Makes the scratch folder and deletes what calls of an earlier process left in it.
pub(crate) fn clean(scratch: &Path) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Failure::new(Code::StorageFailed, format!("the scratch folder {} cannot be used: {error}", scratch.display()))
            .with_hint("check that the data folder may be written")
    };
    fs::create_dir_all(scratch).map_err(failed)?;
    for entry in fs::read_dir(scratch).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_name().to_string_lossy().starts_with(FOLDER_PREFIX) {
            fs::remove_dir_all(entry.path()).map_err(failed)?;
        }
    }
    Ok(())
}

/// The folders of one call. Dropping them deletes them.
pub(crate) struct CommandFolders {
    folder: TempDir,
}

impl CommandFolders {
    /// Makes both folders and copies the inputs. A copy, not a link: storage must not change even if
    /// a command finds a way to write what it should only read.
    pub(crate) async fn make(
        scratch: &Path,
        artifacts: &Artifacts,
        inputs: &BTreeMap<String, ArtifactRef>,
        outputs: &BTreeMap<String, String>,
    ) -> Result<Self, Failure> {
        inputs.keys().chain(outputs.keys()).try_for_each(|name| check_file_name(name))?;
        let folder = tempfile::Builder::new()
            .prefix(FOLDER_PREFIX)
            .tempdir_in(scratch)
            .map_err(|error| scratch_failure("the command's folder cannot be made", &error))?;
        let folders = Self { folder };
        for path in [folders.inputs(), folders.outputs()] {
            fs::create_dir(&path).map_err(|error| scratch_failure("the command's folder cannot be made", &error))?;
        }
        for (name, artifact) in inputs {
            copy_in(artifacts, artifact, &folders.inputs().join(name)).await?;
        }
        Ok(folders)
    }

    /// Opens the folders to the guest and sets its arguments.
    pub(crate) fn open(&self, wasi: &mut WasiCtxBuilder, argv: &[String]) -> Result<(), Failure> {
        let failed = |error: wasmtime::Error| {
            Failure::new(Code::StorageFailed, format!("the command's folders cannot be opened: {error:#}"))
        };
        wasi.args(argv);
        wasi.preopened_dir(self.inputs(), GUEST_INPUTS, FsPerms::ReadOnly).map_err(failed)?;
        wasi.preopened_dir(self.outputs(), GUEST_OUTPUTS, FsPerms::ReadWrite).map_err(failed)?;
        Ok(())
    }

    /// Stores the promised files as artifacts.
    pub(crate) async fn collect(
        &self,
        artifacts: &Artifacts,
        promised: &BTreeMap<String, String>,
        budget: &OutputBudget,
    ) -> Result<Outputs, Failure> {
        budget.take(self.written_bytes().await?)?;
        let mut outputs = Outputs::new();
        for (name, media_type) in promised {
            let artifact = self.collect_one(artifacts, name, media_type).await?;
            outputs.insert(name.clone(), Value::Artifact(artifact));
        }
        Ok(outputs)
    }

    async fn collect_one(&self, artifacts: &Artifacts, name: &str, media_type: &str) -> Result<ArtifactRef, Failure> {
        let path = self.outputs().join(name);
        let unreadable = |error: std::io::Error| scratch_failure(&format!("output `{name}` cannot be read"), &error);
        // `symlink_metadata`: a link made by the command could point anywhere on this machine.
        let is_file = match fs::symlink_metadata(&path) {
            Ok(about) => about.is_file(),
            Err(error) if error.kind() == ErrorKind::NotFound => false,
            Err(error) => return Err(unreadable(error)),
        };
        if !is_file {
            let message = format!("the command ended without a file {GUEST_OUTPUTS}/{name}, which the step promises");
            return Err(Failure::new(Code::MissingOutput, message)
                .with_hint("let it write the file, or take the output out of the pipeline document"));
        }
        let stored = |error: host_artifacts::ArtifactError| error.to_failure();
        let mut file = tokio::fs::File::open(&path).await.map_err(unreadable)?;
        let mut writer = artifacts.writer(ArtifactKind::Artifact, media_type, BTreeMap::new()).await.map_err(stored)?;
        let mut piece = vec![0; COPY_BYTES];
        loop {
            let length = file.read(&mut piece).await.map_err(unreadable)?;
            if length == 0 {
                return writer.finish().await.map_err(stored);
            }
            writer.write(&piece[..length]).await.map_err(stored)?;
        }
    }

    /// Returns only once the command has written more than it may.
    async fn watch(&self, budget: &OutputBudget) -> Failure {
        loop {
            tokio::time::sleep(WATCH_EVERY).await;
            match self.written_bytes().await {
                Ok(bytes) if bytes <= budget.left_bytes() => {}
                Ok(bytes) => {
                    if let Err(failure) = budget.take(bytes) {
                        return failure;
                    }
                }
                Err(failure) => return failure,
            }
        }
    }

    /// Lengths of all files under `/outputs` together.
    async fn written_bytes(&self) -> Result<u64, Failure> {
        let outputs = self.outputs();
        let added_up = tokio::task::spawn_blocking(move || add_up(&outputs)).await;
        added_up.map_err(|error| Failure::new(Code::Internal, format!("adding up the outputs broke off: {error}")))?
    }

    /// Deletes the folders off this thread; otherwise dropping them does it on the spot.
    pub(crate) async fn remove(self) {
        let removed = tokio::task::spawn_blocking(move || self.folder.close()).await;
        if let Ok(Err(error)) = removed {
            tracing::warn!(%error, "a command's folder could not be deleted; the next start deletes it");
        }
    }

    fn inputs(&self) -> PathBuf {
        self.folder.path().join("inputs")
    }

    fn outputs(&self) -> PathBuf {
        self.folder.path().join("outputs")
    }
}

/// Runs the command to its end, or until it has written too much.
pub(crate) async fn call(
    mut store: Store<GuestState>,
    component: &PreparedComponent,
    folders: &CommandFolders,
    budget: &OutputBudget,
) -> Result<(), Ended> {
    let export = component.command.ok_or_else(|| {
        Failure::new(Code::FunctionNotFound, "the component is no command: it does not export wasi:cli/run")
            .with_hint("name one of its functions under `function` instead of `command`")
    })?;
    let run = async {
        let instance = component.instance.instantiate_async(&mut store).await?;
        let run = instance.get_typed_func::<(), (Result<(), ()>,)>(&mut store, export)?;
        run.call_async(&mut store, ()).await
    };
    let status = tokio::select! {
        biased;
        ran = run => match ran {
            Ok((Ok(()),)) => 0,
            Ok((Err(()),)) => 1,
            Err(error) => match error.downcast_ref() {
                Some(I32Exit(status)) => *status,
                None => return Err(error.into()),
            },
        },
        failure = folders.watch(budget) => return Err(failure.into()),
    };
    if status == 0 { Ok(()) } else { Err(failure::exit_status(status).into()) }
}

async fn copy_in(artifacts: &Artifacts, artifact: &ArtifactRef, path: &Path) -> Result<(), Failure> {
    let unwritable = |error: std::io::Error| scratch_failure("an input cannot be copied for the command", &error);
    let mut file = tokio::fs::File::create_new(path).await.map_err(unwritable)?;
    let mut offset_bytes = 0;
    while offset_bytes < artifact.size_bytes {
        let read = artifacts.read(&artifact.digest, offset_bytes, COPY_BYTES).await;
        let piece = read.map_err(|error| error.to_failure())?;
        if piece.is_empty() {
            break;
        }
        file.write_all(&piece).await.map_err(unwritable)?;
        offset_bytes += piece.len() as u64;
    }
    file.flush().await.map_err(unwritable)
}

/// Adds up files, at most `OUTPUT_ENTRIES_MAX` of them. A file that vanishes meanwhile has no length.
fn add_up(folder: &Path) -> Result<u64, Failure> {
    let mut total = 0u64;
    let mut entries = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(listing) = fs::read_dir(&folder) else { continue };
        for entry in listing.flatten() {
            entries += 1;
            if entries > OUTPUT_ENTRIES_MAX {
                let message = format!("the command made more than {OUTPUT_ENTRIES_MAX} files under {GUEST_OUTPUTS}");
                return Err(Failure::new(Code::OutputLimit, message).with_hint("let it write fewer, larger files"));
            }
            let Ok(about) = entry.metadata() else { continue };
            if about.is_dir() {
                folders.push(entry.path());
            } else {
                total = total.saturating_add(about.len());
            }
        }
    }
    Ok(total)
}

/// Names come from documents: one of them must not lead out of its folder.
fn check_file_name(name: &str) -> Result<(), Failure> {
    const NAME_BYTES_MAX: usize = 255;
    let bad = name.is_empty()
        || name.len() > NAME_BYTES_MAX
        || matches!(name, "." | "..")
        || name.contains(['/', '\\', '\0']);
    if bad {
        let message = format!("`{name}` cannot name a file of a command: expected one name without a `/`");
        return Err(Failure::new(Code::InvalidDocument, message));
    }
    Ok(())
}

fn scratch_failure(what: &str, error: &std::io::Error) -> Failure {
    let full = matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded);
    let code = if full { Code::StorageFull } else { Code::StorageFailed };
    Failure::new(code, format!("{what}: {error}")).with_hint("check the disk that the data folder is on").retryable()
}
