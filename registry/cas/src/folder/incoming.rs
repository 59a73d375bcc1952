//! Where blobs in the making lie: one folder for each opening, held by a file lock as long as it is in use.
//! Never touches what a living process is writing.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::durable;

const LOCK: &str = "lock";

/// This opening's folder for unfinished blobs; it goes with the last handle.
pub(super) struct Incoming {
    folder: PathBuf,
    /// Locked as long as it is open; the system lets go of it even where the process is killed.
    _lock: File,
}

impl Incoming {
    pub(super) fn open(parent: &Path) -> io::Result<Self> {
        durable::create_folders(parent)?;
        // Openings take turns, so that nobody clears away a folder between its creation and its lock.
        let turn = File::create(parent.join(LOCK))?;
        turn.lock()?;
        clear_abandoned(parent)?;
        let folder = tempfile::Builder::new().prefix("open-").tempdir_in(parent)?.keep();
        let lock = File::create(folder.join(LOCK))?;
        lock.lock()?;
        Ok(Self { folder, _lock: lock })
    }

    pub(super) fn file(&self) -> io::Result<NamedTempFile> {
        NamedTempFile::new_in(&self.folder)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // Where this fails, the next opening clears it away.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn clear_abandoned(parent: &Path) -> io::Result<()> {
    for folder in fs::read_dir(parent)? {
        let folder = folder?.path();
        if !folder.is_dir() {
            continue;
        }
        let in_use = match File::open(folder.join(LOCK)) {
            Ok(lock) => matches!(lock.try_lock(), Err(TryLockError::WouldBlock)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(error),
        };
        if !in_use {
            fs::remove_dir_all(&folder)?;
        }
    }
    Ok(())
}
