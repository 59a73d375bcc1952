//! The package `sandmill:compute`: a graphics adapter for kernels of the guest's own.
//! Never compiles or runs anything: it checks handles and passes on what the guest asks for.

mod commands;

use host_bindings::sandmill::compute::devices::{Command, Description, Host, HostBuffer, HostDevice, HostKernel};
use host_bindings::sandmill::compute::types;
use host_bindings::sandmill::compute::types::{Error, Problem};
use host_gpu::{Buffer, ComputeDevice, DeviceError, Kernel, protocol};
use wasmtime::component::Resource;

use crate::{DeviceView, Told, answer, ended};

impl types::Host for DeviceView<'_> {}

impl Host for DeviceView<'_> {}

impl HostDevice for DeviceView<'_> {
    async fn open(&mut self) -> wasmtime::Result<Result<Resource<ComputeDevice>, Error>> {
        match answer(ComputeDevice::open(&mut self.0.own.devices).await)? {
            Ok(device) => Ok(Ok(self.0.table.push(device)?)),
            Err(error) => Ok(Err(error)),
        }
    }

    fn describe(&mut self, device: Resource<ComputeDevice>) -> wasmtime::Result<Description> {
        let device = self.0.table.get(&device)?;
        let told = device.description();
        Ok(Description {
            adapter: told.adapter.clone(),
            driver_interface: told.driver_interface.clone(),
            software: told.software,
            memory_bytes: device.limits().memory_bytes_max,
            buffer_bytes_max: told.buffer_bytes_max,
            binding_bytes_max: told.binding_bytes_max,
            bindings_max: told.bindings_max,
            workgroup_invocations_max: told.workgroup_invocations_max,
            workgroup_bytes_max: told.workgroup_bytes_max,
            groups_max: told.groups_max,
        })
    }

    async fn create_buffer(
        &mut self,
        device: Resource<ComputeDevice>,
        length_bytes: u64,
    ) -> wasmtime::Result<Result<Resource<Buffer>, Error>> {
        let device = self.0.table.get(&device)?.clone();
        match answer(device.create_buffer(length_bytes).await)? {
            Ok(buffer) => Ok(Ok(self.0.table.push(buffer)?)),
            Err(error) => Ok(Err(error)),
        }
    }

    async fn create_kernel(
        &mut self,
        device: Resource<ComputeDevice>,
        source: String,
        entry_point: String,
        constants: Vec<(String, f64)>,
    ) -> wasmtime::Result<Result<Resource<Kernel>, Error>> {
        let device = self.0.table.get(&device)?.clone();
        match answer(device.create_kernel(&source, entry_point, constants).await)? {
            Ok(kernel) => Ok(Ok(self.0.table.push(kernel)?)),
            Err(error) => Ok(Err(error)),
        }
    }

    async fn submit(
        &mut self,
        device: Resource<ComputeDevice>,
        commands: Vec<Command>,
    ) -> wasmtime::Result<Result<(), Error>> {
        let device = self.0.table.get(&device)?.clone();
        match commands::resolve(self.0.table, &device, &commands)? {
            Ok(commands) => answer(device.submit(commands).await),
            Err(error) => answer(Err(error)),
        }
    }

    async fn measure(
        &mut self,
        device: Resource<ComputeDevice>,
        commands: Vec<Command>,
    ) -> wasmtime::Result<Result<Vec<u64>, Error>> {
        if !self.0.own.clock {
            let message = "measuring needs the real clock: `grants.clock` of the step".to_owned();
            return Ok(Err(Error::Unsupported(message)));
        }
        let device = self.0.table.get(&device)?.clone();
        match commands::resolve(self.0.table, &device, &commands)? {
            Ok(commands) => answer(device.measure(commands).await),
            Err(error) => answer(Err(error)),
        }
    }

    fn drop(&mut self, device: Resource<ComputeDevice>) -> wasmtime::Result<()> {
        self.0.table.delete(device)?;
        Ok(())
    }
}

impl HostBuffer for DeviceView<'_> {
    fn length_bytes(&mut self, buffer: Resource<Buffer>) -> wasmtime::Result<u64> {
        Ok(self.0.table.get(&buffer)?.length_bytes())
    }

    async fn write(
        &mut self,
        buffer: Resource<Buffer>,
        offset_bytes: u64,
        content: Vec<u8>,
    ) -> wasmtime::Result<Result<(), Error>> {
        let buffer = self.0.table.get(&buffer)?.clone();
        answer(buffer.write(offset_bytes, &content).await)
    }

    async fn read(
        &mut self,
        buffer: Resource<Buffer>,
        offset_bytes: u64,
        length_bytes: u64,
    ) -> wasmtime::Result<Result<Vec<u8>, Error>> {
        let buffer = self.0.table.get(&buffer)?.clone();
        answer(buffer.read(offset_bytes, length_bytes).await)
    }

    async fn drop(&mut self, buffer: Resource<Buffer>) -> wasmtime::Result<()> {
        let buffer = self.0.table.delete(buffer)?;
        buffer.free().await.map_err(ended)
    }
}

impl HostKernel for DeviceView<'_> {
    async fn drop(&mut self, kernel: Resource<Kernel>) -> wasmtime::Result<()> {
        let kernel = self.0.table.delete(kernel)?;
        kernel.free().await.map_err(ended)
    }
}

impl Told for Error {
    fn told(error: DeviceError) -> Result<Self, DeviceError> {
        match error {
            DeviceError::Unsupported(missing) => Ok(Self::Unsupported(missing)),
            DeviceError::InvalidArgument(reason) => Ok(Self::InvalidArgument(reason)),
            DeviceError::InvalidKernel(problems) => {
                Ok(Self::InvalidKernel(problems.into_iter().map(to_contract).collect()))
            }
            error => Err(error),
        }
    }
}

fn to_contract(problem: protocol::Problem) -> Problem {
    Problem { message: problem.message, line: problem.line, column: problem.column }
}
