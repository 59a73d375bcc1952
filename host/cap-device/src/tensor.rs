//! The package `sandmill:tensor`: a device for tensors.
//! Never computes: it passes on what the guest asks for.

pub(crate) mod contents;
mod optional;

use host_bindings::sandmill::tensor::devices::{Host, HostDevice};
use host_bindings::sandmill::tensor::types;
use host_bindings::sandmill::tensor::types::{Description, ElementSupport, Error, Tensor};
use host_gpu::{DeviceError, TensorDevice, protocol};
use wasmtime::component::Resource;

use crate::{DeviceView, Told, answer, ended};

impl types::Host for DeviceView<'_> {}

impl Host for DeviceView<'_> {}

impl HostDevice for DeviceView<'_> {
    async fn open(&mut self, operations: String) -> wasmtime::Result<Result<Resource<TensorDevice>, Error>> {
        match answer(TensorDevice::open(&mut self.0.own.devices, &operations).await)? {
            Ok(device) => Ok(Ok(self.0.table.push(device)?)),
            Err(error) => Ok(Err(error)),
        }
    }

    fn describe(&mut self, device: Resource<TensorDevice>) -> wasmtime::Result<Description> {
        Ok(description(self.0.table.get(&device)?))
    }

    async fn run(&mut self, device: Resource<TensorDevice>, operations: Vec<u8>) -> wasmtime::Result<()> {
        let device = self.0.table.get(&device)?.clone();
        device.run(&operations).await.map_err(ended)
    }

    async fn write(
        &mut self,
        _: Resource<TensorDevice>,
        _: Tensor,
        _: u64,
        _: Vec<u8>,
    ) -> wasmtime::Result<Result<(), Error>> {
        unreachable!("it is linked by `contents`")
    }

    async fn read(&mut self, _: Resource<TensorDevice>, _: Tensor, _: bool) -> wasmtime::Result<Vec<u8>> {
        unreachable!("it is linked by `contents`")
    }

    async fn synchronize(&mut self, device: Resource<TensorDevice>) -> wasmtime::Result<()> {
        let device = self.0.table.get(&device)?.clone();
        device.synchronize().await.map_err(ended)
    }

    async fn seed(&mut self, device: Resource<TensorDevice>, seed: u64) -> wasmtime::Result<()> {
        let device = self.0.table.get(&device)?.clone();
        device.seed(seed).await.map_err(ended)
    }

    fn drop(&mut self, device: Resource<TensorDevice>) -> wasmtime::Result<()> {
        self.0.table.delete(device)?;
        Ok(())
    }
}

fn description(device: &TensorDevice) -> Description {
    let told = device.description();
    Description {
        backend: told.backend.clone(),
        adapter: told.adapter.clone(),
        memory_bytes: device.limits().memory_bytes_max,
        default_float: told.default_float.into(),
        default_int: told.default_int.into(),
        default_bool: told.default_bool.into(),
        elements: told.elements.iter().map(support).collect(),
    }
}

fn support(support: &protocol::ElementSupport) -> ElementSupport {
    ElementSupport { element: support.element.into(), arithmetic: support.arithmetic, accelerated: support.accelerated }
}

impl Told for Error {
    fn told(error: DeviceError) -> Result<Self, DeviceError> {
        match error {
            DeviceError::Unsupported(known) => Ok(Self::Unsupported(known)),
            DeviceError::InvalidArgument(reason) => Ok(Self::InvalidArgument(reason)),
            error => Err(error),
        }
    }
}
