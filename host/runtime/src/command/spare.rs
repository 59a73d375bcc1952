//! Empty folders that commands no longer need, for the next ones: a call takes about fifteen.
//! Never keeps one of a guest that did not end by itself, and never more than a name and a time of it.
//!
//! Some file systems (ext4) look through everything that was deleted within the last minutes whenever something is
//! made, so that deleting and making folders costs more with every step. Moving them costs always the same.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

/// Folders that are kept; further ones are deleted.
const FOLDERS_MAX: usize = 4096;
/// A larger folder had so many entries once that it is slow to read even when it is empty.
const FOLDER_BYTES_MAX: u64 = 4096;

/// Empty folders, kept in one.
pub(crate) struct SpareFolders {
    folder: PathBuf,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    free: Vec<PathBuf>,
    /// How many were ever kept: the next one's name.
    named: u64,
}

impl SpareFolders {
    /// Keeps folders in `folder`, which is made and has to be on the file system where they are needed.
    pub(crate) fn open(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir(&folder)?;
        Ok(Self { folder, kept: Mutex::default() })
    }

    /// Makes a folder and those above it that are missing.
    pub(crate) fn make_all(&self, path: &Path) -> io::Result<()> {
        let missing: Vec<&Path> = path.ancestors().take_while(|folder| !folder.is_dir()).collect();
        missing.into_iter().rev().try_for_each(|folder| self.make(folder))
    }

    /// Deletes all files below a folder, and keeps it and the folders in it.
    pub(crate) fn take_back(&self, folder: PathBuf) -> io::Result<()> {
        let mut folders = vec![folder];
        let mut next = 0;
        while let Some(folder) = folders.get(next).cloned() {
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                // A link to a folder is no folder, and goes like a file.
                if entry.file_type()?.is_dir() { folders.push(entry.path()) } else { fs::remove_file(entry.path())? }
            }
            next += 1;
        }
        folders.iter().rev().try_for_each(|folder| self.keep(folder))
    }

    fn make(&self, path: &Path) -> io::Result<()> {
        let free = self.lock().free.pop();
        match free.map(|free| fs::rename(free, path)) {
            Some(Ok(())) => Ok(()),
            // What was kept has gone, or cannot come here: a new one is as good.
            Some(Err(_)) | None => fs::create_dir(path),
        }
    }

    fn keep(&self, folder: &Path) -> io::Result<()> {
        let handle = fs::File::open(folder)?;
        if handle.metadata()?.len() > FOLDER_BYTES_MAX || self.lock().free.len() >= FOLDERS_MAX {
            return fs::remove_dir(folder);
        }
        // The guest may have chosen its times, and nothing of it is to reach the next one.
        let epoch = SystemTime::UNIX_EPOCH;
        handle.set_times(fs::FileTimes::new().set_accessed(epoch).set_modified(epoch))?;
        let free = {
            let mut kept = self.lock();
            kept.named += 1;
            self.folder.join(kept.named.to_string())
        };
        fs::rename(folder, &free)?;
        self.lock().free.push(free);
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // A panic while it was held cannot have left it half changed: each change is one call.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
