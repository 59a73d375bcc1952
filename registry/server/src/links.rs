//! Which blobs, manifests and tags each repository has: small files, each written whole or not at all.
//! Never holds content: a link says that this repository may serve these bytes of the blobs.
//!
//! ```text
//! repositories/<name>/_blobs/sha256-<hex>                     empty
//! repositories/<name>/_manifests/sha256-<hex>                 {"mediaType": …}
//! repositories/<name>/_tags/<tag>                             sha256:<hex>
//! repositories/<name>/_referrers/sha256-<subject>/sha256-<hex>  descriptor
//! ```
//! A repository's name has no part that begins with an underscore, so names and links never meet.

mod age;
mod survey;
#[cfg(test)]
mod tests;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use registry_cas::durable;
use registry_oci::{Descriptor, Digest, canonical_json, is_tag};
use serde::{Deserialize, Serialize};

use crate::route::Repository;

/// The folder of all links. Cloning shares it.
#[derive(Clone)]
pub(crate) struct Links {
    root: Arc<Path>,
}

/// What is remembered of a manifest besides its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ManifestLink {
    /// As it was pushed; a manifest need not say it of itself.
    pub(crate) media_type: String,
    /// The manifest that it refers to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<Digest>,
}

impl Links {
    /// Opens the folder, which is created where it is missing. Blocks.
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        let root = folder.join("repositories");
        durable::create_folders(&root)?;
        Ok(Self { root: root.into() })
    }

    /// Runs one piece of file work where blocking is allowed.
    pub(crate) async fn run<T, F>(&self, work: F) -> io::Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Self) -> io::Result<T> + Send + 'static,
    {
        let links = self.clone();
        tokio::task::spawn_blocking(move || work(&links)).await.unwrap_or_else(|stopped| Err(io::Error::other(stopped)))
    }

    /// The link is young afterwards, whether it was there before or not.
    pub(crate) fn add_blob(&self, repository: &Repository, digest: &Digest, grace: Duration) -> io::Result<()> {
        durable::create_empty_file(&self.blob_path(repository, digest))?;
        self.promise_blob(repository, digest, grace).map(drop)
    }

    pub(crate) fn has_blob(&self, repository: &Repository, digest: &Digest) -> io::Result<bool> {
        self.blob_path(repository, digest).try_exists()
    }

    /// Returns whether there was such a blob.
    pub(crate) fn remove_blob(&self, repository: &Repository, digest: &Digest) -> io::Result<bool> {
        remove(&self.blob_path(repository, digest))
    }

    /// The manifest's bytes must be in the blobs already.
    pub(crate) fn add_manifest(
        &self,
        repository: &Repository,
        descriptor: &Descriptor,
        subject: Option<&Digest>,
        tags: &[String],
    ) -> io::Result<()> {
        let link = ManifestLink { media_type: descriptor.media_type.clone(), subject: subject.cloned() };
        put(&self.manifest_path(repository, &descriptor.digest), &canonical_json(&link))?;
        if let Some(subject) = subject {
            put(&self.referrer_path(repository, subject, &descriptor.digest), &canonical_json(descriptor))?;
        }
        // Last, so that a tag never leads to a manifest that is not there.
        for tag in tags {
            put(&self.tag_path(repository, tag), descriptor.digest.to_string().as_bytes())?;
        }
        Ok(())
    }

    pub(crate) fn manifest(&self, repository: &Repository, digest: &Digest) -> io::Result<Option<ManifestLink>> {
        match read(&self.manifest_path(repository, digest))? {
            Some(text) => Ok(Some(serde_json::from_slice(&text)?)),
            None => Ok(None),
        }
    }

    /// Returns whether there was such a manifest. Tags that lead to it go first.
    pub(crate) fn remove_manifest(&self, repository: &Repository, digest: &Digest) -> io::Result<bool> {
        let Some(link) = self.manifest(repository, digest)? else { return Ok(false) };
        for tag in self.tags(repository)?.unwrap_or_default() {
            if self.tag(repository, &tag)?.as_ref() == Some(digest) {
                self.remove_tag(repository, &tag)?;
            }
        }
        if let Some(subject) = &link.subject {
            durable::remove_file(&self.referrer_path(repository, subject, digest))?;
        }
        remove(&self.manifest_path(repository, digest))
    }

    pub(crate) fn tag(&self, repository: &Repository, tag: &str) -> io::Result<Option<Digest>> {
        let Some(text) = read(&self.tag_path(repository, tag))? else { return Ok(None) };
        let text = String::from_utf8(text).map_err(invalid)?;
        text.trim().parse().map(Some).map_err(invalid)
    }

    /// Returns whether there was such a tag.
    pub(crate) fn remove_tag(&self, repository: &Repository, tag: &str) -> io::Result<bool> {
        remove(&self.tag_path(repository, tag))
    }

    /// All tags, sorted by their bytes; none where there is no such repository.
    pub(crate) fn tags(&self, repository: &Repository) -> io::Result<Option<Vec<String>>> {
        if !self.folder(repository).join("_manifests").try_exists()? {
            return Ok(None);
        }
        let mut tags = names(&self.folder(repository).join("_tags"))?;
        // A file that a crash left unrenamed begins with a dot, as no tag does.
        tags.retain(|name| is_tag(name));
        tags.sort_unstable();
        Ok(Some(tags))
    }

    /// Descriptors of the manifests that refer to this one, which need not exist; sorted by digest.
    pub(crate) fn referrers(&self, repository: &Repository, subject: &Digest) -> io::Result<Vec<Descriptor>> {
        let folder = self.folder(repository).join("_referrers").join(file_name(subject));
        let mut descriptors = Vec::new();
        for name in names(&folder)? {
            if !name.starts_with('.')
                && let Some(text) = read(&folder.join(name))?
            {
                descriptors.push(serde_json::from_slice::<Descriptor>(&text)?);
            }
        }
        descriptors.sort_unstable_by(|one, other| one.digest.cmp(&other.digest));
        Ok(descriptors)
    }

    fn folder(&self, repository: &Repository) -> PathBuf {
        self.root.join(repository.as_str())
    }

    fn blob_path(&self, repository: &Repository, digest: &Digest) -> PathBuf {
        self.folder(repository).join("_blobs").join(file_name(digest))
    }

    fn manifest_path(&self, repository: &Repository, digest: &Digest) -> PathBuf {
        self.folder(repository).join("_manifests").join(file_name(digest))
    }

    fn tag_path(&self, repository: &Repository, tag: &str) -> PathBuf {
        self.folder(repository).join("_tags").join(tag)
    }

    fn referrer_path(&self, repository: &Repository, subject: &Digest, digest: &Digest) -> PathBuf {
        self.folder(repository).join("_referrers").join(file_name(subject)).join(file_name(digest))
    }
}

/// Without a colon, which some file systems do not allow.
fn file_name(digest: &Digest) -> String {
    format!("{}-{}", digest.algorithm().name(), digest.hex())
}

fn put(path: &Path, content: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        durable::create_folders(folder)?;
    }
    durable::write_file(path, content)
}

fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn remove(path: &Path) -> io::Result<bool> {
    let existed = path.try_exists()?;
    durable::remove_file(path)?;
    Ok(existed)
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    match fs::read_dir(folder) {
        Ok(entries) => {
            entries.filter_map(|entry| entry.map(|entry| entry.file_name().into_string().ok()).transpose()).collect()
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
