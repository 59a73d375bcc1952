//! Devices for guests that can do without one, and that are told what ends other guests' calls.
//! Never ends a call for what a device does: whoever lives on has more to lose than its tensors.

use host_base::{Code, Failure};
use host_bindings::sandmill::tensor::optional_devices::{Failure as Told, Host, HostDevice};
use host_bindings::sandmill::tensor::types::{Description, Tensor};
use host_gpu::{DeviceError, TensorDevice};
use wasmtime::component::Resource;

use super::description;
use crate::DeviceView;

impl Host for DeviceView<'_> {}

impl HostDevice for DeviceView<'_> {
    async fn open(&mut self, operations: String) -> wasmtime::Result<Result<Resource<TensorDevice>, Told>> {
        if !self.0.own.devices.are_granted() {
            return Ok(Err(told(nothing_granted(), false)));
        }
        match TensorDevice::open(&mut self.0.own.devices, &operations).await {
            Ok(device) => Ok(Ok(self.0.table.push(device)?)),
            Err(error) => Ok(Err(failure(&error))),
        }
    }

    fn describe(&mut self, device: Resource<TensorDevice>) -> wasmtime::Result<Description> {
        Ok(description(self.0.table.get(&device)?))
    }

    async fn run(&mut self, device: Resource<TensorDevice>, operations: Vec<u8>) -> wasmtime::Result<Result<(), Told>> {
        let device = self.0.table.get(&device)?.clone();
        Ok(device.run(&operations).await.map_err(|error| failure(&error)))
    }

    async fn write(
        &mut self,
        _: Resource<TensorDevice>,
        _: Tensor,
        _: u64,
        _: Vec<u8>,
    ) -> wasmtime::Result<Result<(), Told>> {
        unreachable!("it is linked by `contents`")
    }

    async fn read(&mut self, _: Resource<TensorDevice>, _: Tensor, _: bool) -> wasmtime::Result<Result<Vec<u8>, Told>> {
        unreachable!("it is linked by `contents`")
    }

    async fn synchronize(&mut self, device: Resource<TensorDevice>) -> wasmtime::Result<Result<(), Told>> {
        let device = self.0.table.get(&device)?.clone();
        Ok(device.synchronize().await.map_err(|error| failure(&error)))
    }

    async fn seed(&mut self, device: Resource<TensorDevice>, seed: u64) -> wasmtime::Result<Result<(), Told>> {
        let device = self.0.table.get(&device)?.clone();
        Ok(device.seed(seed).await.map_err(|error| failure(&error)))
    }

    fn drop(&mut self, device: Resource<TensorDevice>) -> wasmtime::Result<()> {
        self.0.table.delete(device)?;
        Ok(())
    }
}

fn nothing_granted() -> Failure {
    Failure::new(Code::GrantNotAllowed, "the code opens a device for tensors and was granted none").with_hint(
        "write `grants: { device: { memory: 256MiB } }` for the step; for sessions of notebooks, start the node with \
         `sandmill up --notebook-device-memory-mib 256` and begin another session",
    )
}

pub(super) fn failure(error: &DeviceError) -> Told {
    told(error.failure(), !error.leaves_device())
}

fn told(failure: Failure, device_gone: bool) -> Told {
    Told { code: failure.code.as_str().to_owned(), message: failure.message, hint: failure.hint, device_gone }
}
