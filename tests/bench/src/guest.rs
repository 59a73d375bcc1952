//! A test program in a sandbox, with a device and the real clock.
//! Never measures.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use host_artifacts::Artifacts;
use host_base::{ArtifactKind, Limits, Value};
use host_cap_device::DeviceCapability;
use host_gpu::{Backend, WorkerProgram};
use host_runtime::call::{CallRequest, CallTarget, Lent, StepContext};
use host_runtime::{Capability, PreparedComponent, Sandbox, SandboxConfig};
use registry_cas::MemoryBlobs;
use registry_oci::Digest;
use sdk_spec::{ByteSize, DeviceGrant, Grants};
use serde_json::Value as Json;
use tests_kit::RecordingObserver;
use tokio_util::sync::CancellationToken;

use crate::local_node::scratch;

/// What artifacts of one group may take together.
const ARTIFACTS_BYTES_MAX: u64 = 256 << 20;
/// What a device may take.
const DEVICE_BYTES_MAX: u64 = 1 << 30;
/// A submission that takes longer has hung.
pub const SUBMIT_MILLIS_MAX: u64 = 60_000;

/// The sandbox, and in it the program.
pub struct Guest {
    sandbox: Arc<Sandbox>,
    artifacts: Artifacts,
    component: Arc<PreparedComponent>,
    bytes: Vec<u8>,
}

impl Guest {
    /// A test program of this name, with a device on the processors.
    pub async fn new(program: &str) -> Result<Self> {
        Self::on(worker_program(Backend::Cpu)?, program).await
    }

    /// A test program of this name, with devices of such workers.
    pub async fn on(worker: WorkerProgram, program: &str) -> Result<Self> {
        let folder = scratch()?.keep();
        let capabilities: Vec<Arc<dyn Capability>> = vec![
            Arc::new(host_cap_data::DataCapability),
            Arc::new(host_cap_step::StepCapability),
            Arc::new(DeviceCapability::new(worker, SUBMIT_MILLIS_MAX)),
            Arc::new(host_cap_wasi::WasiCapability::new(host_cap_wasi::http::HttpLimits::default(), &[])?),
        ];
        let artifacts = Artifacts::new(Arc::new(MemoryBlobs::new(ARTIFACTS_BYTES_MAX)));
        let sandbox = Sandbox::new(SandboxConfig::under(folder), artifacts.clone(), capabilities)?;
        let bytes = tests_kit::guests::program(program);
        let load = bytes.clone();
        let component = sandbox.prepare(&Digest::sha256(&bytes), || async { Ok(load) }).await?;
        Ok(Self { sandbox, artifacts, component, bytes })
    }

    /// Keeps a model for the program.
    pub async fn model(&self, bytes: &[u8]) -> Result<Value> {
        let kept = self.artifacts.put(ArtifactKind::Model, "application/onnx", BTreeMap::new(), bytes).await?;
        Ok(Value::Artifact(kept))
    }

    /// What a function of the program gives.
    pub async fn call(&self, function: &str, arguments: Vec<Value>) -> Result<Json> {
        let interface = host_runtime::interface::interface(&self.bytes)?;
        let signature = interface.function(function).with_context(|| format!("there is no `{function}`"))?.clone();
        let request = CallRequest {
            target: CallTarget::Function { signature, arguments },
            grants: Grants {
                clock: true,
                device: Some(DeviceGrant { memory: ByteSize(DEVICE_BYTES_MAX) }),
                ..Grants::default()
            },
            limits: Limits::default(),
            context: StepContext { run: "bench".into(), pipeline: "bench".into(), step: function.into(), attempt: 1 },
            lent: Lent::default(),
        };
        let observer = Arc::new(RecordingObserver::default());
        let report = self.sandbox.call(&self.component, request, observer, CancellationToken::new()).await;
        match report.outcome?.remove("output") {
            Some(Value::Plain(json)) => Ok(json),
            other => bail!("`{function}` gave {other:?}"),
        }
    }
}

/// What works for devices: the binary that was built beside this one.
pub fn worker_program(backend: Backend) -> Result<WorkerProgram> {
    let binary = std::env::var_os("SANDMILL_BIN").map(PathBuf::from).context("SANDMILL_BIN names no binary")?;
    Ok(WorkerProgram::new(binary, backend))
}
