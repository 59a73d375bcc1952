//! The functions that carry contents, linked by hand: a content is written from where it lies in its guest's memory, and
//! read into memory that the node had already.
//! Never makes a copy of a content of its own, as generated bindings do of every list.

use std::sync::Arc;

use host_bindings::sandmill::tensor::optional_devices::Failure as OptionalFailure;
use host_bindings::sandmill::tensor::types::{Error, Tensor};
use host_gpu::{DeviceError, TensorDevice};
use host_runtime::GuestState;
use wasmtime::StoreContextMut;
use wasmtime::component::{Linker, Resource, WasmList};

use super::optional::failure;
use crate::{answer, ended, view};

/// The arguments of `write`: the device, the tensor, the piece's first byte, the piece.
type Piece = (Resource<TensorDevice>, Tensor, u64, WasmList<u8>);
/// The arguments of `read`: the device, the tensor, whether it may be forgotten afterwards.
type Wanted = (Resource<TensorDevice>, Tensor, bool);
type Content = Arc<Vec<u8>>;

const WRITE: &str = "[method]device.write";
const READ: &str = "[method]device.read";

/// Puts them in the place of those that were generated.
pub fn link(linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
    linker.allow_shadowing(true);
    let mut devices = linker.instance("sandmill:tensor/devices@0.1.0")?;
    devices.func_wrap_async(WRITE, |store, piece: Piece| {
        Box::new(async { answer::<_, Error>(write(store, piece).await?).map(|answer| (answer,)) })
    })?;
    devices.func_wrap_async(READ, |store, wanted: Wanted| {
        Box::new(async { Ok((read(store, wanted).await?.map_err(ended)?,)) })
    })?;
    let mut devices = linker.instance("sandmill:tensor/optional-devices@0.1.0")?;
    devices.func_wrap_async(WRITE, |store, piece: Piece| {
        Box::new(async { Ok((optional(write(store, piece).await?),)) })
    })?;
    devices.func_wrap_async(READ, |store, wanted: Wanted| {
        Box::new(async { Ok((optional(read(store, wanted).await?),)) })
    })?;
    linker.allow_shadowing(false);
    Ok(())
}

fn optional<T>(result: Result<T, DeviceError>) -> Result<T, OptionalFailure> {
    result.map_err(|error| failure(&error))
}

async fn write(
    mut store: StoreContextMut<'_, GuestState>,
    (device, tensor, offset_bytes, content): Piece,
) -> wasmtime::Result<Result<(), DeviceError>> {
    let device = view(store.data_mut()).0.table.get(&device)?.clone();
    let content = content.as_le_slice(&store);
    Ok(device.write(tensor.into(), offset_bytes, content).await)
}

async fn read(
    mut store: StoreContextMut<'_, GuestState>,
    (device, tensor, last_use): Wanted,
) -> wasmtime::Result<Result<Content, DeviceError>> {
    let device = view(store.data_mut()).0.table.get(&device)?.clone();
    Ok(device.read(tensor.into(), last_use).await)
}
