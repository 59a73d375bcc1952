//! The handle that the faces hold, and what it is made of.
//! Never does a noun's work itself: `run/`, `artifacts` and `components` do.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use host_artifacts::Artifacts;
use host_base::{Clock, Failure, Limits, RunId};
use host_ledger::SharedLedger;
use host_notebook::SessionLimits;
use host_runtime::Sandbox;
use host_wheels::Wheels;
use registry_cas::SharedBlobs;
use registry_client::RegistryClient;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::components::Components;
use crate::import::Imports;
use crate::live::LiveUpdates;
use crate::load::LoadHistory;
use crate::notebook::Notebooks;
use crate::run::drive::DriveHandle;
use crate::run::signers::KnownSigners;
use crate::train::checkpoints::Checkpoints;
use crate::train::drive::JobHandle;
use crate::workspace::Workspaces;
use crate::{Kept, Policy, TrustByNamespace};

/// What can be chosen about an executor.
#[derive(Clone, Debug)]
pub struct ExecutorConfig {
    /// Attempts that may be under way at once on this node.
    pub attempts_at_once_max: usize,
    /// Workers of training jobs that may be there at once on this node. A job waits until there is room for all of its.
    pub workers_at_once_max: usize,
    /// What a step gets where its author says nothing.
    pub default_limits: Limits,
    /// What may be granted at all.
    pub policy: Policy,
    /// Which components may run at all.
    pub trust: Arc<TrustByNamespace>,
    /// How many sessions of notebooks there may be, and when one ends.
    pub sessions: SessionLimits,
    /// PEM files of certificate authorities that importers trust besides the system's.
    pub trusted_roots: Vec<PathBuf>,
}

impl Default for ExecutorConfig {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        // Twice the cores: some steps wait for the network or the disk while others compute.
        Self {
            attempts_at_once_max: 2 * cores,
            workers_at_once_max: (4 * cores).max(8),
            default_limits: Limits::default(),
            policy: Policy::default(),
            trust: Arc::default(),
            sessions: SessionLimits::default(),
            trusted_roots: Vec::new(),
        }
    }
}

/// The rooms that an executor joins.
pub struct ExecutorParts {
    /// Runs the guests of steps and of training jobs.
    pub sandbox: Arc<Sandbox>,
    /// Runs the guests of notebooks: many at once, that live long and are idle.
    pub session_sandbox: Arc<Sandbox>,
    /// Keeps artifacts.
    pub artifacts: Artifacts,
    /// Has what was pushed to the node's own registry.
    pub blobs: SharedBlobs,
    /// Keeps copies of components that came from other registries, and may forget them.
    pub content: SharedBlobs,
    /// Keeps the history.
    pub ledger: SharedLedger,
    /// Finds and fetches components.
    pub registry: RegistryClient,
    /// Finds, fetches and unpacks packages of Python.
    pub wheels: Wheels,
    /// Secrets, config maps and the folders that steps of one run share lie below it.
    pub data_folder: PathBuf,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

/// Carries out runs. Cloning the handle shares the executor.
#[derive(Clone)]
pub struct Executor {
    pub(crate) shared: Arc<Shared>,
}

/// What every run of this node shares.
pub(crate) struct Shared {
    pub(crate) config: ExecutorConfig,
    pub(crate) sandbox: Arc<Sandbox>,
    pub(crate) session_sandbox: Arc<Sandbox>,
    pub(crate) artifacts: Artifacts,
    pub(crate) ledger: SharedLedger,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) components: Components,
    pub(crate) wheels: Wheels,
    pub(crate) imports: Imports,
    pub(crate) kept: Kept,
    pub(crate) workspaces: Workspaces,
    pub(crate) checkpoints: Checkpoints,
    pub(crate) signers: KnownSigners,
    pub(crate) live: LiveUpdates,
    pub(crate) notebooks: Notebooks,
    pub(crate) data_folder: PathBuf,
    pub(crate) load: LoadHistory,
    /// Each attempt under way holds one.
    pub(crate) permits: Arc<Semaphore>,
    /// Each worker of a training job holds one.
    pub(crate) worker_permits: Arc<Semaphore>,
    /// Cancelled when the node stops; guests under way are then dropped and tried again after the restart.
    pub(crate) stopping: CancellationToken,
    pub(crate) tasks: TaskTracker,
    /// Held while the catalogue is read to be changed.
    pub(crate) catalogue: tokio::sync::Mutex<()>,
    /// Held while what is attached to a run is read to be changed.
    pub(crate) attributes: tokio::sync::Mutex<()>,
    /// Told when schedules should be looked at.
    pub(crate) schedules_changed: tokio::sync::Notify,
    drives: Mutex<HashMap<RunId, DriveHandle>>,
    jobs: Mutex<HashMap<RunId, JobHandle>>,
}

impl Executor {
    /// Joins the rooms. Nothing runs before `resume_unfinished` or a submission.
    #[must_use]
    pub fn new(config: ExecutorConfig, parts: ExecutorParts) -> Self {
        let components = Components::new(parts.registry, parts.blobs, parts.content);
        let sessions = config.sessions;
        let imports = Imports::new(config.trusted_roots.clone());
        let permits = Arc::new(Semaphore::new(config.attempts_at_once_max));
        let worker_permits = Arc::new(Semaphore::new(config.workers_at_once_max));
        Self {
            shared: Arc::new(Shared {
                config,
                sandbox: parts.sandbox,
                session_sandbox: parts.session_sandbox,
                artifacts: parts.artifacts,
                ledger: parts.ledger,
                clock: parts.clock,
                components,
                wheels: parts.wheels,
                imports,
                kept: Kept::under(&parts.data_folder),
                workspaces: Workspaces::under(&parts.data_folder),
                checkpoints: Checkpoints::under(&parts.data_folder),
                data_folder: parts.data_folder,
                signers: KnownSigners::default(),
                live: LiveUpdates::default(),
                notebooks: Notebooks::new(sessions),
                load: LoadHistory::default(),
                permits,
                worker_permits,
                stopping: CancellationToken::new(),
                tasks: TaskTracker::new(),
                catalogue: tokio::sync::Mutex::default(),
                attributes: tokio::sync::Mutex::default(),
                schedules_changed: tokio::sync::Notify::new(),
                drives: Mutex::default(),
                jobs: Mutex::default(),
            }),
        }
    }

    /// The folder under which the node keeps everything.
    #[must_use]
    pub fn data_folder(&self) -> &Path {
        &self.shared.data_folder
    }

    /// Goes on with every run that an earlier process left unfinished. Returns how many there are.
    pub async fn resume_unfinished(&self) -> Result<usize, Failure> {
        crate::notebook::take_up(&self.shared);
        crate::run::resume::resume_unfinished(&self.shared).await
    }

    /// Stops: guests under way are dropped (their attempts are made again after a restart), what was
    /// reported is committed, and nothing is at work any more when this returns.
    pub async fn stop(&self) {
        self.shared.stopping.cancel();
        self.shared.tasks.close();
        self.shared.tasks.wait().await;
    }
}

impl Shared {
    /// The runs at work in this process.
    pub(crate) fn drives(&self) -> MutexGuard<'_, HashMap<RunId, DriveHandle>> {
        // A panic while the map was held cannot have left it half changed: each change is one call.
        self.drives.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The training jobs that have a drive in this process.
    pub(crate) fn jobs(&self) -> MutexGuard<'_, HashMap<RunId, JobHandle>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
