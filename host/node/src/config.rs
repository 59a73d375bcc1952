//! What can be chosen about a node. Data only; nothing here opens a file or a port.
//! Never read from the environment: the command line resolves it first.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use host_base::{Code, Failure};
use host_executor::{ExecutorConfig, Policy, SessionLimits, TrustByNamespace};
use host_gpu::{Backend, WorkerProgram};
use host_server::Tokens;
use host_wheels::PythonIndex;
use registry_client::ClientConfig;
use registry_server::Settings;

/// Guests that may be alive at once, which sizes the engine's memory pool.
const GUESTS_AT_ONCE_MAX: u32 = 256;

/// Unless another size is chosen, copies of components grow to 10 GiB.
const CONTENT_STORE_BYTES_MAX: u64 = 10 << 30;

/// Where copies of components from other registries are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentStore {
    /// A folder that several nodes of this machine may share; in the data folder where none is named.
    pub folder: Option<PathBuf>,
    /// Past this size, what was used longest ago goes. It is fetched again when it is needed.
    pub bytes_max: u64,
}

impl Default for ContentStore {
    fn default() -> Self {
        Self { folder: None, bytes_max: CONTENT_STORE_BYTES_MAX }
    }
}

/// A submission to a device may take 30 s, unless another span is chosen.
const DEVICE_SUBMIT_MILLIS_MAX: u64 = 30_000;

/// Devices for steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceConfig {
    /// Where tensors are computed with.
    pub backend: Backend,
    /// The program that works as a device's process when its only argument is `device-worker`; this one where none is named.
    pub worker: Option<PathBuf>,
    /// Milliseconds that one submission may take.
    pub submit_millis_max: u64,
}

impl Default for DeviceConfig {
    fn default() -> Self {
        Self { backend: Backend::Auto, worker: None, submit_millis_max: DEVICE_SUBMIT_MILLIS_MAX }
    }
}

impl DeviceConfig {
    pub(crate) fn worker(&self) -> Result<WorkerProgram, Failure> {
        let program = match &self.worker {
            Some(program) => program.clone(),
            None => std::env::current_exe().map_err(|error| {
                Failure::new(Code::Internal, format!("this program's own file is not known: {error}"))
            })?,
        };
        Ok(WorkerProgram::new(program, self.backend))
    }
}

/// Everything a node is built from.
#[derive(Clone, Debug)]
pub struct NodeConfig {
    /// Ledger, blobs, registry, compiled code: everything the node keeps is under this folder.
    pub data_folder: PathBuf,
    /// Where the REST interface listens. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where the registry listens. Its own port, since the OCI API and the inference protocol both own `/v2`.
    pub registry_listen: SocketAddr,
    /// Access, storage, garbage and limits of the registry. It has no TLS of its own here: the node's runs pull from it.
    pub registry: Settings,
    /// Copies of components from other registries.
    pub content: ContentStore,
    /// What steps may be granted.
    pub policy: Policy,
    /// Which components may run.
    pub trust: Arc<TrustByNamespace>,
    /// Attempts under way at once; none takes twice the cores.
    pub attempts_at_once_max: Option<usize>,
    /// Workers of training jobs there at once; none takes four times the cores, at least eight.
    pub workers_at_once_max: Option<usize>,
    /// How other registries are reached. Its certificate authorities are those that steps' https
    /// requests, importers and package indexes are trusted by too.
    pub registries: ClientConfig,
    /// Devices for steps that are granted one.
    pub devices: DeviceConfig,
    /// Package indexes that Python steps may take pure wheels from, the usual one first; none allows no packages.
    pub python_indexes: Vec<PythonIndex>,
    /// Who may ask the REST interface; whoever can connect where there are none.
    pub tokens: Option<Arc<Tokens>>,
    /// How many sessions of notebooks there may be, and when one ends.
    pub sessions: SessionLimits,
}

impl NodeConfig {
    /// The defaults: both listeners on this machine only, nothing may be granted.
    #[must_use]
    pub fn new(data_folder: PathBuf) -> Self {
        Self {
            data_folder,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            registry_listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 5000)),
            registry: Settings::default(),
            content: ContentStore::default(),
            policy: Policy::default(),
            trust: Arc::default(),
            attempts_at_once_max: None,
            workers_at_once_max: None,
            registries: ClientConfig::default(),
            devices: DeviceConfig::default(),
            python_indexes: Vec::new(),
            tokens: None,
            sessions: SessionLimits::default(),
        }
    }

    pub(crate) fn executor(&self) -> ExecutorConfig {
        let defaults =
            ExecutorConfig { policy: self.policy.clone(), trust: self.trust.clone(), ..ExecutorConfig::default() };
        let attempts_at_once_max = self.attempts_at_once_max.unwrap_or(defaults.attempts_at_once_max);
        let workers_at_once_max = self.workers_at_once_max.unwrap_or(defaults.workers_at_once_max);
        let clamped = |count: usize| count.clamp(1, GUESTS_AT_ONCE_MAX as usize);
        ExecutorConfig {
            attempts_at_once_max: clamped(attempts_at_once_max),
            workers_at_once_max: clamped(workers_at_once_max),
            sessions: self.sessions,
            trusted_roots: self.registries.trusted_roots.clone(),
            ..defaults
        }
    }
}
