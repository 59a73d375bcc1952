//! The step's device and its tensors as the host knows them, for interfaces of the host that work on them too.
//! Never hands out a tensor that the host was not told of: what waited is sent first.

use burn_backend::Shape;
use burn_ir::TensorId;
use burn_router::RouterTensor;

pub use crate::bindings::sandmill::tensor::devices::Device;
pub use crate::bindings::sandmill::tensor::types::{ElementType, Tensor};
use crate::client::{RemoteClient, contract_tensor, new_name};
pub use crate::element::from_contract;
use crate::queue::queue;

/// The device, once it has been told everything that waited.
pub fn device() -> &'static Device {
    queue().sent()
}

/// A tensor as the host knows it.
///
/// # Errors
/// When the contract has no word for its elements.
pub fn named(tensor: &RouterTensor<RemoteClient>) -> Result<Tensor, String> {
    use burn_backend::TensorMetadata as _;
    contract_tensor(tensor.id(), tensor.dtype(), tensor.shape().iter().copied())
}

/// A name that no tensor has, for one that the host will make.
#[must_use]
pub fn unused_id() -> u64 {
    new_name().value()
}

/// A tensor that the host has made under a name of ours.
#[must_use]
pub fn made(tensor: &Tensor) -> RouterTensor<RemoteClient> {
    let shape: Vec<usize> = tensor.shape.iter().map(|length| *length as usize).collect();
    RouterTensor::new(TensorId::new(tensor.id), Shape::from(shape), from_contract(tensor.element), RemoteClient)
}
