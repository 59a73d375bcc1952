//! Looking over many links at once, for mounts and for the garbage collection.
//! Never changes any.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::Path;

use registry_oci::Digest;

use super::{Links, names};
use crate::route::Repository;

impl Links {
    /// All repositories, sorted by name.
    pub(crate) fn repositories(&self) -> io::Result<Vec<Repository>> {
        let mut found = Vec::new();
        walk(&self.root, "", &mut found)?;
        found.sort_unstable_by(|one, other| one.as_str().cmp(other.as_str()));
        Ok(found)
    }

    /// The blobs of a repository, in no order.
    pub(crate) fn blobs(&self, repository: &Repository) -> io::Result<Vec<Digest>> {
        digests(&self.folder(repository).join("_blobs"))
    }

    /// The manifests of a repository, in no order.
    pub(crate) fn manifests(&self, repository: &Repository) -> io::Result<Vec<Digest>> {
        digests(&self.folder(repository).join("_manifests"))
    }

    /// Whatever some repository has, as a blob or as a manifest.
    pub(crate) fn all_digests(&self) -> io::Result<HashSet<Digest>> {
        let mut all = HashSet::new();
        for repository in self.repositories()? {
            all.extend(self.blobs(&repository)?);
            all.extend(self.manifests(&repository)?);
        }
        Ok(all)
    }
}

fn walk(folder: &Path, name: &str, found: &mut Vec<Repository>) -> io::Result<()> {
    for part in names(folder)? {
        if part.starts_with(['_', '.']) {
            continue;
        }
        let name = if name.is_empty() { part.clone() } else { format!("{name}/{part}") };
        // Whatever else somebody put there is no repository.
        let Ok(repository) = Repository::parse(&name) else { continue };
        let inner = folder.join(&part);
        if fs::metadata(&inner)?.is_dir() {
            found.push(repository);
            walk(&inner, &name, found)?;
        }
    }
    Ok(())
}

fn digests(folder: &Path) -> io::Result<Vec<Digest>> {
    let parse = |name: String| name.replacen('-', ":", 1).parse::<Digest>().ok();
    Ok(names(folder)?.into_iter().filter_map(parse).collect())
}
