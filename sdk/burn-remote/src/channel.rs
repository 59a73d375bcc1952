//! The way from Burn's router to the one device there is.
//! Never moves a tensor between devices: there is no other to move it to.

use burn_backend::{DType, Shape};
use burn_ir::TensorIr;
use burn_router::{MultiBackendBridge, RouterChannel, RouterTensor};

use crate::client::RemoteClient;
use crate::device::RemoteDevice;

/// Burn's router over the host's device.
#[derive(Clone, Copy, Debug)]
pub struct RemoteChannel;

impl RouterChannel for RemoteChannel {
    type Device = RemoteDevice;
    type Bridge = SameDevice;
    type Client = RemoteClient;

    fn name(_: &RemoteDevice) -> String {
        "sandmill".to_owned()
    }

    fn init_client(_: &RemoteDevice) -> RemoteClient {
        RemoteClient
    }

    fn get_tensor_handle(tensor: &TensorIr, _: &RemoteClient) -> TensorIr {
        tensor.clone()
    }

    fn register_tensor(
        client: &RemoteClient,
        handle: TensorIr,
        shape: Shape,
        dtype: DType,
    ) -> RouterTensor<RemoteClient> {
        RouterTensor::new(handle.id, shape, dtype, client.clone())
    }

    fn change_client_backend(tensor: RouterTensor<RemoteClient>, _: &RemoteDevice) -> RouterTensor<RemoteClient> {
        tensor
    }
}

/// What Burn asks for moving tensors between backends: with one device, they stay where they are.
#[derive(Clone, Copy, Debug)]
pub struct SameDevice;

impl MultiBackendBridge for SameDevice {
    type TensorHandle = TensorIr;
    type Device = RemoteDevice;

    fn change_backend_float(tensor: TensorIr, _: Shape, _: &RemoteDevice) -> TensorIr {
        tensor
    }

    fn change_backend_int(tensor: TensorIr, _: Shape, _: &RemoteDevice) -> TensorIr {
        tensor
    }

    fn change_backend_bool(tensor: TensorIr, _: Shape, _: &RemoteDevice) -> TensorIr {
        tensor
    }
}
