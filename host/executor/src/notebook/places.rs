//! Which sessions there are: at work, paused, and about to begin.
//! Never lets two that begin at once have the same last place.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use host_base::Failure;
use host_notebook::{SessionLimits, SessionsThere};

use super::paused::PausedSession;
use super::session::{Lasting, SessionHandle};

/// The sessions of this process.
#[derive(Default)]
pub(crate) struct Places(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    open: BTreeMap<String, SessionHandle>,
    paused: BTreeMap<String, (Arc<PausedSession>, Option<Lasting>)>,
    /// The users of sessions that are about to begin.
    beginning: Vec<String>,
}

/// A place that is kept free for a session until this is dropped.
pub(super) struct Place<'places> {
    places: &'places Places,
    user: String,
}

impl Places {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        // Each change is one call, so that a panic cannot have left the maps half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a place for a session of this user; one that is resumed has been counted among the user's already.
    pub(super) fn take(&self, limits: &SessionLimits, user: &str, resumes: bool) -> Result<Place<'_>, Failure> {
        let mut inner = self.inner();
        let open = inner.open.len() + inner.beginning.len();
        let at_work = inner.open.values().filter(|session| session.user() == user).count();
        let paused = inner.paused.values().filter(|(session, _)| session.user == user).count();
        let beginning = inner.beginning.iter().filter(|of| *of == user).count();
        let of_user = (at_work + paused + beginning).saturating_sub(usize::from(resumes));
        limits.admit(user, SessionsThere { open, of_user })?;
        inner.beginning.push(user.to_owned());
        Ok(Place { places: self, user: user.to_owned() })
    }

    pub(super) fn open(&self) -> Vec<SessionHandle> {
        self.inner().open.values().cloned().collect()
    }

    pub(super) fn get(&self, id: &str) -> Option<SessionHandle> {
        self.inner().open.get(id).cloned()
    }

    pub(super) fn remove(&self, id: &str) {
        self.inner().open.remove(id);
    }

    pub(super) fn paused(&self) -> Vec<Arc<PausedSession>> {
        self.inner().paused.values().map(|(session, _)| session.clone()).collect()
    }

    pub(super) fn get_paused(&self, id: &str) -> Option<Arc<PausedSession>> {
        self.inner().paused.get(id).map(|(session, _)| session.clone())
    }

    /// What of one that is paused outlasts that.
    pub(super) fn lasting(&self, id: &str) -> Option<Lasting> {
        self.inner().paused.get(id)?.1.clone()
    }

    pub(super) fn remove_paused(&self, id: &str) -> Option<(Arc<PausedSession>, Option<Lasting>)> {
        self.inner().paused.remove(id)
    }

    /// A session that is at work no longer, and whose state is on the disk.
    pub(super) fn keep_paused(&self, session: PausedSession, lasting: Option<Lasting>) {
        let mut inner = self.inner();
        inner.open.remove(&session.id);
        inner.paused.insert(session.id.clone(), (Arc::new(session), lasting));
    }
}

impl Place<'_> {
    /// Puts the session there; it is paused no longer.
    pub(super) fn fill(self, handle: SessionHandle) {
        let mut inner = self.places.inner();
        inner.paused.remove(handle.id());
        inner.open.insert(handle.id().to_owned(), handle);
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut inner = self.places.inner();
        if let Some(at) = inner.beginning.iter().position(|user| *user == self.user) {
            inner.beginning.swap_remove(at);
        }
    }
}
