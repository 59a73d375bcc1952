//! Tensors by name, for packages that take them beside `sandmill:tensor`, such as `sandmill:transfer`.
//! Never moves a content: it says what a tensor is called, and names one that the host is about to make.

use burn_backend::TensorMetadata as _;
use burn_router::{RouterClient as _, RouterTensor};

use crate::client::{RemoteClient, contract_tensor};
use crate::queue::queue;

pub use crate::bindings::sandmill::tensor as contract;

/// A tensor of the step's device.
pub type RemoteTensor = RouterTensor<RemoteClient>;

/// What the contract calls a tensor. It holds while the tensor does.
///
/// # Errors
/// When its elements cannot cross to the host.
pub fn named(tensor: &RemoteTensor) -> Result<contract::types::Tensor, String> {
    contract_tensor(tensor.id(), tensor.dtype(), tensor.shape().iter().copied())
}

/// A tensor of the same form under a new name, to which the host must have been told to give a content before anything
/// else is done with it.
#[must_use]
pub fn alike(tensor: &RemoteTensor) -> RemoteTensor {
    RouterTensor::new(RemoteClient.create_empty_handle(), tensor.shape(), tensor.dtype(), RemoteClient)
}

/// The step's device, once it has been told everything that was asked of it so far.
#[must_use]
pub fn sent_device() -> &'static contract::devices::Device {
    queue().sent()
}
