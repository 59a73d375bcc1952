//! The folder in which a node keeps everything, held by one process at a time.
//! Never deletes anything but its own scratch.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use host_base::{Code, Failure};

/// An opened data folder. The lock is held until this is dropped.
#[derive(Debug)]
pub struct DataFolder {
    root: PathBuf,
    _lock: File,
}

impl DataFolder {
    /// Creates the folder where missing and takes its lock.
    pub fn open(root: &Path) -> Result<Self, Failure> {
        fs::create_dir_all(root).map_err(|error| storage(root, &error))?;
        let path = root.join("node.lock");
        let lock = File::options().create(true).truncate(false).write(true).open(&path);
        let lock = lock.map_err(|error| storage(&path, &error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { root: root.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => {
                let message = format!("another sandmill process works in the data folder {}", root.display());
                Err(Failure::new(Code::Conflict, message)
                    .with_hint("stop that one, or choose another folder with --data DIR"))
            }
            Err(TryLockError::Error(error)) => Err(storage(&path, &error)),
        }
    }

    /// History and views.
    #[must_use]
    pub fn ledger(&self) -> PathBuf {
        self.root.join("ledger")
    }

    /// Artifacts and components by digest.
    #[must_use]
    pub fn blobs(&self) -> PathBuf {
        self.root.join("blobs")
    }

    /// Copies of components from other registries; can be deleted at any time.
    #[must_use]
    pub fn content(&self) -> PathBuf {
        self.root.join("content")
    }

    /// The registry's repositories and tags; its content is among the blobs.
    #[must_use]
    pub fn registry(&self) -> PathBuf {
        self.root.join("registry")
    }

    /// What is kept where, by the names that it is shown under.
    #[must_use]
    pub fn places(&self) -> Vec<(&'static str, PathBuf)> {
        vec![
            ("ledger", self.ledger()),
            ("blobs", self.blobs()),
            ("registry", self.registry()),
            ("copies", self.content()),
            ("code", self.root.join("code")),
        ]
    }

    /// The folder itself, under which the sandbox keeps `code` (compiled, can be deleted at any time)
    /// and `scratch` (files of attempts under way), unpacked packages of Python lie in `packages`, `secrets` and
    /// `config-maps` are what users set, and `workspaces` are folders of runs under way.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }
}

fn storage(path: &Path, error: &io::Error) -> Failure {
    let code = if error.kind() == io::ErrorKind::StorageFull { Code::StorageFull } else { Code::StorageFailed };
    Failure::new(code, format!("{} cannot be opened: {error}", path.display()))
        .with_hint("check the folder's permissions and free space, or choose another with --data DIR")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]
    use super::*;

    #[test]
    fn one_process_at_a_time() {
        let home = tempfile::tempdir().unwrap();
        let first = DataFolder::open(home.path()).unwrap();
        let refusal = DataFolder::open(home.path()).unwrap_err();
        assert_eq!(refusal.code, Code::Conflict);
        assert!(refusal.message.contains(&home.path().display().to_string()), "{refusal}");
        drop(first);
        assert!(DataFolder::open(home.path()).is_ok());
    }

    #[test]
    fn a_file_in_the_way_is_named() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("file");
        fs::write(&path, "in the way").unwrap();
        let refusal = DataFolder::open(&path).unwrap_err();
        assert_eq!(refusal.code, Code::StorageFailed);
        assert!(refusal.message.contains("file"), "{refusal}");
    }
}
