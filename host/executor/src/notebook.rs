//! Sessions of notebooks: which there are, and how one is begun, paused, resumed and ended.
//! Never runs a cell; each session's task does.

mod coalesce;
mod endpoint;
mod outlet;
mod paused;
mod places;
mod rate;
mod run;
pub(crate) mod session;
mod voice;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use host_base::{Code, Failure, Millis};
use host_cap_platform::Platform;
use host_notebook::{Fate, PlatformAccess, SessionLimits};
use host_pipeline::ComponentId;
use host_runtime::PreparedComponent;
use serde::{Deserialize, Serialize};

use crate::executor::Shared;
use crate::run::attempt;
use crate::{Executor, Policy};
use endpoint::Endpoints;
use places::Places;
use session::{Beginning, Resumed};

pub(crate) use paused::take_up;

pub use endpoint::{EndpointAnswer, EndpointCall};
pub use paused::{LostVariable, PausedSession};
pub use run::{RanNotebook, data_of, metadata_of};
pub use session::{Asked, Cell, Heard, HeardFrom, Reply, SessionHandle, SessionState};

/// How often idle sessions are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Makes the platform that a session of this access and of this user is lent.
pub type OfferPlatform = Arc<dyn Fn(PlatformAccess, &str) -> Arc<dyn Platform> + Send + Sync>;

/// The sessions of this process. Those that are not paused do not outlive it: their state is a guest's memory.
#[derive(Default)]
pub(crate) struct Notebooks {
    limits: SessionLimits,
    pub(crate) places: Places,
    platform: Mutex<Option<OfferPlatform>>,
    /// Held while a session is resumed: whoever asks for the same one waits, and then finds it.
    resuming: tokio::sync::Mutex<()>,
    endpoints: Endpoints,
}

/// A session to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    /// The reference of a component that is a kernel.
    pub kernel: String,
    /// Whose it is to be.
    pub user: String,
    /// What is chosen about it.
    pub settings: SessionSettings,
    /// What its code may ask of the platform; all that the node lets sessions have where nothing is said.
    pub platform: Option<PlatformAccess>,
}

/// What can be chosen about a session, and stays with it while it is paused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SessionSettings {
    /// What it is called.
    pub name: Option<String>,
    /// Environment variables of its code.
    pub environment: BTreeMap<String, String>,
    /// The memory that its guest may hold; the node's default where nothing is said.
    pub memory_bytes: Option<u64>,
    /// Whether it must be lent a device for tensors, or must not; it is where the node does so if nothing is said.
    pub device: Option<bool>,
}

impl NewSession {
    /// One of which nothing but its kernel and its user is chosen.
    pub fn of(kernel: impl Into<String>, user: impl Into<String>) -> Self {
        Self { kernel: kernel.into(), user: user.into(), settings: SessionSettings::default(), platform: None }
    }
}

impl Notebooks {
    pub(crate) fn new(limits: SessionLimits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// The platform for a user's session of this access; none where it may ask nothing, or nobody answers.
    fn platform(&self, access: PlatformAccess, user: &str, policy: &Policy) -> Option<Arc<dyn Platform>> {
        let offer = self.platform.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        let may_ask = access != PlatformAccess::None || !policy.notebook_http_hosts.is_empty();
        may_ask.then(|| offer(access, user))
    }
}

impl Executor {
    /// Lends sessions the platform from now on; with none, no longer.
    pub fn offer_platform(&self, offer: Option<OfferPlatform>) {
        *self.shared.notebooks.platform.lock().unwrap_or_else(PoisonError::into_inner) = offer;
    }

    /// Begins a session and waits until it can be used.
    ///
    /// # Errors
    /// As for [`Executor::begin_session`]; when its component may not run, or is no kernel.
    pub async fn open_session(&self, new: NewSession) -> Result<SessionHandle, Failure> {
        let handle = self.begin_session(new).await?;
        if let Err(failure) = handle.description().await {
            // Somebody may have ended it already.
            self.close_session(handle.id()).await.ok();
            return Err(failure);
        }
        Ok(handle)
    }

    /// Begins a session. It is there at once; what it is asked waits for its kernel, which may have to be compiled.
    ///
    /// # Errors
    /// When there are too many, or the component is not to be had.
    pub async fn begin_session(&self, new: NewSession) -> Result<SessionHandle, Failure> {
        let shared = &self.shared;
        let NewSession { kernel, user, settings, platform } = new;
        let platform = shared.config.policy.notebook_platform.granted(platform)?;
        shared.config.policy.session_device(settings.device)?;
        let place = shared.notebooks.places.take(&shared.notebooks.limits, &user, false)?;
        let component = shared.components.resolve_one(&kernel, shared.config.trust.of(None)).await?;
        let id = session_id()?;
        let new = Beginning { id, user, settings, kernel, component: component.id, platform, resumed: None };
        let handle = session::begin(shared, new)?;
        place.fill(handle.clone());
        self.watch_sessions();
        Ok(handle)
    }

    /// Writes a session's state down and ends its guest. What could not be written down is told.
    ///
    /// # Errors
    /// When there is none of this id at work, a cell runs, or the kernel or the disk refuses.
    pub async fn pause_session(&self, id: &str) -> Result<Arc<PausedSession>, Failure> {
        if let Some(paused) = self.shared.notebooks.places.get_paused(id) {
            return Ok(paused);
        }
        let handle = self.session(id)?;
        handle.description().await?;
        if handle.activity().busy {
            return Err(Failure::new(Code::Conflict, format!("session `{id}` runs a cell and cannot be paused"))
                .with_hint("wait for it, or interrupt it"));
        }
        // On a task of its own: whoever asked may be gone before the session is.
        let pausing = tokio::spawn(async move { handle.pause(None).await.map(drop) });
        pausing.await.map_err(|error| Failure::new(Code::Internal, format!("pausing broke off: {error}")))??;
        self.shared.notebooks.places.get_paused(id).ok_or_else(|| missing(id))
    }

    /// A session to be used: one that is paused is resumed.
    ///
    /// # Errors
    /// When there is none of this id, there are too many at work, or its state cannot be read.
    pub async fn resume_session(&self, id: &str) -> Result<SessionHandle, Failure> {
        let shared = &self.shared;
        // Who asks for one that is at work does not wait for those that are resumed.
        if shared.notebooks.places.get_paused(id).is_none() {
            return self.session(id);
        }
        let _alone = shared.notebooks.resuming.lock().await;
        let Some(paused) = shared.notebooks.places.get_paused(id) else { return self.session(id) };
        let place = shared.notebooks.places.take(&shared.notebooks.limits, &paused.user, true)?;
        let reference = pinned(&paused.kernel, &paused.manifest);
        let component = shared.components.resolve_one(&reference, shared.config.trust.of(None)).await?;
        let folder = paused::folder_of(shared, id);
        let read = tokio::task::spawn_blocking(move || paused::read(&folder)).await;
        let (session, state) =
            read.map_err(|error| Failure::new(Code::Internal, format!("reading broke off: {error}")))??;
        let lasting = shared.notebooks.places.lasting(id);
        let new = Beginning {
            id: id.to_owned(),
            user: paused.user.clone(),
            settings: paused.settings.clone(),
            kernel: paused.kernel.clone(),
            component: component.id,
            // The node may have been told in between that sessions have less.
            platform: paused.platform.parse::<PlatformAccess>()?.within(shared.config.policy.notebook_platform),
            resumed: Some(Resumed { session, state, lasting }),
        };
        let handle = session::begin(shared, new)?;
        // It stays paused where its state cannot be read.
        handle.description().await?;
        place.fill(handle.clone());
        self.watch_sessions();
        Ok(handle)
    }

    /// The sessions at work, by id.
    #[must_use]
    pub fn sessions(&self) -> Vec<SessionHandle> {
        self.shared.notebooks.places.open()
    }

    /// Those that are paused, by id.
    #[must_use]
    pub fn paused_sessions(&self) -> Vec<Arc<PausedSession>> {
        self.shared.notebooks.places.paused()
    }

    /// One that is paused.
    #[must_use]
    pub fn paused_session(&self, id: &str) -> Option<Arc<PausedSession>> {
        self.shared.notebooks.places.get_paused(id)
    }

    /// One of those at work.
    ///
    /// # Errors
    /// When there is none of this id.
    pub fn session(&self, id: &str) -> Result<SessionHandle, Failure> {
        self.shared.notebooks.places.get(id).ok_or_else(|| missing(id))
    }

    /// Whose a session is, at work or paused; nobody's where there is none of this id.
    #[must_use]
    pub fn owner_of_session(&self, id: &str) -> Option<String> {
        let paused = self.paused_session(id).map(|paused| paused.user.clone());
        paused.or_else(|| self.session(id).ok().map(|session| session.user().to_owned()))
    }

    /// Ends a session, whatever it is doing; one that is paused is given up.
    ///
    /// # Errors
    /// When there is none of this id.
    pub async fn close_session(&self, id: &str) -> Result<(), Failure> {
        let places = &self.shared.notebooks.places;
        if let Some((_, lasting)) = places.remove_paused(id) {
            if let Some(lasting) = lasting {
                lasting.voice.say(Heard { asked: None, what: HeardFrom::Ended });
            }
            let removed = tokio::fs::remove_dir_all(paused::folder_of(&self.shared, id)).await;
            return removed.map_err(|error| {
                Failure::new(Code::StorageFailed, format!("the session's folder cannot be removed: {error}"))
            });
        }
        let handle = self.session(id)?;
        places.remove(id);
        handle.end().await;
        Ok(())
    }

    /// Pauses or ends sessions that nobody uses, as long as there are any.
    fn watch_sessions(&self) {
        if self.sessions().len() > 1 {
            // There is somebody watching already.
            return;
        }
        let executor = self.clone();
        let stopping = self.shared.stopping.clone();
        self.shared.tasks.spawn(async move {
            let watching = async {
                while !executor.sessions().is_empty() {
                    tokio::time::sleep(LOOK_EVERY).await;
                    look_after_idle(&executor).await;
                }
            };
            stopping.run_until_cancelled(watching).await;
        });
    }
}

async fn look_after_idle(executor: &Executor) {
    let shared = &executor.shared;
    let now = shared.clock.now_millis();
    for handle in executor.sessions() {
        let activity = handle.activity();
        match shared.notebooks.limits.fate(activity, now) {
            Fate::GoesOn => {}
            // On a task of its own: it takes its turn behind whatever the session was asked in this moment.
            Fate::IsPaused => drop(shared.tasks.spawn(pause_idle(handle, activity.last_millis))),
            Fate::IsEnded => {
                tracing::info!(session = handle.id(), "nobody has used it for too long: it is ended");
                // Somebody may have ended it in between.
                executor.close_session(handle.id()).await.ok();
            }
        }
    }
}

async fn pause_idle(handle: SessionHandle, unused_since: Millis) {
    match handle.pause(Some(unused_since)).await {
        Ok(_) => tracing::info!(session = handle.id(), "nobody has used it for too long: it is paused"),
        Err(failure) => tracing::warn!(session = handle.id(), %failure, "an idle session is not paused"),
    }
}

/// The reference of just this version: what is behind a tag may be another by now.
fn pinned(reference: &str, manifest: &str) -> String {
    let named = reference.split_once('@').map_or(reference, |(name, _)| name);
    let (path, last) = named.rsplit_once('/').map_or(("", named), |(path, last)| (path, last));
    let last = last.split_once(':').map_or(last, |(name, _)| name);
    if path.is_empty() { format!("{last}@{manifest}") } else { format!("{path}/{last}@{manifest}") }
}

fn missing(id: &str) -> Failure {
    Failure::new(Code::NotFound, format!("there is no session `{id}`")).with_hint("`sandmill notebook list` shows them")
}

/// A UUID of version 4, which is what notebook clients expect.
fn session_id() -> Result<String, Failure> {
    let mut random = [0; 16];
    getrandom::fill(&mut random)
        .map_err(|error| Failure::new(Code::Internal, format!("the system gives no random numbers: {error}")))?;
    random[6] = (random[6] & 0x0f) | 0x40;
    random[8] = (random[8] & 0x3f) | 0x80;
    let hex = hex::encode(random);
    Ok(format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]))
}

/// The kernel, ready to begin where sessions are. It is compiled where steps are, which is once for both.
async fn prepare(shared: &Shared, component: &ComponentId) -> Result<Arc<PreparedComponent>, Failure> {
    attempt::prepare(shared, component).await?;
    shared.session_sandbox.prepare(&component.digest, || shared.components.bytes(component)).await
}

#[cfg(test)]
mod tests;
