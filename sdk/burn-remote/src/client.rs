//! What Burn asks of a device, put to the host.
//! Never waits but where Burn reads or synchronises.

use std::sync::atomic::{AtomicU64, Ordering};

use burn_backend::{DType, DTypeUsageSet, ExecutionError, TensorData};
use burn_ir::{GraphBindings, GraphId, OperationIr, TensorId, TensorIr, TensorStatus};
use burn_router::{RouterClient, RouterTensor};
use burn_std::Bytes;
use burn_std::future::DynFut;

use crate::bindings::sandmill::tensor::types::Tensor;
use crate::device::RemoteDevice;
use crate::element;
use crate::queue::{in_words, queue};

/// A content larger than this is handed over in pieces, since what one call may carry is limited.
const PIECE_BYTES: usize = 4 * 1024 * 1024;

/// Every number begins at a multiple of this.
const NUMBER_ALIGNMENT_BYTES_MAX: usize = 8;

/// Names of tensors are this guest's own, so a count is enough.
static NEXT_TENSOR: AtomicU64 = AtomicU64::new(0);

/// The step's device, as Burn's router drives it.
#[derive(Clone, Debug)]
pub struct RemoteClient;

impl RouterClient for RemoteClient {
    type Device = RemoteDevice;

    fn register_op(&self, op: OperationIr) {
        queue().push(&op);
    }

    fn read_tensor_async(&self, tensor: TensorIr) -> DynFut<Result<TensorData, ExecutionError>> {
        let data = read(&tensor);
        Box::pin(std::future::ready(data))
    }

    fn sync(&self) -> Result<(), ExecutionError> {
        queue().sent().synchronize();
        Ok(())
    }

    fn flush(&self) {
        queue().sent();
    }

    fn create_empty_handle(&self) -> TensorId {
        new_name()
    }

    fn register_tensor_data(&self, data: TensorData) -> RouterTensor<Self> {
        let id = self.create_empty_handle();
        if let Err(error) = write(id, &data) {
            panic!("a tensor of shape {:?} could not be given to the device: {error}", data.shape());
        }
        RouterTensor::new(id, data.shape().clone(), data.dtype(), self.clone())
    }

    fn device(&self) -> RemoteDevice {
        RemoteDevice
    }

    fn seed(&self, seed: u64) {
        queue().sent().seed(seed);
    }

    fn dtype_usage(&self, dtype: DType) -> DTypeUsageSet {
        let Some(wanted) = element::to_contract(dtype) else { return DTypeUsageSet::empty() };
        let elements = queue().device().describe().elements;
        let found = elements.iter().find(|support| support.element == wanted);
        found.map_or(DTypeUsageSet::empty(), element::usage)
    }

    fn register_and_execute_graph(&self, _: GraphId, _: Vec<OperationIr>, _: GraphBindings) {
        unreachable!("graphs are recorded by Burn's fusion, which happens on the host");
    }

    fn execute_graph(&self, _: GraphId, _: GraphBindings) {
        unreachable!("graphs are recorded by Burn's fusion, which happens on the host");
    }

    fn register_alias(&self, _: TensorId, _: TensorId) {
        unreachable!("aliases are made by Burn's fusion, which happens on the host");
    }
}

/// A name that no tensor has.
pub fn new_name() -> TensorId {
    TensorId::new(NEXT_TENSOR.fetch_add(1, Ordering::Relaxed))
}

fn read(tensor: &TensorIr) -> Result<TensorData, ExecutionError> {
    let last_use = tensor.status == TensorStatus::ReadWrite;
    let named = contract_tensor(tensor.id, tensor.dtype, tensor.shape.iter().copied());
    let named = named.map_err(|reason| ExecutionError::WithContext { reason })?;
    let bytes = queue().sent().read(&named, last_use);
    // Burn would copy what was allocated as bytes, which need not begin where numbers can; almost always it does.
    let bytes = match bytes.as_ptr().addr().is_multiple_of(NUMBER_ALIGNMENT_BYTES_MAX) {
        true => Bytes::from_elems(bytes),
        false => Bytes::from_bytes_vec(bytes),
    };
    Ok(TensorData::from_bytes(bytes, tensor.shape.clone(), tensor.dtype))
}

fn write(id: TensorId, data: &TensorData) -> Result<(), String> {
    let tensor = contract_tensor(id, data.dtype(), data.shape().iter().copied())?;
    let device = queue().sent();
    let bytes = data.as_bytes();
    let mut offset = 0;
    loop {
        let piece = &bytes[offset..bytes.len().min(offset + PIECE_BYTES)];
        device.write(&tensor, offset as u64, piece).map_err(|error| in_words(&error).to_owned())?;
        offset += piece.len();
        if offset == bytes.len() {
            return Ok(());
        }
    }
}

/// The contract's word for a tensor.
pub fn contract_tensor(id: TensorId, dtype: DType, shape: impl Iterator<Item = usize>) -> Result<Tensor, String> {
    let Some(element) = element::to_contract(dtype) else {
        return Err(format!("elements of type {dtype:?} cannot cross to the host"));
    };
    Ok(Tensor { id: id.value(), element, shape: shape.map(|length| length as u64).collect() })
}
