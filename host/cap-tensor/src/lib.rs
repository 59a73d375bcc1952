//! Capability `sandmill:tensor`: a device for tensors, of the memory that the step was granted.
//! Never computes and never keeps a device past its guest: it passes on what the guest asks for.

mod optional;

use host_base::Failure;
use host_bindings::sandmill::tensor::devices::{Host, HostDevice};
use host_bindings::sandmill::tensor::types::{Description, ElementSupport, Error, Tensor};
use host_bindings::sandmill::tensor::{devices, optional_devices, types};
use host_gpu::{DeviceError, DeviceLimits, TensorDevice, WorkerProgram, protocol};
use host_runtime::guest::GuestView;
use host_runtime::limits::LimitReached;
use host_runtime::{CallRequest, Capability, GuestSetup, GuestState, Need, ProvidedImport};
use wasmtime::component::{HasData, Linker, Resource};

/// Devices that one guest may have open at once. Each is a process.
const DEVICES_MAX: usize = 4;

/// The capability.
#[derive(Clone, Debug)]
pub struct TensorCapability {
    worker: WorkerProgram,
    submit_millis_max: u64,
}

/// What a guest was granted; by default nothing, and then nothing can be opened.
#[derive(Default)]
struct Granted {
    device: Option<(WorkerProgram, DeviceLimits)>,
    open: usize,
}

/// What the functions see of a guest.
struct TensorView<'a>(GuestView<'a, Granted>);

struct Tensors;

impl HasData for Tensors {
    type Data<'a> = TensorView<'a>;
}

fn view(state: &mut GuestState) -> TensorView<'_> {
    TensorView(state.view())
}

impl TensorCapability {
    /// With workers of this program. No submission may take more than so many milliseconds.
    #[must_use]
    pub const fn new(worker: WorkerProgram, submit_millis_max: u64) -> Self {
        Self { worker, submit_millis_max }
    }
}

impl Capability for TensorCapability {
    fn name(&self) -> &'static str {
        "sandmill:tensor"
    }

    fn provides(&self) -> &'static [ProvidedImport] {
        const PROVIDED: [ProvidedImport; 3] = [
            ProvidedImport { interface: "sandmill:tensor/types@0.1", need: Need::Nothing },
            ProvidedImport { interface: "sandmill:tensor/devices@0.1", need: Need::Device },
            // Its guests can do without: they are admitted, and told when they open a device.
            ProvidedImport { interface: "sandmill:tensor/optional-devices@0.1", need: Need::Nothing },
        ];
        &PROVIDED
    }

    fn link(&self, linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
        types::add_to_linker::<_, Tensors>(linker, view)?;
        devices::add_to_linker::<_, Tensors>(linker, view)?;
        optional_devices::add_to_linker::<_, Tensors>(linker, view)
    }

    fn prepare(&self, request: &CallRequest, setup: &mut GuestSetup) -> Result<(), Failure> {
        let Some(grant) = &request.grants.device else { return Ok(()) };
        let limits = DeviceLimits { memory_bytes_max: grant.memory.0, submit_millis_max: self.submit_millis_max };
        setup.extensions.insert(Granted { device: Some((self.worker.clone(), limits)), open: 0 });
        Ok(())
    }
}

impl types::Host for TensorView<'_> {}

impl Host for TensorView<'_> {}

impl TensorView<'_> {
    /// Opens a device, as far as the guest was granted one.
    async fn open_granted(&mut self, operations: &str) -> Result<TensorDevice, DeviceError> {
        let Some((worker, limits)) = &self.0.own.device else {
            return Err(DeviceError::Unsupported("the step was granted no device".to_owned()));
        };
        if self.0.own.open == DEVICES_MAX {
            let message = format!("a step has at most {DEVICES_MAX} devices open at once");
            return Err(DeviceError::InvalidArgument(message));
        }
        let device = TensorDevice::open(worker, operations, *limits).await?;
        self.0.own.open += 1;
        Ok(device)
    }

    fn close(&mut self, device: Resource<TensorDevice>) -> wasmtime::Result<()> {
        self.0.table.delete(device)?;
        self.0.own.open -= 1;
        Ok(())
    }
}

impl HostDevice for TensorView<'_> {
    async fn open(&mut self, operations: String) -> wasmtime::Result<Result<Resource<TensorDevice>, Error>> {
        match answer(self.open_granted(&operations).await)? {
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
        device: Resource<TensorDevice>,
        tensor: Tensor,
        offset_bytes: u64,
        content: Vec<u8>,
    ) -> wasmtime::Result<Result<(), Error>> {
        let device = self.0.table.get(&device)?.clone();
        answer(device.write(from_contract(tensor), offset_bytes, &content).await)
    }

    async fn read(
        &mut self,
        device: Resource<TensorDevice>,
        tensor: Tensor,
        last_use: bool,
    ) -> wasmtime::Result<Vec<u8>> {
        let device = self.0.table.get(&device)?.clone();
        device.read(from_contract(tensor), last_use).await.map_err(ended)
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
        self.close(device)
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

fn from_contract(tensor: Tensor) -> protocol::Tensor {
    protocol::Tensor { id: tensor.id, element: tensor.element.into(), shape: tensor.shape }
}

/// What the guest is told, or what ends its call.
fn answer<T>(result: Result<T, DeviceError>) -> wasmtime::Result<Result<T, Error>> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(DeviceError::Unsupported(known)) => Ok(Err(Error::Unsupported(known))),
        Err(DeviceError::InvalidArgument(reason)) => Ok(Err(Error::InvalidArgument(reason))),
        Err(error) => Err(ended(error)),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands where results are mapped")]
fn ended(error: DeviceError) -> wasmtime::Error {
    LimitReached(error.failure()).into()
}
