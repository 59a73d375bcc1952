//! The sandbox: prepares components and calls them.
//! Never lets a guest's store out: callers see values, logs and reports.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use host_artifacts::Artifacts;
use host_base::{Code, Failure, Usage};
use registry_oci::Digest;
use sdk_spec::{DeviceGrant, Grants};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Store, UpdateDeadline};
use wasmtime_wasi::WasiCtxBuilder;

use crate::call::{CallReport, CallRequest, CallTarget, LogStream, SharedObserver};
use crate::code_cache::CodeCache;
use crate::command::CommandFolders;
use crate::failure::Ended;
use crate::function::Outputs;
use crate::guest::{Extensions, GuestServices, GuestState};
use crate::limits::{self, MemoryLimiter};
use crate::log::{GuestLog, LogPipe};
use crate::meter::{Meter, SharedMeter};
use crate::output::OutputBudget;
use crate::prepared::{self, PreparedCache, PreparedComponent};
use crate::{
    Capability, GuestSetup, ProvidedImport, SandboxConfig, admission, command, compile, engine, failure, function,
};

/// Handles to resources of the guest's own making that it may hold at once.
const COMPONENT_HANDLES_MAX: usize = 100_000;

/// Runs guests. One per node.
pub struct Sandbox {
    config: SandboxConfig,
    engine: Engine,
    linker: Linker<GuestState>,
    capabilities: Vec<Arc<dyn Capability>>,
    provided: Vec<ProvidedImport>,
    artifacts: Artifacts,
    code: Arc<CodeCache>,
    prepared: PreparedCache,
    compilations: Semaphore,
    spare_folders: Arc<command::SpareFolders>,
    /// As many as the instance pool has room for; further calls wait.
    pub(crate) guests: Arc<Semaphore>,
}

/// What all outcomes of one call share.
pub(crate) struct Watch {
    pub(crate) meter: SharedMeter,
    pub(crate) log: Arc<GuestLog>,
    pub(crate) output: Arc<OutputBudget>,
    /// Ticks on the meter past which the guest is stopped.
    pub(crate) ticks_max: Arc<AtomicU64>,
}

impl Watch {
    pub(crate) fn new(request: &CallRequest, observer: SharedObserver) -> Self {
        Self {
            meter: Arc::new(Meter::default()),
            log: Arc::new(GuestLog::new(observer, request.limits.log_bytes_max)),
            output: Arc::new(OutputBudget::new(request.limits.output_bytes_max)),
            ticks_max: Arc::new(AtomicU64::new(request.limits.cpu_ticks_max)),
        }
    }

    pub(crate) fn usage(&self, since: Instant) -> Usage {
        Usage {
            wall_micros: u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX),
            cpu_ticks: self.meter.cpu_ticks(),
            memory_bytes_peak: self.meter.memory_bytes_peak(),
            output_bytes: self.output.written_bytes(),
            log_bytes: self.log.kept_bytes(),
            log_messages_dropped: self.log.dropped_messages(),
        }
    }
}

/// What a guest prints, on its way to the log.
pub(crate) struct Printed {
    stdout: LogPipe,
    stderr: LogPipe,
}

impl Printed {
    /// Passes on what was printed without a line's end.
    pub(crate) fn finish(&self) {
        self.stdout.finish();
        self.stderr.finish();
    }
}

impl Sandbox {
    /// Builds the engine, opens the code cache, links the capabilities and deletes what commands of an
    /// earlier process left in the scratch folder.
    ///
    /// # Errors
    /// When a folder cannot be made, or two capabilities define the same name.
    pub fn new(
        config: SandboxConfig,
        artifacts: Artifacts,
        capabilities: Vec<Arc<dyn Capability>>,
    ) -> Result<Arc<Self>, Failure> {
        let engine = engine::build(config.pool_instances_max, config.pool_resident_bytes_max)?;
        let code = Arc::new(CodeCache::open(&config.code_cache_folder, config.code_cache_bytes_max)?);
        let spare_folders = command::clean(&config.scratch_folder)?;
        let mut linker = Linker::new(&engine);
        for capability in &capabilities {
            capability.link(&mut linker).map_err(|error| {
                Failure::new(Code::Internal, format!("capability {} cannot be linked: {error:#}", capability.name()))
            })?;
        }
        engine::start_ticking(&engine)?;
        Ok(Arc::new(Self {
            provided: capabilities.iter().flat_map(|capability| capability.provides()).copied().collect(),
            prepared: PreparedCache::new(config.prepared_components_max),
            spare_folders,
            compilations: Semaphore::new(config.compilations_at_once_max.max(1)),
            guests: Arc::new(Semaphore::new(config.pool_instances_max as usize)),
            config,
            engine,
            linker,
            capabilities,
            artifacts,
            code,
        }))
    }

    /// Whether a component that imports these interfaces may be run with these grants.
    ///
    /// # Errors
    /// When one of them is unknown here, or needs a grant that is not there; names both.
    pub fn admit(&self, imports: &[String], grants: &Grants) -> Result<(), Failure> {
        admission::admit(&self.provided, imports, grants)
    }

    /// Whether `prepare` can do without the component's bytes, unless the cached code is damaged.
    #[must_use]
    pub fn is_cached(&self, digest: &Digest) -> bool {
        self.prepared.has(digest) || self.code.has(&self.engine, digest)
    }

    /// A component, ready to be called: from memory, else from compiled code on disk, else compiled
    /// now from what `load` brings. Several callers at once share the work.
    ///
    /// # Errors
    /// What `load` fails with; when the bytes are not those of the digest or no component; when it
    /// imports what this host does not have.
    pub async fn prepare<B, F, L>(&self, digest: &Digest, load: L) -> Result<Arc<PreparedComponent>, Failure>
    where
        B: AsRef<[u8]> + Send + 'static,
        F: Future<Output = Result<B, Failure>> + Send,
        L: FnOnce() -> F + Send,
    {
        let slot = self.prepared.slot(digest);
        let component = slot.get_or_try_init(|| self.make_ready(digest, load)).await?;
        Ok(component.clone())
    }

    async fn make_ready<B, F, L>(&self, digest: &Digest, load: L) -> Result<Arc<PreparedComponent>, Failure>
    where
        B: AsRef<[u8]> + Send + 'static,
        F: Future<Output = Result<B, Failure>> + Send,
        L: FnOnce() -> F + Send,
    {
        let component = match self.load_cached(digest).await? {
            Some(component) => component,
            None => self.compile(digest, load().await?).await?,
        };
        let imports = prepared::imports(&self.engine, &component);
        // With every grant given, what is left are imports that no grant could provide.
        let all = Grants { http: vec![String::new()], device: Some(DeviceGrant::default()), ..Grants::default() };
        self.admit(&imports, &all)?;
        let instance = self.linker.instantiate_pre(&component).map_err(|error| {
            Failure::new(Code::UnknownImport, format!("the component does not fit this host: {error:#}"))
                .with_hint("rebuild it against this release's wit/ packages")
        })?;
        Ok(Arc::new(PreparedComponent::new(digest.clone(), instance)))
    }

    async fn load_cached(&self, digest: &Digest) -> Result<Option<Component>, Failure> {
        if !self.code.has(&self.engine, digest) {
            return Ok(None);
        }
        let (engine, code, digest) = (self.engine.clone(), self.code.clone(), digest.clone());
        blocking(move || code.load(&engine, &digest)).await
    }

    async fn compile<B: AsRef<[u8]> + Send + 'static>(&self, digest: &Digest, bytes: B) -> Result<Component, Failure> {
        let _permit = self.compilations.acquire().await;
        let (engine, code, digest) = (self.engine.clone(), self.code.clone(), digest.clone());
        blocking(move || compile::compile(&engine, &code, &digest, bytes.as_ref())).await?
    }

    /// Calls a component. Whatever happens is in the report: this neither fails nor panics.
    ///
    /// A call that is dropped, like one that is cancelled, leaves nothing behind.
    pub async fn call(
        &self,
        component: &Arc<PreparedComponent>,
        request: CallRequest,
        observer: SharedObserver,
        cancel: CancellationToken,
    ) -> CallReport {
        let watch = Watch::new(&request, observer.clone());
        let started = Instant::now();
        let wall = Duration::from_millis(request.limits.wall_millis_max);
        let outcome = tokio::select! {
            biased;
            () = cancel.cancelled() => Err(cancelled()),
            () = tokio::time::sleep(wall) => Err(limits::wall(&request.limits).0),
            outcome = Box::pin(self.run(component, &request, observer, &watch)) => outcome,
        };
        let outcome = outcome.map_err(|failure| watch.output.exceeded().unwrap_or(failure));
        let usage = watch.usage(started);
        CallReport { outcome, usage }
    }

    async fn run(
        &self,
        component: &PreparedComponent,
        request: &CallRequest,
        observer: SharedObserver,
        watch: &Watch,
    ) -> Result<Outputs, Failure> {
        let _permit = self.guests.acquire().await;
        let (setup, services, printed) = self.set_up(component, request, observer, watch)?;
        let outcome = self.call_target(component, request, setup, services, watch).await;
        printed.finish();
        outcome.map_err(|ended| failure::explain(ended, &request.limits, &watch.log))
    }

    /// A guest in the making: admitted, and with what its grants open to it.
    pub(crate) fn set_up(
        &self,
        component: &PreparedComponent,
        request: &CallRequest,
        observer: SharedObserver,
        watch: &Watch,
    ) -> Result<(GuestSetup, GuestServices, Printed), Failure> {
        self.admit(component.imports(), &request.grants)?;
        let mut setup = GuestSetup { wasi: WasiCtxBuilder::new(), extensions: Extensions::default() };
        crate::deterministic::apply(&mut setup.wasi);
        let stdout = LogPipe::new(watch.log.clone(), LogStream::Stdout);
        let stderr = LogPipe::new(watch.log.clone(), LogStream::Stderr);
        setup.wasi.stdout(stdout.clone()).stderr(stderr.clone());
        for capability in &self.capabilities {
            capability.prepare(request, &mut setup)?;
        }
        let services = GuestServices {
            artifacts: self.artifacts.clone(),
            log: watch.log.clone(),
            observer,
            output: watch.output.clone(),
            context: Arc::new(request.context.clone()),
        };
        Ok((setup, services, Printed { stdout, stderr }))
    }

    async fn call_target(
        &self,
        component: &PreparedComponent,
        request: &CallRequest,
        mut setup: GuestSetup,
        services: GuestServices,
        watch: &Watch,
    ) -> Result<Outputs, Ended> {
        match &request.target {
            CallTarget::Function { signature, arguments } => {
                let store = self.store(setup, services, request, watch);
                function::call(store, component, signature, arguments).await
            }
            CallTarget::Command(call) => {
                let folders =
                    CommandFolders::make(&self.config.scratch_folder, &self.spare_folders, &self.artifacts, call)
                        .await?;
                folders.open(&mut setup.wasi, call, &request.grants.environment)?;
                let store = self.store(setup, services, request, watch);
                let ended = command::call(store, component, &folders, &watch.output).await;
                let has_ended = ended.is_ok();
                let collected = match ended {
                    Ok(()) => folders.collect(&self.artifacts, call, &watch.output).await.map_err(Ended::from),
                    Err(ended) => Err(ended),
                };
                folders.remove(has_ended).await;
                collected
            }
            CallTarget::Living => {
                let message = "a guest that lives on is opened, and then called by whoever holds it";
                Err(Failure::new(Code::Internal, message).into())
            }
        }
    }

    pub(crate) fn store(
        &self,
        mut setup: GuestSetup,
        services: GuestServices,
        request: &CallRequest,
        watch: &Watch,
    ) -> Store<GuestState> {
        let limiter = MemoryLimiter::new(request.limits.clone(), watch.meter.clone());
        let state = GuestState::new(setup.wasi.build(), services, setup.extensions, limiter);
        let mut store = Store::new(&self.engine, state);
        store.limiter(|state| &mut state.limiter);
        store.set_hostcall_fuel(usize::try_from(request.limits.host_call_bytes_max).unwrap_or(usize::MAX));
        store.set_max_component_handles(COMPONENT_HANDLES_MAX);
        store.set_epoch_deadline(1);
        let (meter, limits, ticks_max) = (watch.meter.clone(), request.limits.clone(), watch.ticks_max.clone());
        store.epoch_deadline_callback(move |_| {
            if meter.tick() > ticks_max.load(Ordering::Relaxed) {
                return Err(limits::cpu(&limits).into());
            }
            // Each tick makes way for others, so that a guest that never waits cannot starve the node.
            Ok(UpdateDeadline::Yield(1))
        });
        store
    }
}

/// Runs work that blocks on a thread for that.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Failure::new(Code::Internal, format!("preparing a component broke off: {error}")))
}

pub(crate) fn cancelled() -> Failure {
    Failure::new(Code::Cancelled, "the run was cancelled").with_hint("try it again with `sandmill run retry`")
}
