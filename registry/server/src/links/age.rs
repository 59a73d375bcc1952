//! How old links are, by the times of their files.
//! Never used for anything but the grace period of the garbage collection.

use std::fs::{self, File, FileTimes, Metadata};
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use registry_oci::Digest;

use super::Links;
use crate::route::Repository;

impl Links {
    /// Time since the blob was linked or last promised; none where it is not linked.
    pub(crate) fn blob_age(&self, repository: &Repository, digest: &Digest) -> io::Result<Option<Duration>> {
        age(&self.blob_path(repository, digest))
    }

    /// Time since the manifest was pushed; none where there is none.
    pub(crate) fn manifest_age(&self, repository: &Repository, digest: &Digest) -> io::Result<Option<Duration>> {
        age(&self.manifest_path(repository, digest))
    }

    /// Whether the repository has the blob. The answer is a promise for the grace period: a client that is told so
    /// does not push the blob again before it pushes the manifest that names it.
    pub(crate) fn promise_blob(&self, repository: &Repository, digest: &Digest, grace: Duration) -> io::Result<bool> {
        let path = self.blob_path(repository, digest);
        let Some(metadata) = metadata(&path)? else { return Ok(false) };
        if since(&metadata)? <= grace / 2 {
            return Ok(true);
        }
        let renewed =
            File::open(&path).and_then(|file| file.set_times(FileTimes::new().set_modified(SystemTime::now())));
        match renewed {
            Ok(()) => Ok(true),
            // Collected between the two looks.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }
}

fn age(path: &Path) -> io::Result<Option<Duration>> {
    metadata(path)?.as_ref().map(since).transpose()
}

fn metadata(path: &Path) -> io::Result<Option<Metadata>> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn since(metadata: &Metadata) -> io::Result<Duration> {
    // A file from the future, after the clock was set back, is young.
    Ok(SystemTime::now().duration_since(metadata.modified()?).unwrap_or_default())
}
