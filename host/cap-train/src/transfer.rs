//! Capability `sandmill:transfer`: numbers between a device's tensors and the buffers that workers share.
//! Never lets a guest see one of them: it names tensors, and is told how many numbers were copied.

use std::sync::Arc;

use host_base::Failure;
use host_bindings::sandmill::tensor::types::{Error, Tensor as WitTensor};
use host_bindings::sandmill::transfer::transfer::{self, Host};
use host_collective::{OutOfRange, SharedBuffer};
use host_gpu::protocol::{Element, Tensor};
use host_gpu::{DeviceError, TensorDevice};
use host_runtime::guest::GuestView;
use host_runtime::limits::LimitReached;
use host_runtime::{CallRequest, Capability, GuestSetup, GuestState, Need, ProvidedImport};
use wasmtime::component::{HasData, Linker, Resource};

/// Tensors that one call moves at most, and dimensions of each; `wit/` says so too.
const TENSORS_MAX: usize = 512;
const DIMENSIONS_MAX: usize = 8;

/// What a function of the package returns: the outer error ends the guest, the inner one it sees.
type Answer<T> = wasmtime::Result<Result<T, Error>>;

/// The capability.
#[derive(Clone, Copy, Debug, Default)]
pub struct TransferCapability;

struct Transfer;

impl HasData for Transfer {
    type Data<'a> = View<'a>;
}

/// What the functions see of a guest, for which nothing is kept beside its devices and buffers.
struct View<'a>(GuestView<'a, ()>);

fn view(state: &mut GuestState) -> View<'_> {
    View(state.view())
}

impl Capability for TransferCapability {
    fn name(&self) -> &'static str {
        "sandmill:transfer"
    }

    fn provides(&self) -> &'static [ProvidedImport] {
        // Whoever has no device has nothing to call it with.
        const PROVIDED: [ProvidedImport; 1] =
            [ProvidedImport { interface: "sandmill:transfer/transfer@0.1", need: Need::Nothing }];
        &PROVIDED
    }

    fn link(&self, linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
        transfer::add_to_linker::<_, Transfer>(linker, view)
    }

    fn prepare(&self, _: &CallRequest, _: &mut GuestSetup) -> Result<(), Failure> {
        Ok(())
    }
}

impl Host for View<'_> {
    async fn copy_to_buffer(
        &mut self,
        device: Resource<TensorDevice>,
        tensors: Vec<WitTensor>,
        buffer: Resource<SharedBuffer>,
        offset: u64,
    ) -> Answer<u64> {
        let (device, buffer) = self.ends(&device, &buffer)?;
        answer(to_buffer(&device, tensors, &buffer, offset).await)
    }

    async fn copy_to_tensors(
        &mut self,
        device: Resource<TensorDevice>,
        tensors: Vec<WitTensor>,
        buffer: Resource<SharedBuffer>,
        offset: u64,
    ) -> Answer<u64> {
        let (device, buffer) = self.ends(&device, &buffer)?;
        answer(to_tensors(&device, tensors, &buffer, offset).await)
    }
}

/// Why nothing was copied.
enum Trouble {
    /// What the guest asked for cannot be done; it is told.
    Refused(String),
    /// The device went wrong; that ends the guest.
    Ended(DeviceError),
}

impl From<OutOfRange> for Trouble {
    fn from(error: OutOfRange) -> Self {
        Self::Refused(error.to_string())
    }
}

impl From<DeviceError> for Trouble {
    fn from(error: DeviceError) -> Self {
        Self::Ended(error)
    }
}

fn answer(copied: Result<usize, Trouble>) -> Answer<u64> {
    match copied {
        Ok(count) => Ok(Ok(count as u64)),
        Err(Trouble::Refused(reason)) => Ok(Err(Error::InvalidArgument(reason))),
        Err(Trouble::Ended(error)) => Err(LimitReached(error.failure()).into()),
    }
}

async fn to_buffer(
    device: &TensorDevice,
    tensors: Vec<WitTensor>,
    buffer: &SharedBuffer,
    offset: u64,
) -> Result<usize, Trouble> {
    let (tensors, count) = row(tensors, buffer, offset)?;
    let content = device.read_many(tensors).await?;
    if content.len() != count * size_of::<f32>() {
        return Err(DeviceError::Lost("the worker gave another content than was asked for".to_owned()).into());
    }
    buffer.write_le_bytes(offset, &content)?;
    Ok(count)
}

async fn to_tensors(
    device: &TensorDevice,
    tensors: Vec<WitTensor>,
    buffer: &SharedBuffer,
    offset: u64,
) -> Result<usize, Trouble> {
    let (tensors, count) = row(tensors, buffer, offset)?;
    let content = buffer.read_le_bytes(offset, count)?;
    device.write_many(tensors, &content).await?;
    Ok(count)
}

impl View<'_> {
    fn ends(
        &self,
        device: &Resource<TensorDevice>,
        buffer: &Resource<SharedBuffer>,
    ) -> wasmtime::Result<(TensorDevice, SharedBuffer)> {
        Ok((self.0.table.get(device)?.clone(), Arc::clone(self.0.table.get(buffer)?)))
    }
}

/// The tensors in the worker's words, and how many numbers they have together. Nothing is asked of the device before all
/// of them are known to fit.
fn row(tensors: Vec<WitTensor>, buffer: &SharedBuffer, offset: u64) -> Result<(Vec<Tensor>, usize), Trouble> {
    let refused = |reason: String| Err(Trouble::Refused(reason));
    if tensors.len() > TENSORS_MAX {
        return refused(format!("one call moves at most {TENSORS_MAX} tensors, not {}", tensors.len()));
    }
    let tensors: Vec<Tensor> = tensors.into_iter().map(Tensor::from).collect();
    for Tensor { id, element, shape } in &tensors {
        if *element != Element::F32 {
            return refused(format!("tensor {id} holds elements of the type {element:?}; buffers hold F32"));
        }
        if shape.len() > DIMENSIONS_MAX {
            return refused(format!("tensor {id} has {} dimensions; at most {DIMENSIONS_MAX} are moved", shape.len()));
        }
    }
    let Some(bytes) = Tensor::content_bytes_of(&tensors).and_then(|bytes| usize::try_from(bytes).ok()) else {
        return refused("the tensors hold more numbers than can be counted".to_owned());
    };
    let count = bytes / size_of::<f32>();
    buffer.check(offset, count)?;
    Ok((tensors, count))
}
