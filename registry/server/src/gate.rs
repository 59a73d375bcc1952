//! Lets pushes and the collection of garbage go on at the same time.
//! Never held while bytes are on their way: only from the moment a blob is checked until its link is there.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use registry_oci::Digest;
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Pushes pass it together, the collection alone. While a collection goes on, what passing pushes rely on is written
/// down, and the collection spares it: a push never names something that was swept between its check and its link.
#[derive(Default)]
pub(crate) struct Gate {
    lock: RwLock<()>,
    relied_on: Mutex<Option<HashSet<Digest>>>,
}

impl Gate {
    /// For a push that relies on these digests until the guard goes.
    pub(crate) async fn pass<'a>(&self, digests: impl IntoIterator<Item = &'a Digest>) -> RwLockReadGuard<'_, ()> {
        let guard = self.lock.read().await;
        if let Some(relied_on) = &mut *self.relied_on() {
            relied_on.extend(digests.into_iter().cloned());
        }
        guard
    }

    /// From here on digests are written down. All pushes that passed before are complete.
    pub(super) async fn begin(&self) {
        let _alone = self.lock.write().await;
        *self.relied_on() = Some(HashSet::new());
    }

    /// For the collection, to sweep a few things while no push relies on any of them.
    pub(super) async fn alone(&self) -> RwLockWriteGuard<'_, ()> {
        self.lock.write().await
    }

    /// Whether a push relied on this since the collection began.
    pub(super) fn is_relied_on(&self, digest: &Digest) -> bool {
        self.relied_on().as_ref().is_some_and(|relied_on| relied_on.contains(digest))
    }

    pub(super) fn end(&self) {
        *self.relied_on() = None;
    }

    fn relied_on(&self) -> MutexGuard<'_, Option<HashSet<Digest>>> {
        // Each change is one call on the set, so a panic elsewhere left nothing half done.
        self.relied_on.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
