//! Sessions of notebooks: which there are, and how one is begun and ended.
//! Never runs a cell; each session's task does.

mod coalesce;
mod outlet;
mod rate;
mod run;
pub(crate) mod session;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use host_base::{Code, Failure};
use host_notebook::SessionLimits;

use crate::Executor;
use crate::run::attempt;

pub(crate) use session::remove_leftovers;

pub use run::{RanNotebook, data_of, metadata_of};
pub use session::{Asked, Cell, Heard, HeardFrom, Reply, SessionHandle, SessionState};

/// How often idle sessions are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// The sessions of this process. They do not outlive it: their state is a guest's memory.
#[derive(Default)]
pub(crate) struct Notebooks {
    limits: SessionLimits,
    sessions: Mutex<BTreeMap<String, SessionHandle>>,
}

impl Notebooks {
    pub(crate) fn new(limits: SessionLimits) -> Self {
        Self { limits, sessions: Mutex::default() }
    }

    fn sessions(&self) -> MutexGuard<'_, BTreeMap<String, SessionHandle>> {
        // Each change is one call, so that a panic cannot have left the map half changed.
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Executor {
    /// Begins a session in the kernel of this reference and waits until it can be used.
    ///
    /// # Errors
    /// When there are too many, the component is not to be had, may not run, or is no kernel.
    pub async fn open_session(&self, kernel: &str) -> Result<SessionHandle, Failure> {
        let shared = &self.shared;
        shared.notebooks.limits.admit(shared.notebooks.sessions().len())?;
        let component = shared.components.resolve_one(kernel, shared.config.trust.of(None)).await?;
        let prepared = attempt::prepare(shared, &component.id).await?;
        let id = session_id()?;
        let handle = session::begin(shared.clone(), id.clone(), kernel.to_owned(), prepared).await?;
        shared.notebooks.sessions().insert(id, handle.clone());
        self.watch_sessions();
        Ok(handle)
    }

    /// The sessions, by id.
    #[must_use]
    pub fn sessions(&self) -> Vec<SessionHandle> {
        self.shared.notebooks.sessions().values().cloned().collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// When there is none of this id.
    pub fn session(&self, id: &str) -> Result<SessionHandle, Failure> {
        let found = self.shared.notebooks.sessions().get(id).cloned();
        found.ok_or_else(|| {
            Failure::new(Code::NotFound, format!("there is no session `{id}`"))
                .with_hint("`sandmill notebook list` shows them")
        })
    }

    /// Ends a session, whatever it is doing.
    ///
    /// # Errors
    /// When there is none of this id.
    pub async fn close_session(&self, id: &str) -> Result<(), Failure> {
        let handle = self.session(id)?;
        self.shared.notebooks.sessions().remove(id);
        handle.end().await;
        Ok(())
    }

    /// Ends sessions that nobody uses, as long as there are any.
    fn watch_sessions(&self) {
        if self.shared.notebooks.sessions().len() > 1 {
            // There is somebody watching already.
            return;
        }
        let executor = self.clone();
        let stopping = self.shared.stopping.clone();
        self.shared.tasks.spawn(async move {
            let watching = async {
                while !executor.shared.notebooks.sessions().is_empty() {
                    tokio::time::sleep(LOOK_EVERY).await;
                    end_idle(&executor).await;
                }
            };
            stopping.run_until_cancelled(watching).await;
        });
    }
}

async fn end_idle(executor: &Executor) {
    let shared = &executor.shared;
    let now = shared.clock.now_millis();
    let over = |handle: &SessionHandle| shared.notebooks.limits.is_over(handle.activity(), now);
    let idle: Vec<SessionHandle> = executor.sessions().into_iter().filter(over).collect();
    for handle in idle {
        tracing::info!(session = handle.id(), "nobody has used it for too long: it is ended");
        // Somebody may have ended it in between.
        executor.close_session(handle.id()).await.ok();
    }
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
