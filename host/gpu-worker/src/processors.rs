//! Operations that Burn's backend for processors computes a number at a time on one core, computed many numbers at a
//! time on all of them.
//! Never an operation of its own: each means what Burn's means, and what is not listed here is left to Burn.

use burn_backend::DType;
use burn_flex::{Flex, FlexTensor, Layout};
use burn_ir::{
    ActivationOperationIr, BackendIr, BinaryOpIr, FloatOperationIr, HandleKind, OperationIr, TensorIr, UnaryOpIr,
};
use burn_router::TensorInterpreter;
use burn_std::Bytes;
use burn_wgpu::Wgpu;
use host_gpu::DeviceError;
use host_gpu_numbers::{exponentials, gelu};

/// A backend that tensors are computed on.
pub trait ComputedBackend: BackendIr {
    /// Carries an operation out; false where that is left to Burn.
    ///
    /// # Errors
    /// When the operation's tensors are not what it says that they are.
    fn carried_out(_: &mut TensorInterpreter<Self>, _: &OperationIr) -> Result<bool, DeviceError> {
        Ok(false)
    }
}

impl ComputedBackend for Wgpu {}

impl ComputedBackend for Flex {
    fn carried_out(interpreter: &mut TensorInterpreter<Self>, operation: &OperationIr) -> Result<bool, DeviceError> {
        match operation {
            OperationIr::Float(_, FloatOperationIr::Exp(named)) => unary(interpreter, named, exponentials),
            OperationIr::Activation(ActivationOperationIr::Gelu(named)) => unary(interpreter, named, gelu::forward),
            OperationIr::Activation(ActivationOperationIr::GeluBackward(named)) => {
                binary(interpreter, named, gelu::backward)
            }
            _ => Ok(false),
        }
    }
}

fn unary(
    interpreter: &mut TensorInterpreter<Flex>,
    UnaryOpIr { input, out }: &UnaryOpIr,
    function: fn(&[f32]) -> Vec<f32>,
) -> Result<bool, DeviceError> {
    if input.dtype != DType::F32 {
        return Ok(false);
    }
    let input = taken(interpreter, input)?;
    let made = function(input.storage());
    give(interpreter, out, &input, made);
    Ok(true)
}

fn binary(
    interpreter: &mut TensorInterpreter<Flex>,
    BinaryOpIr { lhs, rhs, out }: &BinaryOpIr,
    function: fn(&[f32], &[f32]) -> Vec<f32>,
) -> Result<bool, DeviceError> {
    if lhs.dtype != DType::F32 || rhs.dtype != DType::F32 || lhs.shape != rhs.shape {
        return Ok(false);
    }
    let (left, right) = (taken(interpreter, lhs)?, taken(interpreter, rhs)?);
    let made = function(left.storage(), right.storage());
    give(interpreter, out, &left, made);
    Ok(true)
}

/// A tensor of the interpreter's, its numbers in order and nothing else beside them.
fn taken(interpreter: &mut TensorInterpreter<Flex>, named: &TensorIr) -> Result<FlexTensor, DeviceError> {
    let tensor = match interpreter.get_tensor(named) {
        HandleKind::Float(tensor) if tensor.dtype() == named.dtype && *tensor.layout().shape() == named.shape => tensor,
        _ => {
            let message =
                format!("a tensor that is not the {:?}{:?} that it was called", named.dtype, &named.shape[..]);
            return Err(DeviceError::InvalidOperation(message));
        }
    };
    let bytes = tensor.layout().num_elements() * tensor.dtype().size();
    let is_whole = tensor.is_contiguous() && tensor.layout().start_offset() == 0 && tensor.bytes().len() == bytes;
    Ok(if is_whole { tensor } else { FlexTensor::from_data(tensor.into_data()) })
}

/// Numbers as a tensor of the shape of another one.
fn give(interpreter: &mut TensorInterpreter<Flex>, named: &TensorIr, like: &FlexTensor, numbers: Vec<f32>) {
    let layout = Layout::contiguous(like.layout().shape().clone());
    let tensor = FlexTensor::new(Bytes::from_elems(numbers), layout, DType::F32);
    interpreter.register_tensor_to_device(named.id, HandleKind::Float(tensor));
}

#[cfg(test)]
mod tests;
