//! Garbage: blobs that no manifest names, manifests that no tag leads to, bytes that no repository has.
//! Never takes what is younger than the grace period, nor what a push relies on while the collection goes on.

mod reach;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::io;
use std::time::Duration;

use registry_cas::{BlobError, read_all};
use registry_oci::{Descriptor, Digest, MANIFEST_BYTES_MAX, Manifest};
use thiserror::Error;

use self::reach::Reach;
use crate::route::Repository;
use crate::server::Shared;

/// Deleted while pushes wait; a push waits no longer than this many deletions take.
const SWEPT_AT_ONCE_MAX: usize = 32;

/// When and what is collected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GarbageConfig {
    /// Time between two collections; none never collects by itself.
    pub every_minutes: Option<u32>,
    /// What is younger stays: a client may still be about to push the manifest that names it.
    pub grace_minutes: u32,
    /// Whether manifests go that no tag leads to, neither directly nor through an index or a subject.
    pub untagged: Untagged,
    /// The bytes are the registry's alone. Where other rooms use them as well, only links are collected.
    pub owns_blobs: bool,
}

impl Default for GarbageConfig {
    fn default() -> Self {
        Self { every_minutes: None, grace_minutes: 60, untagged: Untagged::Keep, owns_blobs: false }
    }
}

/// What becomes of manifests without a tag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Untagged {
    /// They stay until they are deleted: people deploy by digest.
    #[default]
    Keep,
    /// They go once they are older than the grace period.
    Delete,
}

/// What a collection took away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Collected {
    /// Manifests taken from their repositories.
    pub manifests: u64,
    /// Blobs taken from their repositories.
    pub links: u64,
    /// Blobs deleted altogether.
    pub blobs: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Uploads given up, since nobody touched them for too long.
    pub uploads: u64,
}

/// Why a collection ended early. What was taken until then was garbage.
#[derive(Debug, Error)]
pub enum GarbageError {
    /// Names could not be read or removed.
    #[error("the registry's names cannot be read: {0}")]
    Names(#[from] io::Error),
    /// Blobs could not be listed or deleted.
    #[error(transparent)]
    Blobs(#[from] BlobError),
}

impl Shared {
    /// One collection. At most one goes on at a time.
    pub(crate) async fn collect_garbage(&self) -> Result<Collected, GarbageError> {
        let _turn = self.collecting.lock().await;
        let mut collected = Collected { uploads: self.uploads.expire(&self.config), ..Collected::default() };
        self.gate.begin().await;
        let result = self.collect(&mut collected).await;
        self.gate.end();
        result.map(|()| collected)
    }

    async fn collect(&self, collected: &mut Collected) -> Result<(), GarbageError> {
        for repository in self.links.run(crate::links::Links::repositories).await? {
            self.collect_in(&repository, collected).await?;
        }
        if self.config.garbage.owns_blobs {
            self.sweep_blobs(collected).await?;
        }
        Ok(())
    }

    /// Takes from one repository what nothing in it needs.
    async fn collect_in(&self, repository: &Repository, collected: &mut Collected) -> Result<(), GarbageError> {
        let Some(mut reach) = self.reach(repository).await? else { return Ok(()) };
        if self.config.garbage.untagged == Untagged::Delete {
            for digests in reach.unreached_manifests().chunks(SWEPT_AT_ONCE_MAX) {
                let removed = self.remove_manifests(repository, digests).await?;
                collected.manifests += removed.len() as u64;
                reach.forget(&removed);
            }
        }
        let name = repository.clone();
        let links = self.links.run(move |links| links.blobs(&name)).await?;
        // By what is there still: a manifest that was spared keeps its blobs.
        let named = reach.named();
        let unnamed: Vec<Digest> = links.into_iter().filter(|digest| !named.contains(digest)).collect();
        for digests in unnamed.chunks(SWEPT_AT_ONCE_MAX) {
            collected.links += self.remove_links(repository, digests).await?;
        }
        Ok(())
    }

    /// Takes those manifests that are old, and gives those that it took.
    async fn remove_manifests(&self, repository: &Repository, digests: &[Digest]) -> io::Result<Vec<Digest>> {
        let _alone = self.gate.alone().await;
        let (digests, grace, name) = (self.spared(digests), self.grace(), repository.clone());
        let removing = self.links.run(move |links| {
            let mut removed = Vec::new();
            for digest in digests {
                let is_old = links.manifest_age(&name, &digest)?.is_some_and(|age| age >= grace);
                if is_old && links.remove_manifest(&name, &digest)? {
                    removed.push(digest);
                }
            }
            Ok(removed)
        });
        removing.await
    }

    /// Takes those blobs from a repository that are old, and says how many those were.
    async fn remove_links(&self, repository: &Repository, digests: &[Digest]) -> io::Result<u64> {
        let _alone = self.gate.alone().await;
        let (digests, grace, name) = (self.spared(digests), self.grace(), repository.clone());
        let removing = self.links.run(move |links| {
            let mut removed = 0;
            for digest in digests {
                let is_old = links.blob_age(&name, &digest)?.is_some_and(|age| age >= grace);
                if is_old && links.remove_blob(&name, &digest)? {
                    removed += 1;
                }
            }
            Ok(removed)
        });
        removing.await
    }

    /// What a repository's manifests and tags lead to; none where a manifest cannot be read, and all is kept then.
    async fn reach(&self, repository: &Repository) -> io::Result<Option<Reach>> {
        let name = repository.clone();
        let (manifests, tagged) = self
            .links
            .run(move |links| {
                let mut tagged = Vec::new();
                for tag in links.tags(&name)?.unwrap_or_default() {
                    tagged.extend(links.tag(&name, &tag)?);
                }
                Ok((links.manifests(&name)?, tagged))
            })
            .await?;
        let mut reach = Reach::default();
        for digest in manifests {
            let bytes = match read_all(&*self.blobs, &digest, MANIFEST_BYTES_MAX as u64).await {
                Ok(bytes) => bytes,
                Err(error) => {
                    tracing::warn!(%error, %repository, %digest, "a manifest cannot be read; its repository is spared");
                    return Ok(None);
                }
            };
            let name = repository.clone();
            let wanted = digest.clone();
            let Some(link) = self.links.run(move |links| links.manifest(&name, &wanted)).await? else { continue };
            match Manifest::parse(&bytes, Some(&link.media_type)) {
                Ok(manifest) => reach.add(digest, &manifest),
                Err(error) => {
                    tracing::warn!(%error, %repository, %digest, "a manifest is damaged; its repository is spared");
                    return Ok(None);
                }
            }
        }
        reach.follow(tagged);
        Ok(Some(reach))
    }

    /// Deletes the bytes that no repository has.
    async fn sweep_blobs(&self, collected: &mut Collected) -> Result<(), GarbageError> {
        // Listed first: what is added behind this line is not in the list and cannot be taken.
        let all = self.blobs.list().await?;
        let linked: HashSet<Digest> = self.links.run(crate::links::Links::all_digests).await?;
        let unlinked: Vec<Digest> = all.into_iter().filter(|digest| !linked.contains(digest)).collect();
        for digests in unlinked.chunks(SWEPT_AT_ONCE_MAX) {
            let _alone = self.gate.alone().await;
            for digest in self.spared(digests) {
                let size_bytes = self.blobs.size_bytes(&digest).await?.unwrap_or_default();
                self.blobs.delete(&digest).await?;
                collected.blobs += 1;
                collected.bytes += size_bytes;
            }
        }
        Ok(())
    }

    pub(crate) fn grace(&self) -> Duration {
        Duration::from_secs(u64::from(self.config.garbage.grace_minutes) * 60)
    }

    /// Without those that a push relies on.
    fn spared(&self, digests: &[Digest]) -> Vec<Digest> {
        digests.iter().filter(|digest| !self.gate.is_relied_on(digest)).cloned().collect()
    }
}

/// Everything that a manifest needs in its repository: blobs, and the manifests of an index.
pub(crate) fn named_by(manifest: &Manifest) -> Vec<&Descriptor> {
    match manifest {
        Manifest::Image(image) => image.layers.iter().chain([&image.config]).collect(),
        Manifest::Index(index) => index.manifests.iter().collect(),
    }
}
