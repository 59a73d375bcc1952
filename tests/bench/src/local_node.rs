//! A real node in this process, on a folder of its own, and the no-op guest in its registry.
//! Never replaces a part of the node by a double.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use host_base::RunId;
use host_executor::{Cell, SessionHandle};
use host_node::{DeviceConfig, Executor, Node, NodeConfig, Policy};
use registry_client::{ClientConfig, RegistryClient};
use registry_oci::{ComponentDescription, Reference};
use tempfile::TempDir;

/// Where the no-op guest is pushed to.
pub const NOOP: &str = "programs/noop:1";
/// Where the guest that computes is pushed to.
pub const FIBONACCI: &str = "programs/fibonacci:1";

/// A run that takes longer has hung.
const RUN_TIMEOUT: Duration = Duration::from_secs(120);

/// Events read at once while waiting for a run's end.
const EVENTS_AT_ONCE_MAX: usize = 10_000;

/// What a step's devices may take.
const DEVICE_BYTES_MAX: u64 = 1 << 30;

/// A node and the folder it works in.
pub struct LocalNode {
    node: Node,
    _folder: TempDir,
}

/// A folder on the disk that is measured: the target folder's, not the machine's temporary one, which
/// may be memory.
pub fn scratch() -> Result<TempDir> {
    let place = env::var_os("SANDMILL_BENCH_SCRATCH").map_or_else(|| PathBuf::from("target/bench"), PathBuf::from);
    std::fs::create_dir_all(&place).with_context(|| format!("making {}", place.display()))?;
    tempfile::tempdir_in(&place).with_context(|| format!("making a folder in {}", place.display()))
}

impl LocalNode {
    /// Starts a node and pushes the no-op guest.
    pub async fn start() -> Result<Self> {
        let folder = scratch()?;
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        // This program is no worker of devices; the one that was built beside it is.
        let devices =
            DeviceConfig { worker: env::var_os("SANDMILL_BIN").map(PathBuf::from), ..DeviceConfig::default() };
        let policy = Policy { device_memory_bytes_max: DEVICE_BYTES_MAX, ..Policy::default() };
        let data = folder.path().join("data");
        let config =
            NodeConfig { listen: any_port, registry_listen: any_port, devices, policy, ..NodeConfig::new(data) };
        let node = Self { node: Node::start(&config).await?, _folder: folder };
        node.push(NOOP, "noop").await?;
        Ok(node)
    }

    /// The executor, for whoever submits other work than pipelines.
    pub const fn executor(&self) -> &Executor {
        self.node.executor()
    }

    /// Pushes a test program.
    pub async fn push(&self, reference: &str, program: &str) -> Result<()> {
        self.push_bytes(reference, tests_kit::guests::program(program)).await
    }

    /// Pushes the component that runs functions of Python; false, with the reason on stderr, where there is none.
    pub async fn push_python(&self) -> Result<bool> {
        let Some(component) = tests_kit::guests::python_component("run-python") else {
            eprintln!("run-python is not there: `cargo xtask components run-python` says why");
            return Ok(false);
        };
        self.push_bytes(host_pipeline::python::RUN_PYTHON_COMPONENT, component).await?;
        Ok(true)
    }

    async fn push_bytes(&self, reference: &str, bytes: Vec<u8>) -> Result<()> {
        let client = RegistryClient::new(ClientConfig {
            own_registry: Some(self.node.addresses().registry.to_string()),
            ..ClientConfig::default()
        });
        let interface = host_runtime::interface::interface(&bytes)?;
        let description =
            ComponentDescription { imports: interface.imports, exports: interface.exports, ..Default::default() };
        let reference: Reference = reference.parse()?;
        client.push_component(&reference, bytes.into(), &description).await?;
        Ok(())
    }

    /// Submits a document and waits until its end is durable. Gives the time of both together.
    pub async fn run(&self, document: &str) -> Result<Duration> {
        let begun = Instant::now();
        let run = match self.node.executor().submit(document, BTreeMap::new()).await {
            Ok(run) => run,
            Err(failures) => bail!("refused: {failures:?}"),
        };
        let status = self.end_of(&run).await?;
        let took = begun.elapsed();
        if status != "succeeded" {
            let (_, steps) = self.node.executor().run(&run).await?;
            let failed = steps.into_iter().find(|step| step.failure.is_some());
            bail!("the run {status}: {failed:?}");
        }
        Ok(took)
    }

    /// How the run ends, as its history says.
    async fn end_of(&self, run: &RunId) -> Result<String> {
        let begun = Instant::now();
        let mut news = self.node.executor().watch(run);
        let mut after = 0;
        loop {
            for update in self.node.executor().events(run, after, EVENTS_AT_ONCE_MAX).await? {
                after = update.sequence;
                if update.event["event"] == "finished" {
                    return Ok(update.event["status"].as_str().unwrap_or_default().to_owned());
                }
            }
            if begun.elapsed() > RUN_TIMEOUT {
                bail!("run {run} hangs");
            }
            // News only makes this quicker; the ledger is what is believed.
            let _ = tokio::time::timeout(Duration::from_millis(500), news.recv()).await;
        }
    }

    /// Where its REST interface answers.
    pub fn url(&self) -> String {
        format!("http://{}", self.node.addresses().server)
    }

    /// Runs a cell to its end.
    pub async fn run_cell(&self, session: &SessionHandle, code: &str) -> Result<()> {
        let cell = Cell { code: code.to_owned(), silent: false, counts: true, may_ask: false };
        let reply = session.execute(Arc::default(), cell).await.context("the session is over")?;
        reply.outcome.map_err(|report| anyhow!("{}: {}", report.name, report.message))
    }

    /// Stops the node.
    pub async fn stop(self) {
        self.node.stop().await;
    }
}

/// A pipeline of no-op steps, one after the other or side by side. Nothing of it is cached.
pub fn document(steps: usize, in_a_chain: bool) -> String {
    let mut text = "apiVersion: sandmill.dev/v1\nkind: Pipeline\nmetadata:\n  name: noop\nspec:\n  steps:\n".to_owned();
    for step in 0..steps {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "    step-{step:04}:\n      component: {NOOP}\n      cache: false");
        if in_a_chain && step > 0 {
            let _ = writeln!(text, "      after: [step-{:04}]", step - 1);
        }
    }
    text
}
