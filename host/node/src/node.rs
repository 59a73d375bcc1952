//! A running node: rooms built in order, two listeners, one way to stop.
//! Never accepts a request before unfinished runs have been taken up again.

use std::net::SocketAddr;
use std::sync::Arc;

use host_artifacts::Artifacts;
use host_base::{Code, Failure, SystemClock};
use host_cap_wasi::http::HttpLimits;
use host_executor::{Executor, ExecutorParts};
use host_gpu::WorkerProgram;
use host_ledger::SharedLedger;
use host_ledger_sqlite::SqliteLedger;
use host_runtime::{Capability, Sandbox, SandboxConfig};
use host_wheels::{Wheels, WheelsConfig};
use registry_cas::{BoundedBlobs, FolderBlobs, SharedBlobs};
use registry_client::{ClientConfig, RegistryClient};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::{ContentStore, DataFolder, NodeConfig, registry as distribution};

/// Components that take seconds to compile, and the science kernel minutes, so that no step and no session should have
/// to wait for it. Those that nobody pushes are not compiled.
const COMPILED_AHEAD: [&str; 2] = [
    concat!("sandmill/run-python:", env!("CARGO_PKG_VERSION")),
    concat!("sandmill/run-science:", env!("CARGO_PKG_VERSION")),
];

/// Where a node listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// The REST interface.
    pub server: SocketAddr,
    /// The registry.
    pub registry: SocketAddr,
}

/// A node at work.
pub struct Node {
    addresses: Addresses,
    executor: Executor,
    ledger: Arc<SqliteLedger>,
    stopping: CancellationToken,
    listeners: TaskTracker,
    // Held last, so that the folder is free only once everything in it is closed.
    _data_folder: DataFolder,
}

impl Node {
    /// Opens the data folder, binds both listeners, takes up unfinished runs and begins to serve.
    pub async fn start(config: &NodeConfig) -> Result<Self, Failure> {
        if config.registry.tls.is_some() {
            let message = "the registry of a node has no TLS of its own: the node's runs pull from it in plain HTTP";
            return Err(Failure::new(Code::BadRequest, message).with_hint(
                "put a proxy before it and name it as access.external-url, or serve with `sandmill registry serve`",
            ));
        }
        let data_folder = DataFolder::open(&config.data_folder)?;
        let server = bind(config.listen, "--listen").await?;
        let registry = bind(config.registry_listen, "--registry-listen").await?;
        let addresses = Addresses { server: address(&server)?, registry: address(&registry)? };

        let blobs = distribution::blobs(&config.registry, &data_folder).await?;
        let ledger = Arc::new(SqliteLedger::open(&data_folder.ledger()).map_err(|e| storage(&e))?);
        let stopping = CancellationToken::new();
        let listeners = TaskTracker::new();
        // The registry serves first: resumed runs may pull from it.
        let distribution =
            distribution::open(&config.registry, &data_folder, addresses.registry, blobs.clone(), false).await?;
        let pushes = distribution.pushes();
        let known = distribution.clone();
        listeners.spawn(distribution.serve(registry, stopping.clone().cancelled_owned()));

        let content = content_store(&config.content, &data_folder).await?;
        let devices = config.devices.worker()?;
        let kept = Kept { blobs, content, ledger: ledger.clone(), devices: devices.clone() };
        let executor = build_executor(config, &data_folder, kept, addresses.registry)?;
        let resumed = executor.resume_unfinished().await?;
        executor.start_schedules();
        tracing::info!(resumed, server = %addresses.server, registry = %addresses.registry, "node is ready");
        executor.watch_load(data_folder.places(), devices);
        let info =
            host_server::NodeInfo { registry: addresses.registry, distribution: known, tokens: config.tokens.clone() };
        listeners.spawn(host_server::serve(server, executor.clone(), info, stopping.clone().cancelled_owned()));
        listeners.close();
        COMPILED_AHEAD.into_iter().for_each(|reference| executor.warm(reference, pushes.clone()));
        Ok(Self { addresses, executor, ledger, stopping, listeners, _data_folder: data_folder })
    }

    /// Where the node listens.
    #[must_use]
    pub const fn addresses(&self) -> Addresses {
        self.addresses
    }

    /// The executor, for whoever lives in the same process.
    #[must_use]
    pub const fn executor(&self) -> &Executor {
        &self.executor
    }

    /// Stops: requests under way are answered, guests are dropped and their attempts made again after
    /// the next start, the ledger is closed.
    pub async fn stop(self) {
        self.stopping.cancel();
        self.executor.stop().await;
        self.listeners.wait().await;
        if let Err(error) = self.ledger.close().await {
            tracing::error!(%error, "the ledger could not be closed cleanly; it recovers at the next start");
        }
    }
}

/// Where an executor's things are kept.
struct Kept {
    blobs: SharedBlobs,
    content: SharedBlobs,
    ledger: SharedLedger,
    devices: WorkerProgram,
}

/// Copies of components from other registries.
async fn content_store(config: &ContentStore, data_folder: &DataFolder) -> Result<SharedBlobs, Failure> {
    let folder = config.folder.clone().unwrap_or_else(|| data_folder.content());
    let folder = FolderBlobs::open(&folder).await.map_err(|error| {
        let mut failure = storage(&error);
        failure.hint = Some("check the folder's permissions, or choose another with --content-store DIR".to_owned());
        failure
    })?;
    Ok(Arc::new(BoundedBlobs::new(folder, config.bytes_max)))
}

fn build_executor(
    config: &NodeConfig,
    data_folder: &DataFolder,
    kept: Kept,
    own_registry: SocketAddr,
) -> Result<Executor, Failure> {
    let Kept { blobs, content, ledger, devices } = kept;
    let artifacts = Artifacts::new(blobs.clone());
    let submit_millis_max = config.devices.submit_millis_max;
    let capabilities: Vec<Arc<dyn Capability>> = vec![
        Arc::new(host_cap_data::DataCapability),
        Arc::new(host_cap_kernel::KernelCapability),
        Arc::new(host_cap_platform::PlatformCapability),
        Arc::new(host_cap_step::StepCapability),
        Arc::new(host_cap_train::CollectiveCapability),
        Arc::new(host_cap_train::TransferCapability),
        Arc::new(host_cap_device::DeviceCapability::new(devices, submit_millis_max)),
        Arc::new(host_cap_wasi::WasiCapability::new(HttpLimits::default(), &config.registries.trusted_roots)?),
    ];
    let places = SandboxConfig::under(data_folder.root());
    // Steps begin again and again in the same few places. Sessions do not, and there may be hundreds.
    let step_places = SandboxConfig::for_steps_under(data_folder.root());
    let session_places =
        SandboxConfig { scratch_folder: places.scratch_folder.with_file_name("session-scratch"), ..places };
    let sandbox = Sandbox::new(step_places, artifacts.clone(), capabilities.clone())?;
    let session_sandbox = Sandbox::new(session_places, artifacts.clone(), capabilities)?;
    let registry =
        RegistryClient::new(ClientConfig { own_registry: Some(own_registry.to_string()), ..config.registries.clone() });
    let indexes = config.python_indexes.clone();
    let wheels = WheelsConfig {
        trusted_roots: config.registries.trusted_roots.clone(),
        ..WheelsConfig::under(data_folder.root())
    };
    let wheels = Wheels::new(wheels, indexes, blobs.clone())?;
    let clock = Arc::new(SystemClock);
    let data_folder = data_folder.root().to_owned();
    let parts = ExecutorParts {
        sandbox,
        session_sandbox,
        artifacts,
        blobs,
        content,
        ledger,
        registry,
        wheels,
        data_folder,
        clock,
    };
    Ok(Executor::new(config.executor(), parts))
}

pub(crate) async fn bind(wanted: SocketAddr, flag: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(wanted).await.map_err(|error| {
        Failure::new(Code::Conflict, format!("cannot listen on {wanted}: {error}"))
            .with_hint(format!("choose another address with {flag} ADDRESS:PORT; port 0 takes a free one"))
    })
}

pub(crate) fn address(listener: &TcpListener) -> Result<SocketAddr, Failure> {
    listener.local_addr().map_err(|error| Failure::new(Code::Internal, format!("a listener has no address: {error}")))
}

pub(crate) fn storage(error: &dyn std::error::Error) -> Failure {
    Failure::new(Code::StorageFailed, format!("the data folder cannot be opened: {error}"))
        .with_hint("check the folder's permissions and free space, or choose another with --data DIR")
}
