//! One sandbox for all tests of this binary, and calls into it.
//! Never mocks: compiled code is kept in the target folder, so that a second run is quick.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use host_artifacts::Artifacts;
use host_base::{ArtifactKind, ArtifactRef, Code, Failure, Limits, Usage, Value};
use host_cap_data::DataCapability;
use host_cap_device::DeviceCapability;
use host_cap_step::StepCapability;
use host_cap_wasi::WasiCapability;
use host_cap_wasi::http::HttpLimits;
use host_gpu::{Backend, WorkerProgram};
use host_runtime::{
    CallReport, CallRequest, CallTarget, Capability, CommandCall, Lent, PreparedComponent, Sandbox, SandboxConfig,
    StepContext,
};
use registry_cas::MemoryBlobs;
use registry_oci::Digest;
use sdk_spec::Grants;
use serde_json::Value as Json;
use tests_kit::RecordingObserver;
use tokio_util::sync::CancellationToken;

/// Long enough for a slow machine, and short enough that a device that hangs ends the test.
const DEVICE_SUBMIT_MILLIS_MAX: u64 = 30_000;

pub(crate) struct World {
    pub(crate) sandbox: Arc<Sandbox>,
    pub(crate) artifacts: Artifacts,
    pub(crate) scratch: PathBuf,
}

/// What all tests share.
pub(crate) static WORLD: LazyLock<World> = LazyLock::new(|| {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("capabilities");
    let config = SandboxConfig { pool_instances_max: 100, ..SandboxConfig::under(folder) };
    let artifacts = Artifacts::new(Arc::new(MemoryBlobs::new(1 << 30)));
    let scratch = config.scratch_folder.clone();
    World { sandbox: sandbox(config, &artifacts), artifacts, scratch }
});

pub(crate) fn sandbox(config: SandboxConfig, artifacts: &Artifacts) -> Arc<Sandbox> {
    sandbox_with(config, artifacts, WasiCapability::new(HttpLimits::default(), &[]).unwrap())
}

pub(crate) fn sandbox_with(config: SandboxConfig, artifacts: &Artifacts, wasi: WasiCapability) -> Arc<Sandbox> {
    sandbox_of(config, artifacts, wasi, Backend::Cpu, DEVICE_SUBMIT_MILLIS_MAX)
}

/// With devices whose workers are the binary of this tree.
pub(crate) fn sandbox_of(
    config: SandboxConfig,
    artifacts: &Artifacts,
    wasi: WasiCapability,
    backend: Backend,
    submit_millis_max: u64,
) -> Arc<Sandbox> {
    let program = tests_kit::binary::path().to_owned();
    let worker = WorkerProgram::new(program, backend);
    sandbox_working_with(config, artifacts, wasi, worker, submit_millis_max)
}

pub(crate) fn sandbox_working_with(
    config: SandboxConfig,
    artifacts: &Artifacts,
    wasi: WasiCapability,
    worker: WorkerProgram,
    submit_millis_max: u64,
) -> Arc<Sandbox> {
    let capabilities: Vec<Arc<dyn Capability>> = vec![
        Arc::new(DataCapability),
        Arc::new(StepCapability),
        Arc::new(DeviceCapability::new(worker, submit_millis_max)),
        Arc::new(host_cap_kernel::KernelCapability),
        Arc::new(host_cap_platform::PlatformCapability),
        Arc::new(host_cap_train::CollectiveCapability),
        Arc::new(host_cap_train::TransferCapability),
        Arc::new(wasi),
    ];
    Sandbox::new(config, artifacts.clone(), capabilities).unwrap()
}

/// How a call ended and what was heard of it.
pub(crate) struct Ended {
    pub(crate) outcome: Result<BTreeMap<String, Value>, Failure>,
    pub(crate) usage: Usage,
    pub(crate) heard: Arc<RecordingObserver>,
}

impl Ended {
    /// The plain value of the only output.
    pub(crate) fn output(&self) -> Json {
        match self.outputs().get("output") {
            Some(Value::Plain(json)) => json.clone(),
            other => panic!("no plain output: {other:?}"),
        }
    }

    pub(crate) fn outputs(&self) -> &BTreeMap<String, Value> {
        match &self.outcome {
            Ok(outputs) => outputs,
            Err(failure) => panic!("{failure}; it said: {}", self.heard.text()),
        }
    }

    /// The artifact under this name.
    pub(crate) fn artifact(&self, name: &str) -> ArtifactRef {
        match self.outputs().get(name) {
            Some(Value::Artifact(artifact)) => artifact.clone(),
            other => panic!("`{name}` is no artifact: {other:?}"),
        }
    }

    pub(crate) fn failure(&self, code: Code) -> Failure {
        match &self.outcome {
            Err(failure) if failure.code == code => failure.clone(),
            other => panic!("expected {code:?}, got {other:?}; it said: {}", self.heard.text()),
        }
    }
}

/// A call in the making.
pub(crate) struct Call {
    component: Vec<u8>,
    function: String,
    command: Option<CallTarget>,
    arguments: Vec<Value>,
    pub(crate) grants: Grants,
    pub(crate) limits: Limits,
    pub(crate) cancel: CancellationToken,
    pub(crate) lent: Lent,
}

/// A typed function of a test program.
pub(crate) fn function(program: &str, function: &str) -> Call {
    function_of(tests_kit::guests::program(program), function)
}

/// A typed function of any component.
pub(crate) fn function_of(component: Vec<u8>, function: &str) -> Call {
    Call {
        component,
        function: function.to_owned(),
        command: None,
        arguments: Vec::new(),
        grants: Grants::default(),
        limits: Limits { wall_millis_max: 60_000, ..Limits::default() },
        cancel: CancellationToken::new(),
        lent: Lent::default(),
    }
}

/// A test program that is a command. Outputs are promised as `NAME: text/plain`.
pub(crate) fn command(program: &str, args: &[&str], inputs: &[(&str, &ArtifactRef)], outputs: &[&str]) -> Call {
    let argv = std::iter::once(program).chain(args.iter().copied()).map(str::to_owned).collect();
    let inputs = inputs.iter().map(|(name, artifact)| ((*name).to_owned(), (*artifact).clone())).collect();
    let outputs = outputs.iter().map(|name| ((*name).to_owned(), "text/plain".to_owned())).collect();
    laid_out(tests_kit::guests::program(program), CommandCall::named(argv, inputs, &outputs))
}

/// A command with a layout of its own.
pub(crate) fn laid_out(component: Vec<u8>, call: CommandCall) -> Call {
    let mut laid_out = function_of(component, "");
    laid_out.command = Some(CallTarget::Command(call));
    laid_out
}

impl Call {
    pub(crate) fn plain(mut self, argument: Json) -> Self {
        self.arguments.push(Value::Plain(argument));
        self
    }

    /// The layout of a command.
    pub(crate) fn layout(&mut self) -> &mut CommandCall {
        match &mut self.command {
            Some(CallTarget::Command(layout)) => layout,
            other => panic!("no command: {other:?}"),
        }
    }

    pub(crate) fn artifact(mut self, argument: &ArtifactRef) -> Self {
        self.arguments.push(Value::Artifact(argument.clone()));
        self
    }

    pub(crate) fn limited(mut self, limit: impl FnOnce(&mut Limits)) -> Self {
        limit(&mut self.limits);
        self
    }

    pub(crate) fn granted(mut self, grant: impl FnOnce(&mut Grants)) -> Self {
        grant(&mut self.grants);
        self
    }

    pub(crate) fn lent(mut self, lent: Lent) -> Self {
        self.lent = lent;
        self
    }

    pub(crate) async fn run(self) -> Ended {
        self.run_in(&WORLD.sandbox).await
    }

    pub(crate) async fn run_in(self, sandbox: &Sandbox) -> Ended {
        let component = prepare(sandbox, &self.component).await.unwrap();
        let target = match self.command {
            Some(target) => target,
            None => {
                let interface = host_runtime::interface::interface(&self.component).unwrap();
                let signature = interface.function(&self.function).unwrap().clone();
                CallTarget::Function { signature, arguments: self.arguments }
            }
        };
        let request =
            CallRequest { target, grants: self.grants, limits: self.limits, context: context(), lent: self.lent };
        let heard = Arc::new(RecordingObserver::default());
        let CallReport { outcome, usage } = sandbox.call(&component, request, heard.clone(), self.cancel).await;
        Ended { outcome, usage, heard }
    }
}

pub(crate) fn context() -> StepContext {
    StepContext { run: "run-1".to_owned(), pipeline: "digits".to_owned(), step: "train".to_owned(), attempt: 2 }
}

pub(crate) async fn prepare(sandbox: &Sandbox, bytes: &[u8]) -> Result<Arc<PreparedComponent>, Failure> {
    let content = bytes.to_vec();
    sandbox.prepare(&Digest::sha256(bytes), || async { Ok(content) }).await
}

/// Keeps these bytes as an artifact.
pub(crate) async fn keep(kind: ArtifactKind, bytes: &[u8]) -> ArtifactRef {
    let metadata = BTreeMap::from([("made-by".to_owned(), "test".to_owned())]);
    WORLD.artifacts.put(kind, "text/plain", metadata, bytes).await.unwrap()
}

/// An artifact's bytes.
pub(crate) async fn content(artifact: &ArtifactRef) -> Vec<u8> {
    WORLD.artifacts.read_all(&artifact.digest, 1 << 30).await.unwrap().to_vec()
}
