//! A worker: a living guest that exports `sandmill:train/trainable`, called one step at a time.
//! Never keeps what a step reports; it hands it on.

use std::sync::Arc;

use host_artifacts::Artifacts;
use host_base::{ArtifactRef, Code, Failure, Usage};
use host_bindings::sandmill::step::types::Failure as GuestFailure;
use host_bindings::trainable::TrainableComponent;
use host_bindings::trainable::exports::sandmill::train::trainable::{
    Guest, Metric, Setting as WitSetting, Spec as WitSpec,
};
use host_runtime::guest::GuestState;
use host_runtime::handles::{ArtifactHandle, DataSetHandle, Handle, HandleKind, ModelHandle};
use host_runtime::{CallLimits, CallRequest, LivingGuest, PreparedComponent, Sandbox, SharedObserver};
use tokio_util::sync::CancellationToken;
use wasmtime::Store;
use wasmtime::component::Resource;

/// The interface that a component exports to be trained.
pub const TRAINABLE: &str = "sandmill:train/trainable@0.1.0";

/// Metrics of one report; `wit/` says so too.
const METRICS_MAX: usize = 64;
/// Bytes of a metric's name.
const METRIC_NAME_BYTES_MAX: usize = 256;

/// What a hyper-parameter is set to.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// True or false.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
}

/// What a worker is told of its job.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    /// Which worker this is, counted from 0.
    pub rank: u32,
    /// How many there are.
    pub size: u32,
    /// Where all random numbers come from.
    pub seed: u64,
    /// Hyper-parameters, sorted by name.
    pub settings: Vec<(String, Setting)>,
    /// Data sets by name.
    pub data_sets: Vec<(String, ArtifactRef)>,
    /// Models to begin from, by name.
    pub models: Vec<(String, ArtifactRef)>,
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Stepped {
    /// Names and values, as the guest reported them.
    pub metrics: Vec<(String, f64)>,
    /// Whether the worker has nothing more to learn.
    pub done: bool,
}

/// A worker.
pub struct Trainee {
    guest: LivingGuest,
    exports: Arc<Guest>,
    limits: CallLimits,
    cancel: CancellationToken,
}

impl Trainee {
    /// Starts a guest; nothing of the job is told to it yet.
    ///
    /// # Errors
    /// When the component is not admitted, does not start, or cannot be trained.
    pub async fn start(
        sandbox: &Sandbox,
        component: &PreparedComponent,
        request: &CallRequest,
        observer: SharedObserver,
        cancel: CancellationToken,
    ) -> Result<Self, Failure> {
        let limits = CallLimits::of(&request.limits);
        let mut guest = Box::pin(sandbox.open(component, request, observer, &cancel)).await?;
        let exports = guest
            .call(limits, &cancel, |store, instance| {
                Box::pin(async move {
                    let world = TrainableComponent::new(store, &instance)?;
                    Ok(world.sandmill_train_trainable().clone())
                })
            })
            .await
            .map_err(|failure| not_trainable(&failure))?;
        Ok(Self { guest, exports: Arc::new(exports), limits, cancel })
    }

    /// Whether it can be called again. A call that failed because the guest itself said so leaves it alive.
    #[must_use]
    pub const fn is_alive(&self) -> bool {
        self.guest.is_alive()
    }

    /// What it has used since its start.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.guest.usage()
    }

    /// Where checkpoints are written to and read from.
    pub fn keep_artifacts_in(&mut self, artifacts: Artifacts) {
        self.guest.keep_artifacts_in(artifacts);
    }

    /// Tells the worker of its job.
    ///
    /// # Errors
    /// What the guest says, and whatever ends a guest.
    pub async fn init(&mut self, spec: Spec) -> Result<(), Failure> {
        let exports = self.exports.clone();
        let answer = self
            .guest
            .call(self.limits, &self.cancel, |store, _| {
                Box::pin(async move {
                    let data_sets = handles::<DataSetHandle>(store, &spec.data_sets)?;
                    let models = handles::<ModelHandle>(store, &spec.models)?;
                    exports.call_init(store, &to_wit(&spec), &data_sets, &models).await
                })
            })
            .await?;
        self.heard(answer)
    }

    /// Makes one step.
    ///
    /// # Errors
    /// As [`Trainee::init`].
    pub async fn step(&mut self) -> Result<Stepped, Failure> {
        let exports = self.exports.clone();
        let answer = self
            .guest
            .call(self.limits, &self.cancel, |store, _| Box::pin(async move { exports.call_step(store).await }))
            .await?;
        let progress = self.heard(answer)?;
        Ok(Stepped { metrics: metrics(progress.metrics)?, done: progress.done })
    }

    /// Measures the present state.
    ///
    /// # Errors
    /// As [`Trainee::init`].
    pub async fn evaluate(&mut self) -> Result<Vec<(String, f64)>, Failure> {
        let exports = self.exports.clone();
        let answer = self
            .guest
            .call(self.limits, &self.cancel, |store, _| Box::pin(async move { exports.call_evaluate(store).await }))
            .await?;
        metrics(self.heard(answer)?)
    }

    /// Writes the state down.
    ///
    /// # Errors
    /// As [`Trainee::init`].
    pub async fn checkpoint(&mut self) -> Result<ArtifactRef, Failure> {
        let exports = self.exports.clone();
        let answer = self
            .guest
            .call(self.limits, &self.cancel, |store, _| {
                Box::pin(async move {
                    match exports.call_checkpoint(&mut *store).await? {
                        Ok(handle) => Ok(Ok(taken(store, handle)?)),
                        Err(failure) => Ok(Err(failure)),
                    }
                })
            })
            .await?;
        self.heard(answer)
    }

    /// Goes back to a state that was written down.
    ///
    /// # Errors
    /// As [`Trainee::init`].
    pub async fn restore(&mut self, checkpoint: ArtifactRef) -> Result<(), Failure> {
        let exports = self.exports.clone();
        let answer = self
            .guest
            .call(self.limits, &self.cancel, |store, _| {
                Box::pin(async move {
                    let handle = store.data_mut().table().push(ArtifactHandle::new(checkpoint))?;
                    let lent = Resource::new_borrow(handle.rep());
                    let answer = exports.call_restore(&mut *store, lent).await?;
                    store.data_mut().table().delete(handle)?;
                    Ok(answer)
                })
            })
            .await?;
        self.heard(answer)
    }

    /// Writes the model.
    ///
    /// # Errors
    /// As [`Trainee::init`].
    pub async fn finish(&mut self) -> Result<ArtifactRef, Failure> {
        let exports = self.exports.clone();
        let answer = self
            .guest
            .call(self.limits, &self.cancel, |store, _| {
                Box::pin(async move {
                    match exports.call_finish(&mut *store).await? {
                        Ok(handle) => Ok(Ok(taken(store, handle)?)),
                        Err(failure) => Ok(Err(failure)),
                    }
                })
            })
            .await?;
        self.heard(answer)
    }

    /// What the guest answered, or why that does not count: more was written than allowed, whatever it made of that.
    fn heard<T>(&self, answer: Result<T, GuestFailure>) -> Result<T, Failure> {
        if let Some(failure) = self.guest.output_exceeded() {
            return Err(failure);
        }
        answer.map_err(|GuestFailure { message, hint, retryable }| Failure {
            code: Code::StepFailed,
            message,
            hint,
            retryable,
        })
    }
}

fn not_trainable(failure: &Failure) -> Failure {
    let message = format!("the component cannot be trained, it does not export `{TRAINABLE}`: {}", failure.message);
    Failure::new(Code::FunctionNotFound, message).with_hint("write it with `#[trainable]` of sdk-guest")
}

fn to_wit(spec: &Spec) -> WitSpec {
    let setting = |(name, setting): &(String, Setting)| {
        let setting = match setting {
            Setting::Flag(flag) => WitSetting::Flag(*flag),
            Setting::Whole(whole) => WitSetting::Whole(*whole),
            Setting::Number(number) => WitSetting::Number(*number),
            Setting::Text(text) => WitSetting::Text(text.clone()),
        };
        (name.clone(), setting)
    };
    let names = |artifacts: &[(String, ArtifactRef)]| artifacts.iter().map(|(name, _)| name.clone()).collect();
    WitSpec {
        rank: spec.rank,
        size: spec.size,
        seed: spec.seed,
        settings: spec.settings.iter().map(setting).collect(),
        data_sets: names(&spec.data_sets),
        models: names(&spec.models),
    }
}

/// Handles to hand over, which are the guest's from then on.
fn handles<H: MakeHandle>(
    store: &mut Store<GuestState>,
    artifacts: &[(String, ArtifactRef)],
) -> wasmtime::Result<Vec<Resource<H>>> {
    let table = store.data_mut().table();
    artifacts.iter().map(|(_, artifact)| Ok(table.push(H::make(artifact.clone()))?)).collect()
}

/// What a handle that the guest gave back refers to.
fn taken<K: HandleKind>(store: &mut Store<GuestState>, handle: Resource<Handle<K>>) -> wasmtime::Result<ArtifactRef> {
    Ok(store.data_mut().table().delete(handle)?.artifact.as_ref().clone())
}

trait MakeHandle: Send + 'static {
    fn make(artifact: ArtifactRef) -> Self;
}

impl<K: HandleKind> MakeHandle for Handle<K> {
    fn make(artifact: ArtifactRef) -> Self {
        Self::new(artifact)
    }
}

/// A report, or the failure of a step that reports more than can be kept.
fn metrics(reported: Vec<Metric>) -> Result<Vec<(String, f64)>, Failure> {
    if reported.len() > METRICS_MAX {
        let message = format!("the step reports {} metrics; at most {METRICS_MAX} fit", reported.len());
        return Err(Failure::new(Code::HostCallLimit, message).with_hint("report fewer, or write them to the log"));
    }
    let too_long = reported.iter().find(|metric| metric.name.is_empty() || metric.name.len() > METRIC_NAME_BYTES_MAX);
    if let Some(metric) = too_long {
        let length = metric.name.len();
        let message =
            format!("the step reports a metric whose name has {length} bytes, not 1 to {METRIC_NAME_BYTES_MAX}");
        return Err(Failure::new(Code::HostCallLimit, message).with_hint("give it a shorter name"));
    }
    Ok(reported.into_iter().map(|metric| (metric.name, metric.value)).collect())
}
