//! Folders that the steps of one run share: made when a step first needs one, deleted when the run is over.
//! Never outlives its run for long: what a crash left behind goes at the next start.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use host_base::{Code, Failure, RunId};

/// The folder of one node's workspaces.
pub(crate) struct Workspaces {
    folder: PathBuf,
}

impl Workspaces {
    pub(crate) fn under(data_folder: &Path) -> Self {
        Self { folder: data_folder.join("workspaces") }
    }

    /// A run's workspace, made now where it is not there yet.
    pub(crate) async fn of(&self, run: &RunId) -> Result<PathBuf, Failure> {
        let folder = self.folder.join(run.to_string());
        tokio::fs::create_dir_all(&folder).await.map_err(|error| {
            Failure::new(Code::StorageFailed, format!("the run's workspace cannot be made: {error}"))
                .with_hint("check the disk that the data folder is on")
                .retryable()
        })?;
        Ok(folder)
    }

    /// Deletes the workspace of a run that is over.
    pub(crate) async fn remove(&self, run: &RunId) {
        remove(&self.folder.join(run.to_string())).await;
    }

    /// Deletes all but those of these runs.
    pub(crate) async fn keep_only(&self, runs: &[RunId]) {
        let kept: BTreeSet<String> = runs.iter().map(ToString::to_string).collect();
        let Ok(mut listing) = tokio::fs::read_dir(&self.folder).await else { return };
        while let Ok(Some(entry)) = listing.next_entry().await {
            if !kept.contains(&*entry.file_name().to_string_lossy()) {
                remove(&entry.path()).await;
            }
        }
    }
}

async fn remove(folder: &Path) {
    match tokio::fs::remove_dir_all(folder).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            tracing::warn!(folder = %folder.display(), %error, "a workspace could not be deleted; the next start deletes it");
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
