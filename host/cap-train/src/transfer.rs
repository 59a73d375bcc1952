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
        let (tensors, count) = match row(tensors, &buffer, offset) {
            Ok(row) => row,
            Err(reason) => return Ok(Err(Error::InvalidArgument(reason))),
        };
        let content = device.read_many(tensors).await.map_err(ended)?;
        if content.len() != count * size_of::<f32>() {
            return Err(ended(DeviceError::Lost("the worker gave another content than was asked for".to_owned())));
        }
        Ok(buffer.write_le_bytes(offset, &content).map(|()| count as u64).map_err(outside))
    }

    async fn copy_to_tensors(
        &mut self,
        device: Resource<TensorDevice>,
        tensors: Vec<WitTensor>,
        buffer: Resource<SharedBuffer>,
        offset: u64,
    ) -> Answer<u64> {
        let (device, buffer) = self.ends(&device, &buffer)?;
        let (tensors, count) = match row(tensors, &buffer, offset) {
            Ok(row) => row,
            Err(reason) => return Ok(Err(Error::InvalidArgument(reason))),
        };
        let content = match buffer.read_le_bytes(offset, count) {
            Ok(content) => content,
            Err(error) => return Ok(Err(outside(error))),
        };
        device.write_many(tensors, &content).await.map_err(ended)?;
        Ok(Ok(count as u64))
    }
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

/// The tensors in the worker's words, and how many numbers they have together; or why they cannot be copied. Nothing is
/// asked of the device before all of them are known to fit.
fn row(tensors: Vec<WitTensor>, buffer: &SharedBuffer, offset: u64) -> Result<(Vec<Tensor>, usize), String> {
    if tensors.len() > TENSORS_MAX {
        return Err(format!("one call moves at most {TENSORS_MAX} tensors, not {}", tensors.len()));
    }
    let tensors: Vec<Tensor> = tensors
        .into_iter()
        .map(|tensor| Tensor { id: tensor.id, element: tensor.element.into(), shape: tensor.shape })
        .collect();
    for Tensor { id, element, shape } in &tensors {
        if *element != Element::F32 {
            return Err(format!("tensor {id} holds elements of the type {element:?}; buffers hold F32"));
        }
        if shape.len() > DIMENSIONS_MAX {
            return Err(format!("tensor {id} has {} dimensions; at most {DIMENSIONS_MAX} are moved", shape.len()));
        }
    }
    let bytes = Tensor::content_bytes_of(&tensors).and_then(|bytes| usize::try_from(bytes).ok());
    let count = bytes.ok_or("the tensors hold more numbers than can be counted")? / size_of::<f32>();
    buffer.check(offset, count).map_err(|error| error.to_string())?;
    Ok((tensors, count))
}

fn outside(error: OutOfRange) -> Error {
    Error::InvalidArgument(error.to_string())
}

#[expect(clippy::needless_pass_by_value, reason = "it stands where results are mapped")]
fn ended(error: DeviceError) -> wasmtime::Error {
    LimitReached(error.failure()).into()
}
