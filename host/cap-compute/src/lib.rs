//! Capability `sandmill:compute`: a graphics adapter for kernels of the guest's own, with the memory that the step
//! was granted.
//! Never compiles or runs anything: it checks handles and passes on what the guest asks for.

mod commands;

use host_base::Failure;
use host_bindings::sandmill::compute::devices::{Command, Description, Host, HostBuffer, HostDevice, HostKernel};
use host_bindings::sandmill::compute::types::{Error, Problem};
use host_bindings::sandmill::compute::{devices, types};
use host_gpu::{Buffer, ComputeDevice, DeviceError, DeviceLimits, Kernel, WorkerProgram};
use host_runtime::guest::GuestView;
use host_runtime::limits::LimitReached;
use host_runtime::{CallRequest, Capability, GuestSetup, GuestState, Need, ProvidedImport};
use wasmtime::component::{HasData, Linker, Resource};

/// Devices that one guest may have open at once. Each is a process.
const DEVICES_MAX: usize = 4;

/// The capability.
#[derive(Clone, Debug)]
pub struct ComputeCapability {
    worker: WorkerProgram,
    submit_millis_max: u64,
}

/// What a guest was granted; by default nothing, and then nothing can be opened.
#[derive(Default)]
struct Granted {
    device: Option<(WorkerProgram, DeviceLimits)>,
    /// Whether it may know how long something took.
    clock: bool,
    open: usize,
}

/// What the functions see of a guest.
struct ComputeView<'a>(GuestView<'a, Granted>);

struct Compute;

impl HasData for Compute {
    type Data<'a> = ComputeView<'a>;
}

fn view(state: &mut GuestState) -> ComputeView<'_> {
    ComputeView(state.view())
}

impl ComputeCapability {
    /// With workers of this program. No submission may take more than so many milliseconds.
    #[must_use]
    pub const fn new(worker: WorkerProgram, submit_millis_max: u64) -> Self {
        Self { worker, submit_millis_max }
    }
}

impl Capability for ComputeCapability {
    fn name(&self) -> &'static str {
        "sandmill:compute"
    }

    fn provides(&self) -> &'static [ProvidedImport] {
        const PROVIDED: [ProvidedImport; 2] = [
            ProvidedImport { interface: "sandmill:compute/types@0.1", need: Need::Nothing },
            ProvidedImport { interface: "sandmill:compute/devices@0.1", need: Need::Device },
        ];
        &PROVIDED
    }

    fn link(&self, linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
        types::add_to_linker::<_, Compute>(linker, view)?;
        devices::add_to_linker::<_, Compute>(linker, view)
    }

    fn prepare(&self, request: &CallRequest, setup: &mut GuestSetup) -> Result<(), Failure> {
        let Some(grant) = &request.grants.device else { return Ok(()) };
        let limits = DeviceLimits { memory_bytes_max: grant.memory.0, submit_millis_max: self.submit_millis_max };
        let device = Some((self.worker.clone(), limits));
        setup.extensions.insert(Granted { device, clock: request.grants.clock, open: 0 });
        Ok(())
    }
}

impl types::Host for ComputeView<'_> {}

impl Host for ComputeView<'_> {}

impl HostDevice for ComputeView<'_> {
    async fn open(&mut self) -> wasmtime::Result<Result<Resource<ComputeDevice>, Error>> {
        let Some((worker, limits)) = &self.0.own.device else {
            return Ok(Err(Error::Unsupported("the step was granted no device".to_owned())));
        };
        if self.0.own.open == DEVICES_MAX {
            let message = format!("a step has at most {DEVICES_MAX} devices open at once");
            return Ok(Err(Error::InvalidArgument(message)));
        }
        match answer(ComputeDevice::open(worker, *limits).await)? {
            Ok(device) => {
                self.0.own.open += 1;
                Ok(Ok(self.0.table.push(device)?))
            }
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
        self.0.own.open -= 1;
        Ok(())
    }
}

impl HostBuffer for ComputeView<'_> {
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

impl HostKernel for ComputeView<'_> {
    async fn drop(&mut self, kernel: Resource<Kernel>) -> wasmtime::Result<()> {
        let kernel = self.0.table.delete(kernel)?;
        kernel.free().await.map_err(ended)
    }
}

/// What the guest is told, or what ends its call.
fn answer<T>(result: Result<T, DeviceError>) -> wasmtime::Result<Result<T, Error>> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(DeviceError::Unsupported(missing)) => Ok(Err(Error::Unsupported(missing))),
        Err(DeviceError::InvalidArgument(reason)) => Ok(Err(Error::InvalidArgument(reason))),
        Err(DeviceError::InvalidKernel(problems)) => {
            let problems = problems.into_iter();
            let problems = problems.map(|problem| Problem {
                message: problem.message,
                line: problem.line,
                column: problem.column,
            });
            Ok(Err(Error::InvalidKernel(problems.collect())))
        }
        Err(error) => Err(ended(error)),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands where results are mapped")]
fn ended(error: DeviceError) -> wasmtime::Error {
    LimitReached(error.failure()).into()
}
