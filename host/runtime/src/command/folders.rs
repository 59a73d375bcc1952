//! The private folders of one call: laid out before it, opened to the guest, deleted after it.
//! Never lends the guest anything that outlives the call for writing.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use host_artifacts::Artifacts;
use host_base::{ArtifactRef, Code, Failure};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use wasmtime_wasi::{FsPerms, WasiCtxBuilder};

use super::spare::SpareFolders;
use super::{archive, blocking, collect, scratch_failure};
use crate::function::Outputs;
use crate::layout::{CommandCall, FileContent, InputFile, SharedFolder, is_within, parts};
use crate::output::OutputBudget;

/// How folders of calls are named in the scratch folder.
const FOLDER_PREFIX: &str = "call-";
/// Files and folders that a command may make.
pub(super) const ENTRIES_MAX: usize = 100_000;
/// What is copied at once between files and artifacts.
pub(super) const COPY_BYTES: usize = 1 << 20;

/// Where folders lie that no call needs at the moment, in the scratch folder.
const SPARE_FOLDER: &str = "call-spare";

/// Makes the scratch folder and deletes what calls of an earlier process left in it.
pub(crate) fn clean(scratch: &Path) -> Result<Arc<SpareFolders>, Failure> {
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
    SpareFolders::open(scratch.join(SPARE_FOLDER)).map(Arc::new).map_err(failed)
}

/// The folders of one call. Dropping them deletes them.
pub(crate) struct CommandFolders {
    folder: TempDir,
    spare: Arc<SpareFolders>,
    /// Guest paths that may be written, none of them within another.
    writable: Vec<String>,
    /// The same, with those that would else be hidden behind a folder that is shared.
    opened: Vec<String>,
    shared: Vec<SharedFolder>,
    /// What lay in writable folders before the command started: it did not write that.
    laid: Held,
}

/// What folders hold, with all below them.
#[derive(Clone, Copy, Default)]
struct Held {
    bytes: u64,
    entries: usize,
}

impl CommandFolders {
    /// Makes every folder that the call names and copies its files in. A copy, not a link: storage must
    /// not change even if a command finds a way to write what it should only read.
    pub(crate) async fn make(
        scratch: &Path,
        spare: &Arc<SpareFolders>,
        artifacts: &Artifacts,
        call: &CommandCall,
    ) -> Result<Self, Failure> {
        let unmakable = |error: std::io::Error| scratch_failure("the command's folder cannot be made", &error);
        let writable = outermost(&call.writable, &[])?;
        let opened = outermost(&call.writable, &call.shared)?;
        let folder = tempfile::Builder::new().prefix(FOLDER_PREFIX).tempdir_in(scratch).map_err(unmakable)?;
        let shared = call.shared.clone();
        let mut folders = Self { folder, spare: spare.clone(), writable, opened, shared, laid: Held::default() };
        spare.make_all(&folders.root()).map_err(unmakable)?;
        let lent = call.mounts.iter().map(|mount| &mount.guest_path);
        let lent = lent.chain(call.shared.iter().map(|shared| &shared.guest_path));
        for path in call.writable.iter().chain(lent) {
            spare.make_all(&folders.place(path)?).map_err(unmakable)?;
        }
        for output in call.outputs.values() {
            folders.check_writable(&output.guest_path)?;
            if let Some(parent) = folders.place(&output.guest_path)?.parent() {
                spare.make_all(parent).map_err(unmakable)?;
            }
        }
        for file in &call.files {
            folders.lay(artifacts, file).await?;
        }
        folders.laid = folders.held(usize::MAX).await?;
        Ok(folders)
    }

    /// Opens the folders to the guest and sets its arguments and variables, of which those that the
    /// step was granted are set already.
    pub(crate) fn open(
        &self,
        wasi: &mut WasiCtxBuilder,
        call: &CommandCall,
        granted: &BTreeMap<String, String>,
    ) -> Result<(), Failure> {
        let failed = |error: wasmtime::Error| {
            Failure::new(Code::StorageFailed, format!("the command's folders cannot be opened: {error:#}"))
        };
        wasi.args(&call.argv);
        for (name, value) in call.env.iter().filter(|(name, _)| !granted.contains_key(*name)) {
            wasi.env(name, value);
        }
        if !self.writable.iter().any(|path| path == "/") {
            wasi.preopened_dir(self.root(), "/", FsPerms::ReadOnly).map_err(failed)?;
        }
        for path in &self.opened {
            wasi.preopened_dir(self.place(path)?, path, FsPerms::ReadWrite).map_err(failed)?;
        }
        for shared in &call.shared {
            wasi.preopened_dir(&shared.host_path, &shared.guest_path, FsPerms::ReadWrite).map_err(failed)?;
        }
        for mount in &call.mounts {
            wasi.preopened_dir(&mount.host_path, &mount.guest_path, FsPerms::ReadOnly).map_err(failed)?;
        }
        Ok(())
    }

    /// Turns what the command left into outputs.
    pub(crate) async fn collect(
        &self,
        artifacts: &Artifacts,
        call: &CommandCall,
        budget: &OutputBudget,
    ) -> Result<Outputs, Failure> {
        budget.take(self.written_bytes().await?)?;
        self.check_shared().await?;
        let spare = self.folder.path().join("outgoing.tar");
        let mut outputs = Outputs::new();
        for (name, output) in &call.outputs {
            if let Some(value) = collect::output(artifacts, &self.root(), &spare, name, output).await? {
                outputs.insert(name.clone(), value);
            }
        }
        Ok(outputs)
    }

    /// Bytes that the command itself has written.
    pub(super) async fn written_bytes(&self) -> Result<u64, Failure> {
        let held = self.held(self.laid.entries.saturating_add(ENTRIES_MAX)).await?;
        Ok(held.bytes.saturating_sub(self.laid.bytes))
    }

    /// Whether the folders that are shared hold no more than they may, whoever wrote it.
    pub(super) async fn check_shared(&self) -> Result<(), Failure> {
        for shared in &self.shared {
            let folders = vec![shared.host_path.clone()];
            let held = blocking(move || add_up(folders, ENTRIES_MAX)).await?;
            if held.bytes > shared.bytes_max {
                let most = String::from(sdk_spec::ByteSize(shared.bytes_max));
                let message = format!("the steps of the run hold more than {most} in {}", shared.guest_path);
                return Err(Failure::new(Code::OutputLimit, message)
                    .with_hint("ask for a larger workspace: dsl.WorkspaceConfig(size='10Gi')"));
            }
        }
        Ok(())
    }

    /// What the writable folders hold together.
    async fn held(&self, entries_max: usize) -> Result<Held, Failure> {
        let folders: Vec<PathBuf> = self.writable.iter().map(|path| self.place(path)).collect::<Result<_, _>>()?;
        blocking(move || add_up(folders, entries_max)).await
    }

    /// Deletes the folders off this thread; otherwise dropping them does it on the spot. Where the guest `ended`, so
    /// that nothing of it can be at work in them any more, they are emptied and kept for other calls.
    pub(crate) async fn remove(self, ended: bool) {
        let removed = tokio::task::spawn_blocking(move || {
            if ended {
                self.spare.take_back(self.root())?;
            }
            self.folder.close()
        });
        let removed = removed.await;
        if let Ok(Err(error)) = removed {
            tracing::warn!(%error, "a command's folder could not be deleted; the next start deletes it");
        }
    }

    async fn lay(&self, artifacts: &Artifacts, file: &InputFile) -> Result<(), Failure> {
        let uncopied = |error: std::io::Error| scratch_failure("an input cannot be copied for the command", &error);
        let place = self.place(&file.guest_path)?;
        if let Some(parent) = place.parent() {
            self.spare.make_all(parent).map_err(uncopied)?;
        }
        match &file.content {
            FileContent::Text(text) => tokio::fs::write(&place, text).await.map_err(uncopied),
            FileContent::Bytes(bytes) => tokio::fs::write(&place, bytes).await.map_err(uncopied),
            FileContent::Artifact(artifact) => copy_in(artifacts, artifact, &place).await,
            FileContent::Folder(artifact) => {
                let spare = self.folder.path().join("incoming.tar");
                copy_in(artifacts, artifact, &spare).await?;
                blocking(move || {
                    archive::unpack(&spare, &place)?;
                    fs::remove_file(&spare).map_err(uncopied)
                })
                .await
            }
        }
    }

    fn check_writable(&self, guest_path: &str) -> Result<(), Failure> {
        let path = parts(guest_path)?;
        for folder in &self.writable {
            if path.len() > parts(folder)?.len() && is_within(&path, &parts(folder)?) {
                return Ok(());
            }
        }
        let message =
            format!("an output is promised at {guest_path}, which lies in no folder that the command may write");
        Err(Failure::new(Code::InvalidDocument, message))
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("root")
    }

    /// Where a guest path lies on this machine.
    fn place(&self, guest_path: &str) -> Result<PathBuf, Failure> {
        let mut place = self.root();
        place.extend(parts(guest_path)?);
        Ok(place)
    }
}

/// The folders that lie in no other of them, or from which a shared folder parts them.
fn outermost(folders: &[String], shared: &[SharedFolder]) -> Result<Vec<String>, Failure> {
    let mut kept: Vec<String> = Vec::new();
    let mut sorted: Vec<&String> = folders.iter().collect();
    sorted.sort_by_key(|path| path.len());
    for path in sorted {
        let own = parts(path)?;
        let mut covered = false;
        for outer in &kept {
            let outer = parts(outer)?;
            let mut parted = false;
            for between in shared {
                let between = parts(&between.guest_path)?;
                parted |= is_within(&own, &between) && !is_within(&outer, &between);
            }
            covered |= is_within(&own, &outer) && !parted;
        }
        if !covered {
            kept.push(path.clone());
        }
    }
    Ok(kept)
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

/// Adds up files and folders; more entries than allowed are a failure. A file that vanishes meanwhile has no length.
fn add_up(mut folders: Vec<PathBuf>, entries_max: usize) -> Result<Held, Failure> {
    let mut held = Held::default();
    while let Some(folder) = folders.pop() {
        let Ok(listing) = fs::read_dir(&folder) else { continue };
        for entry in listing.flatten() {
            held.entries += 1;
            if held.entries > entries_max {
                let message = format!("the command made more than {ENTRIES_MAX} files in its folders");
                return Err(Failure::new(Code::OutputLimit, message).with_hint("let it write fewer, larger files"));
            }
            let Ok(about) = entry.metadata() else { continue };
            if about.is_dir() {
                folders.push(entry.path());
            } else {
                held.bytes = held.bytes.saturating_add(about.len());
            }
        }
    }
    Ok(held)
}
