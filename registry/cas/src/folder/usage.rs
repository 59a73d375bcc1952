//! When which blob was used last, as the file system tells it to all who share the folder.
//! Never more than a hint: whoever deletes by it must be ready for a blob that is just being read.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::time::SystemTime;

use registry_oci::Digest;

use super::{FolderBlobs, Folders, blocking};
use crate::BlobError;

/// A blob, its size, and when it was used.
pub(crate) struct Usage {
    pub(crate) digest: Digest,
    pub(crate) size_bytes: u64,
    pub(crate) used_at: SystemTime,
}

impl FolderBlobs {
    /// All blobs with their last use.
    pub(crate) async fn usage(&self) -> Result<Vec<Usage>, BlobError> {
        let folders = self.folders.clone();
        blocking(format!("listing {}", folders.root.display()), move || usage(&folders)).await
    }

    /// Notes that a blob was used. One that is gone is no error.
    pub(crate) async fn touch(&self, digest: &Digest) -> Result<(), BlobError> {
        let path = self.folders.path_of(digest);
        blocking(format!("noting the use of {}", path.display()), move || touch(&path)).await
    }
}

fn usage(folders: &Folders) -> io::Result<Vec<Usage>> {
    let mut found = Vec::new();
    for digest in folders.all()? {
        match fs::metadata(folders.path_of(&digest)) {
            Ok(metadata) => found.push(Usage { digest, size_bytes: metadata.len(), used_at: metadata.modified()? }),
            // Another process made room.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

fn touch(path: &Path) -> io::Result<()> {
    match File::options().append(true).open(path).and_then(|file| file.set_modified(SystemTime::now())) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        noted => noted,
    }
}
