//! What can be chosen about a node. Data only; nothing here opens a file or a port.
//! Never read from the environment: the command line resolves it first.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use host_executor::{ExecutorConfig, Policy, Trust};
use registry_client::Mirror;
use registry_server::Settings;

/// Guests that may be alive at once, which sizes the engine's memory pool.
const GUESTS_AT_ONCE_MAX: u32 = 256;

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
    /// What steps may be granted.
    pub policy: Policy,
    /// Which components may run; without one, any may.
    pub trust: Option<Arc<Trust>>,
    /// Attempts under way at once; none takes twice the cores.
    pub attempts_at_once_max: Option<usize>,
    /// Registries, as `host` or `host:port`, that are spoken to without TLS. This machine's own addresses always are.
    pub plain_http_registries: Vec<String>,
    /// Registries to ask before the ones that references name.
    pub registry_mirrors: Vec<Mirror>,
    /// PEM files of certificate authorities that steps' https requests trust besides those that browsers do.
    pub trusted_roots: Vec<PathBuf>,
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
            policy: Policy::default(),
            trust: None,
            attempts_at_once_max: None,
            plain_http_registries: Vec::new(),
            registry_mirrors: Vec::new(),
            trusted_roots: Vec::new(),
        }
    }

    pub(crate) fn executor(&self) -> ExecutorConfig {
        let defaults =
            ExecutorConfig { policy: self.policy.clone(), trust: self.trust.clone(), ..ExecutorConfig::default() };
        let attempts_at_once_max = self.attempts_at_once_max.unwrap_or(defaults.attempts_at_once_max);
        ExecutorConfig { attempts_at_once_max: attempts_at_once_max.clamp(1, GUESTS_AT_ONCE_MAX as usize), ..defaults }
    }
}
