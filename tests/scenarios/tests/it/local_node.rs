//! A node on a temporary data folder, with the guests that a pipeline names pushed to its registry.
//! Never shares a folder or a port with another test.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use host_base::{Failure, RunId, Value};
use host_node::{Node, NodeConfig, RunRecord, StepRecord};
use registry_client::{ClientConfig, RegistryClient};
use registry_oci::{ComponentDescription, Reference};
use tempfile::TempDir;

/// A run that takes longer has hung.
const RUN_SECONDS_MAX: u64 = 60;

pub(crate) struct LocalNode {
    pub(crate) node: Node,
    pub(crate) folder: TempDir,
    config: NodeConfig,
}

impl LocalNode {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        Self::start_on(folder, data, |_| {}).await
    }

    /// A node of which something is chosen.
    pub(crate) async fn start_with(choose: impl FnOnce(&mut NodeConfig)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        Self::start_on(folder, data, choose).await
    }

    /// A node whose data folder lies elsewhere, for example on a disk of its own.
    pub(crate) async fn start_in(parent: PathBuf) -> Self {
        Self::start_on(tempfile::tempdir().unwrap(), parent.join("data"), |_| {}).await
    }

    async fn start_on(folder: TempDir, data: PathBuf, choose: impl FnOnce(&mut NodeConfig)) -> Self {
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let mut config = NodeConfig { listen: any_port, registry_listen: any_port, ..NodeConfig::new(data) };
        choose(&mut config);
        let node = Node::start(&config).await.unwrap();
        Self { node, folder, config }
    }

    /// Stops the node and starts it again on the same data folder.
    pub(crate) async fn restart(self) -> Self {
        let Self { node, folder, config } = self;
        node.stop().await;
        let node = Node::start(&config).await.unwrap();
        Self { node, folder, config }
    }

    /// Pushes every guest that the document names: `programs/NAME:1` and `sandmill/NAME:0.1.0`.
    pub(crate) async fn push_guests_of(&self, document: &str) {
        let names = document.lines().filter_map(|line| line.trim().strip_prefix("component:")).map(str::trim);
        for reference in names.collect::<std::collections::BTreeSet<_>>() {
            let Some((repository, _)) = reference.rsplit_once(':') else { continue };
            let bytes = match repository.split_once('/') {
                Some(("programs", name)) if name != "missing" => tests_kit::guests::program(name),
                Some(("sandmill", name)) => tests_kit::guests::component(name),
                _ => continue,
            };
            self.push(reference, &bytes).await;
        }
    }

    pub(crate) async fn push(&self, reference: &str, bytes: &[u8]) {
        let interface = host_runtime::interface::interface(bytes).unwrap();
        let client = RegistryClient::new(ClientConfig {
            own_registry: Some(self.node.addresses().registry.to_string()),
            ..ClientConfig::default()
        });
        let description =
            ComponentDescription { imports: interface.imports, exports: interface.exports, ..Default::default() };
        let reference: Reference = reference.parse().unwrap();
        client.push_component(&reference, bytes::Bytes::copy_from_slice(bytes), &description).await.unwrap();
    }

    pub(crate) async fn submit(
        &self,
        document: &str,
        parameters: &BTreeMap<String, Value>,
    ) -> Result<RunId, Vec<Failure>> {
        self.node.executor().submit(document, parameters.clone()).await
    }

    /// Waits for the run's end.
    pub(crate) async fn finished(&self, run: &RunId) -> (RunRecord, BTreeMap<String, StepRecord>) {
        let begun = Instant::now();
        let mut news = self.node.executor().watch(run);
        loop {
            let (record, steps) = self.node.executor().run(run).await.unwrap();
            if record.finished_at_millis.is_some() {
                return (record, steps.into_iter().map(|step| (step.name.clone(), step)).collect());
            }
            assert!(begun.elapsed().as_secs() < RUN_SECONDS_MAX, "run {run} hangs: {record:?} {steps:#?}");
            // News only makes this quicker; the ledger is what is believed.
            let _ = tokio::time::timeout(Duration::from_millis(200), news.recv()).await;
        }
    }
}
