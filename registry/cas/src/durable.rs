//! Small files and folders that survive a power cut: whole, or not at all.
//! Never async: callers run it where blocking is allowed.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// Puts a file in place of whatever was there. Its folder must exist.
///
/// # Errors
/// As the file system says; the old file is then untouched.
pub fn write_file(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = parent(path)?;
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|failed| failed.error)?;
    sync_folder(folder)
}

/// Creates a file of no bytes, and the folders above it as far as they are missing. One that is there stays as it is.
/// Having nothing to be half written, it needs no other name first.
///
/// # Errors
/// As the file system says.
pub fn create_empty_file(path: &Path) -> io::Result<()> {
    let folder = parent(path)?;
    let created = match File::create_new(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            create_folders(folder)?;
            File::create_new(path)
        }
        created => created,
    };
    match created {
        // Whoever created it first may still be about to sync the folder, and this caller relies on it too.
        Ok(_) => sync_folder(folder),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => sync_folder(folder),
        Err(error) => Err(error),
    }
}

/// Removes a file. One that is not there is no error.
///
/// # Errors
/// As the file system says.
pub fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Ok(()) => sync_folder(parent(path)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Creates a folder and those above it, as far as they are missing.
///
/// # Errors
/// As the file system says.
pub fn create_folders(path: &Path) -> io::Result<()> {
    match fs::create_dir(path) {
        Ok(()) => sync_folder(parent(path)?),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            create_folders(parent(path)?)?;
            create_folders(path)
        }
        Err(error) => Err(error),
    }
}

/// Makes what was created, renamed or removed in a folder survive a power cut.
///
/// # Errors
/// As the file system says.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

fn parent(path: &Path) -> io::Result<&Path> {
    match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Ok(Path::new(".")),
        Some(parent) => Ok(parent),
        None => Err(io::Error::new(io::ErrorKind::InvalidInput, "the path has no folder above it")),
    }
}
