//! Capability `sandmill:model`: trained models, run on a device of the memory that the step was granted.
//! Never lets weights pass through the guest: they go from the artifacts to the device's process.

use std::sync::Arc;

use host_artifacts::Artifacts;
use host_base::{ArtifactRef, Failure};
use host_bindings::sandmill::model::inference;
use host_bindings::sandmill::model::inference::{Error, Host, HostLoadedModel, Value, ValueType};
use host_gpu::protocol::{self, NamedContent};
use host_gpu::{DeviceError, DeviceLimits, LoadedModel, ModelLoading, WorkerProgram};
use host_runtime::guest::GuestView;
use host_runtime::handles::ModelHandle;
use host_runtime::limits::LimitReached;
use host_runtime::{CallRequest, Capability, GuestSetup, GuestState, Need, ProvidedImport};
use wasmtime::component::{HasData, Linker, Resource};

/// Models that one guest may have loaded at once. Each is a process.
const MODELS_MAX: usize = 4;
/// How much of a model's file is read at a time.
const PIECE_BYTES: usize = 4 << 20;

/// The capability.
#[derive(Clone, Debug)]
pub struct ModelCapability {
    worker: WorkerProgram,
    submit_millis_max: u64,
}

/// What a guest was granted; by default nothing, and then nothing can be loaded.
#[derive(Default)]
struct Granted {
    device: Option<(WorkerProgram, DeviceLimits)>,
    loaded: usize,
}

/// What the functions see of a guest.
struct ModelView<'a>(GuestView<'a, Granted>);

struct Models;

impl HasData for Models {
    type Data<'a> = ModelView<'a>;
}

fn view(state: &mut GuestState) -> ModelView<'_> {
    ModelView(state.view())
}

impl ModelCapability {
    /// With workers of this program. Neither loading nor a run may take more than so many milliseconds.
    #[must_use]
    pub const fn new(worker: WorkerProgram, submit_millis_max: u64) -> Self {
        Self { worker, submit_millis_max }
    }
}

impl Capability for ModelCapability {
    fn name(&self) -> &'static str {
        "sandmill:model"
    }

    fn provides(&self) -> &'static [ProvidedImport] {
        const PROVIDED: [ProvidedImport; 1] =
            [ProvidedImport { interface: "sandmill:model/inference@0.1", need: Need::Device }];
        &PROVIDED
    }

    fn link(&self, linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
        inference::add_to_linker::<_, Models>(linker, view)
    }

    fn prepare(&self, request: &CallRequest, setup: &mut GuestSetup) -> Result<(), Failure> {
        let Some(grant) = &request.grants.device else { return Ok(()) };
        let limits = DeviceLimits { memory_bytes_max: grant.memory.0, submit_millis_max: self.submit_millis_max };
        setup.extensions.insert(Granted { device: Some((self.worker.clone(), limits)), loaded: 0 });
        Ok(())
    }
}

/// Sends a model's file to a worker, piece by piece.
async fn load(
    artifacts: Artifacts,
    artifact: Arc<ArtifactRef>,
    (worker, limits): (WorkerProgram, DeviceLimits),
) -> wasmtime::Result<Result<LoadedModel, DeviceError>> {
    let mut loading = match ModelLoading::begin(&worker, limits, artifact.size_bytes).await {
        Ok(loading) => loading,
        Err(error) => return Ok(Err(error)),
    };
    let mut offset_bytes = 0;
    while offset_bytes < artifact.size_bytes {
        let piece = artifacts.read(&artifact.digest, offset_bytes, PIECE_BYTES).await?;
        if piece.is_empty() {
            break;
        }
        offset_bytes += piece.len() as u64;
        if let Err(error) = loading.feed(&piece).await {
            return Ok(Err(error));
        }
    }
    Ok(loading.finish().await)
}

impl Host for ModelView<'_> {}

impl HostLoadedModel for ModelView<'_> {
    async fn load(&mut self, model: Resource<ModelHandle>) -> wasmtime::Result<Result<Resource<LoadedModel>, Error>> {
        if self.0.own.loaded == MODELS_MAX {
            return Ok(Err(Error::Invalid(format!("a step has at most {MODELS_MAX} models loaded at once"))));
        }
        let Some(device) = self.0.own.device.clone() else {
            return Ok(Err(Error::Unsupported("the step was granted no device".to_owned())));
        };
        let artifact = self.0.table.get(&model)?.artifact.clone();
        match answer(load(self.0.services.artifacts.clone(), artifact, device).await?)? {
            Ok(loaded) => {
                self.0.own.loaded += 1;
                Ok(Ok(self.0.table.push(loaded)?))
            }
            Err(error) => Ok(Err(error)),
        }
    }

    fn inputs(&mut self, model: Resource<LoadedModel>) -> wasmtime::Result<Vec<ValueType>> {
        Ok(self.0.table.get(&model)?.description().inputs.iter().map(to_contract).collect())
    }

    fn outputs(&mut self, model: Resource<LoadedModel>) -> wasmtime::Result<Vec<ValueType>> {
        Ok(self.0.table.get(&model)?.description().outputs.iter().map(to_contract).collect())
    }

    async fn run(
        &mut self,
        model: Resource<LoadedModel>,
        inputs: Vec<Value>,
    ) -> wasmtime::Result<Result<Vec<Value>, Error>> {
        let model = self.0.table.get(&model)?.clone();
        let (mut named, mut bytes) = (Vec::new(), Vec::new());
        for Value { name, element, shape, content } in inputs {
            let value = NamedContent { name, element: element.into(), shape };
            if value.content_bytes() != Some(content.len() as u64) {
                let (name, shape, length) = (&value.name, &value.shape, content.len());
                let message = format!("the input `{name}` of shape {shape:?} does not have {length} bytes");
                return Ok(Err(Error::Invalid(message)));
            }
            bytes.extend_from_slice(&content);
            named.push(value);
        }
        Ok(answer(model.run(named, &bytes).await)?.map(|(outputs, bytes)| with_content(outputs, &bytes)))
    }

    fn drop(&mut self, model: Resource<LoadedModel>) -> wasmtime::Result<()> {
        self.0.table.delete(model)?;
        self.0.own.loaded -= 1;
        Ok(())
    }
}

fn to_contract(value: &protocol::ValueType) -> ValueType {
    ValueType { name: value.name.clone(), element: value.element.into(), shape: value.shape.clone() }
}

/// Outputs, each with its part of the bytes that came behind them.
fn with_content(outputs: Vec<NamedContent>, mut bytes: &[u8]) -> Vec<Value> {
    let part = |output: NamedContent| {
        let length = usize::try_from(output.content_bytes().unwrap_or(0)).unwrap_or(0).min(bytes.len());
        let (content, rest) = bytes.split_at(length);
        bytes = rest;
        Value { name: output.name, element: output.element.into(), shape: output.shape, content: content.to_vec() }
    };
    outputs.into_iter().map(part).collect()
}

/// What the guest is told, or what ends its call.
fn answer<T>(result: Result<T, DeviceError>) -> wasmtime::Result<Result<T, Error>> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(DeviceError::Unsupported(what)) => Ok(Err(Error::Unsupported(what))),
        Err(DeviceError::InvalidArgument(reason)) => Ok(Err(Error::Invalid(reason))),
        Err(error) => Err(LimitReached(error.failure()).into()),
    }
}
