//! Capability of devices: `sandmill:tensor`, `sandmill:weights`, `sandmill:model` and `sandmill:compute`, of the memory
//! that the step was granted for all of them together.
//! Never computes and never keeps a device past its guest: it passes on what the guest asks for.

mod compute;
mod model;
mod tensor;
mod weights;

use host_base::Failure;
use host_bindings::sandmill::{compute as compute_contract, model as model_contract};
use host_bindings::sandmill::{tensor as tensor_contract, weights as weights_contract};
use host_gpu::{DeviceError, DeviceLimits, GuestDevices, WorkerProgram};
use host_runtime::guest::GuestView;
use host_runtime::limits::LimitReached;
use host_runtime::{CallRequest, Capability, GuestSetup, GuestState, Need, ProvidedImport};
use wasmtime::component::{HasData, Linker};

/// The capability.
#[derive(Clone, Debug)]
pub struct DeviceCapability {
    worker: WorkerProgram,
    submit_millis_max: u64,
}

/// What a guest was granted; by default nothing, and then nothing can be opened.
#[derive(Default)]
struct Lent {
    devices: GuestDevices,
    /// Whether it may know how long something took.
    clock: bool,
}

/// What the functions see of a guest.
struct DeviceView<'a>(GuestView<'a, Lent>);

struct Devices;

impl HasData for Devices {
    type Data<'a> = DeviceView<'a>;
}

fn view(state: &mut GuestState) -> DeviceView<'_> {
    DeviceView(state.view())
}

impl DeviceCapability {
    /// With workers of this program. No submission may take more than so many milliseconds.
    #[must_use]
    pub const fn new(worker: WorkerProgram, submit_millis_max: u64) -> Self {
        Self { worker, submit_millis_max }
    }
}

impl Capability for DeviceCapability {
    fn name(&self) -> &'static str {
        "devices"
    }

    fn provides(&self) -> &'static [ProvidedImport] {
        const PROVIDED: [ProvidedImport; 7] = [
            ProvidedImport { interface: "sandmill:tensor/types@0.1", need: Need::Nothing },
            ProvidedImport { interface: "sandmill:tensor/devices@0.1", need: Need::Device },
            // Its guests can do without: they are admitted, and told when they open a device.
            ProvidedImport { interface: "sandmill:tensor/optional-devices@0.1", need: Need::Nothing },
            ProvidedImport { interface: "sandmill:weights/files@0.1", need: Need::Device },
            ProvidedImport { interface: "sandmill:model/inference@0.1", need: Need::Device },
            ProvidedImport { interface: "sandmill:compute/types@0.1", need: Need::Nothing },
            ProvidedImport { interface: "sandmill:compute/devices@0.1", need: Need::Device },
        ];
        &PROVIDED
    }

    fn link(&self, linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
        tensor_contract::types::add_to_linker::<_, Devices>(linker, view)?;
        tensor_contract::devices::add_to_linker::<_, Devices>(linker, view)?;
        tensor_contract::optional_devices::add_to_linker::<_, Devices>(linker, view)?;
        tensor::contents::link(linker)?;
        weights_contract::files::add_to_linker::<_, Devices>(linker, view)?;
        model_contract::inference::add_to_linker::<_, Devices>(linker, view)?;
        compute_contract::types::add_to_linker::<_, Devices>(linker, view)?;
        compute_contract::devices::add_to_linker::<_, Devices>(linker, view)
    }

    fn prepare(&self, request: &CallRequest, setup: &mut GuestSetup) -> Result<(), Failure> {
        let Some(grant) = &request.grants.device else { return Ok(()) };
        let limits = DeviceLimits { memory_bytes_max: grant.memory.0, submit_millis_max: self.submit_millis_max };
        let devices = GuestDevices::granted(self.worker.clone(), limits);
        setup.extensions.insert(Lent { devices, clock: request.grants.clock });
        Ok(())
    }
}

/// A contract's words for what leaves a device as it is.
trait Told: Sized {
    /// What the guest is told; the error again where that ends its call.
    fn told(error: DeviceError) -> Result<Self, DeviceError>;
}

/// What the guest is told, or what ends its call.
fn answer<T, E: Told>(result: Result<T, DeviceError>) -> wasmtime::Result<Result<T, E>> {
    match result.map_err(E::told) {
        Ok(value) => Ok(Ok(value)),
        Err(Ok(told)) => Ok(Err(told)),
        Err(Err(error)) => Err(ended(error)),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands where results are mapped")]
fn ended(error: DeviceError) -> wasmtime::Error {
    LimitReached(error.failure()).into()
}
