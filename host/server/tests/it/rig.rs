//! A server on a free port, its executor in memory, and test programs in a registry beside it.
//! Never shared between tests.

use std::sync::Arc;
use std::time::Duration;

use host_artifacts::Artifacts;
use host_base::SystemClock;
use host_client::Client;
use host_executor::{Executor, ExecutorConfig, ExecutorParts};
use host_ledger::MemoryLedger;
use host_runtime::{Capability, Sandbox, SandboxConfig};
use host_server::{NodeInfo, Tokens};
use host_wheels::{Wheels, WheelsConfig};
use registry_cas::{MemoryBlobs, SharedBlobs};
use registry_client::{ClientConfig, RegistryClient};
use registry_oci::{ComponentDescription, Reference};
use registry_server::{RegistryConfig, RegistryServer};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Room for all blobs of a test.
const BLOB_BYTES_MAX: u64 = 256 << 20;
/// A server that takes longer to stop has hung.
const STOP_SECONDS_MAX: u64 = 20;

/// A server and what it stands on.
pub struct Rig {
    pub client: Client,
    pub executor: Executor,
    pub address: String,
    stopping: CancellationToken,
    server: JoinHandle<()>,
    registry: RegistryClient,
    _folder: TempDir,
}

impl Rig {
    /// Starts everything.
    pub async fn start() -> Self {
        Self::start_with_tokens(None).await
    }

    /// The same for users with tokens.
    pub async fn start_with_tokens(tokens: Option<Arc<Tokens>>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let stopping = CancellationToken::new();
        let blobs: SharedBlobs = Arc::new(MemoryBlobs::new(BLOB_BYTES_MAX));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let registry_address = listener.local_addr().unwrap();
        let config = RegistryConfig::new(folder.path().join("registry"));
        let distribution = RegistryServer::open(config, blobs.clone()).await.unwrap();
        let known = distribution.clone();
        tokio::spawn(distribution.serve(listener, stopping.clone().cancelled_owned()));
        let registry = RegistryClient::new(ClientConfig {
            own_registry: Some(registry_address.to_string()),
            ..ClientConfig::default()
        });
        let artifacts = Artifacts::new(blobs.clone());
        let packages = blobs.clone();
        let capabilities: Vec<Arc<dyn Capability>> = vec![
            Arc::new(host_cap_kernel::KernelCapability),
            Arc::new(host_cap_platform::PlatformCapability),
            Arc::new(host_cap_data::DataCapability),
            Arc::new(host_cap_step::StepCapability),
            Arc::new(host_cap_train::CollectiveCapability),
            Arc::new(host_cap_train::TransferCapability),
            Arc::new(host_cap_wasi::WasiCapability::new(host_cap_wasi::http::HttpLimits::default(), &[]).unwrap()),
        ];
        let places = SandboxConfig::under(folder.path().join("sandbox"));
        let sandbox = Sandbox::new(places, artifacts.clone(), capabilities).unwrap();
        let executor = Executor::new(
            ExecutorConfig::default(),
            ExecutorParts {
                session_sandbox: sandbox.clone(),
                sandbox,
                artifacts,
                content: blobs.clone(),
                blobs,
                ledger: Arc::new(MemoryLedger::default()),
                registry: registry.clone(),
                wheels: Wheels::new(WheelsConfig::under(folder.path()), Vec::new(), packages).unwrap(),
                data_folder: folder.path().to_owned(),
                clock: Arc::new(SystemClock),
            },
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let info = NodeInfo { registry: registry_address, distribution: known, tokens };
        let shutdown = stopping.clone().cancelled_owned();
        let server = tokio::spawn(host_server::serve(listener, executor.clone(), info, shutdown));
        let client = Client::new(address.parse().unwrap()).unwrap();
        Self { client, executor, address, stopping, server, registry, _folder: folder }
    }

    /// Posts JSON and gives the JSON of the answer.
    pub async fn post(&self, path: &str, body: &serde_json::Value) -> serde_json::Value {
        let url = format!("http://{}{path}", self.address);
        let response = reqwest::Client::new().post(url).json(body).send().await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.text().await.unwrap());
        response.json().await.unwrap()
    }

    /// Pushes a test program as `programs/NAME:1`.
    pub async fn push(&self, name: &str) {
        let bytes = tests_kit::guests::program(name);
        let interface = host_runtime::interface::interface(&bytes).unwrap();
        let description =
            ComponentDescription { imports: interface.imports, exports: interface.exports, ..Default::default() };
        let reference: Reference = format!("programs/{name}:1").parse().unwrap();
        self.registry.push_component(&reference, bytes.into(), &description).await.unwrap();
    }

    /// Asks the server to stop and waits until it has.
    pub async fn stop(self) {
        self.stopping.cancel();
        tokio::time::timeout(Duration::from_secs(STOP_SECONDS_MAX), self.server).await.unwrap().unwrap();
        self.executor.stop().await;
    }
}

/// A pipeline of one step.
pub fn one_step(component: &str, function: &str) -> String {
    format!(
        "apiVersion: sandmill.dev/v1\nkind: Pipeline\nmetadata: {{ name: one }}\nspec:\n  steps:\n    \
         one: {{ component: 'programs/{component}:1', function: {function}, cache: false }}\n"
    )
}
