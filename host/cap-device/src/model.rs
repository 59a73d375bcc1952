//! The package `sandmill:model`: trained models that are run on a device.
//! Never lets weights pass through the guest: they go from the artifacts to the device's process.

use host_artifacts::Artifacts;
use host_base::ArtifactRef;
use host_bindings::sandmill::model::inference::{Error, Host, HostLoadedModel, Value, ValueType};
use host_gpu::protocol::{self, NamedContent};
use host_gpu::{DeviceError, GuestDevices, LoadedModel, ModelLoading};
use host_runtime::handles::ModelHandle;
use wasmtime::component::Resource;

use crate::{DeviceView, Told, answer};

/// How much of a model's file is read at a time.
const PIECE_BYTES: usize = 4 << 20;

/// Sends a model's file to a worker, piece by piece.
async fn load(
    artifacts: &Artifacts,
    artifact: &ArtifactRef,
    devices: &mut GuestDevices,
) -> wasmtime::Result<Result<LoadedModel, DeviceError>> {
    let loading = match ModelLoading::begin(devices, artifact.size_bytes).await {
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

impl Host for DeviceView<'_> {}

impl HostLoadedModel for DeviceView<'_> {
    async fn load(&mut self, model: Resource<ModelHandle>) -> wasmtime::Result<Result<Resource<LoadedModel>, Error>> {
        let artifact = self.0.table.get(&model)?.artifact.clone();
        match answer(load(&self.0.services.artifacts, &artifact, &mut self.0.own.devices).await?)? {
            Ok(loaded) => Ok(Ok(self.0.table.push(loaded)?)),
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

impl Told for Error {
    fn told(error: DeviceError) -> Result<Self, DeviceError> {
        match error {
            DeviceError::Unsupported(what) => Ok(Self::Unsupported(what)),
            DeviceError::InvalidArgument(reason) => Ok(Self::Invalid(reason)),
            error => Err(error),
        }
    }
}
