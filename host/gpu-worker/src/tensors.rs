//! A device for tensors on one of Burn's backends.
//! Never believes what the guest says of a tensor: lengths are counted first and compared afterwards.

use burn_backend::{DeviceOps, TensorData, TensorMetadata};
use burn_ir::{HandleKind, OperationIr, TensorId, TensorIr, TensorStatus};
use burn_router::TensorInterpreter;
use burn_std::Bytes;
use host_gpu::DeviceError;
use host_gpu::protocol::{Element, Tensor, TensorDescription};

use crate::memory::{Memory, Room};
use crate::panic_message::caught;
use crate::processors::ComputedBackend;
use crate::{content, element};

/// A device for tensors.
pub struct Tensors<B: ComputedBackend> {
    interpreter: TensorInterpreter<B>,
    memory: Memory,
    /// A content that is still coming in.
    coming: Option<(Tensor, Vec<u8>)>,
}

/// A device for tensors, on whichever backend.
pub trait TensorServer {
    /// Carries out operations, one after the other.
    fn run(&mut self, operations: &[u8]) -> Result<(), DeviceError>;
    /// What came of a content before the piece that begins at this byte, with room for all of it.
    fn content_before(&mut self, tensor: &Tensor, offset_bytes: u64) -> Result<Vec<u8>, DeviceError>;
    /// Takes a content as far as it came.
    fn write(&mut self, tensor: Tensor, content: Vec<u8>) -> Result<(), DeviceError>;
    /// Waits for a content.
    fn read(&mut self, tensor: &Tensor, last_use: bool) -> Result<Bytes, DeviceError>;
    /// Waits for everything.
    fn synchronize(&mut self) -> Result<(), DeviceError>;
    /// Sets where random numbers begin.
    fn seed(&mut self, seed: u64) -> Result<(), DeviceError>;
}

impl<B: ComputedBackend> Tensors<B> {
    /// Opens a device.
    pub fn open(device: B::Device, room: Room) -> Result<Self, DeviceError> {
        let interpreter = caught(|| TensorInterpreter::new(device))?;
        Ok(Self { interpreter, memory: Memory::new(room), coming: None })
    }

    /// What the device is.
    pub fn describe(&self, backend: &str, adapter: String) -> Result<TensorDescription, DeviceError> {
        let settings = caught(|| self.interpreter.device().defaults())?;
        let default = |wanted| {
            let found = element::from_burn(wanted);
            found.ok_or_else(|| DeviceError::Unsupported(format!("a device that computes with {wanted:?} by default")))
        };
        let supported = |element| element::support(element, self.interpreter.dtype_usage(element::to_burn(element)));
        Ok(TensorDescription {
            backend: backend.to_owned(),
            adapter,
            default_float: default(settings.float_dtype.into())?,
            default_int: default(settings.int_dtype.into())?,
            default_bool: default(settings.bool_dtype.into())?,
            elements: Element::ALL.into_iter().filter_map(supported).collect(),
        })
    }

    fn run_one(&mut self, operation: OperationIr) -> Result<(), DeviceError> {
        refuse_foreign(&operation)?;
        let outputs: Vec<TensorIr> = operation.outputs().cloned().collect();
        for output in &outputs {
            self.memory.take(output.id.value(), content_bytes(output), || told(output))?;
        }
        let used_up: Vec<TensorId> = match &operation {
            OperationIr::Drop(tensor) => vec![tensor.id],
            _ => {
                let last_used = |input: &&TensorIr| input.status == TensorStatus::ReadWrite;
                operation.inputs().filter(last_used).map(|input| input.id).collect()
            }
        };
        if !caught(|| B::carried_out(&mut self.interpreter, &operation)).flatten()? {
            caught(|| self.interpreter.register_op(operation))?;
        }
        for id in used_up {
            self.memory.give_back(id.value());
        }
        outputs.iter().try_for_each(|output| self.compare(output))
    }

    /// Whether a tensor that was made is the one that was announced. One that is larger would not have been counted.
    fn compare(&mut self, announced: &TensorIr) -> Result<(), DeviceError> {
        let named = TensorIr { status: TensorStatus::ReadOnly, ..announced.clone() };
        let made = caught(|| self.interpreter.get_tensor(&named))?;
        let (shape, dtype) = match &made {
            HandleKind::Float(tensor) => (tensor.shape(), tensor.dtype()),
            HandleKind::Int(tensor) => (tensor.shape(), tensor.dtype()),
            HandleKind::Bool(tensor) => (tensor.shape(), tensor.dtype()),
            HandleKind::Quantized(tensor) => (tensor.shape(), tensor.dtype()),
        };
        if shape == announced.shape && dtype.size() == announced.dtype.size() {
            return Ok(());
        }
        Err(DeviceError::InvalidOperation(format!(
            "{} was announced, and {dtype:?}{:?} was made",
            told(announced),
            &shape[..]
        )))
    }

    fn finish_write(&mut self, tensor: &Tensor, content: Vec<u8>) -> Result<(), DeviceError> {
        let shape: Vec<usize> = lengths(tensor)?;
        let data = TensorData::from_bytes(content::bytes(content), shape, element::to_burn(tensor.element));
        caught(|| self.interpreter.register_tensor_data_id(TensorId::new(tensor.id), data))
    }
}

impl<B: ComputedBackend> TensorServer for Tensors<B> {
    fn run(&mut self, mut operations: &[u8]) -> Result<(), DeviceError> {
        while !operations.is_empty() {
            let (operation, rest) = postcard::take_from_bytes(operations).map_err(|error| {
                DeviceError::InvalidOperation(format!("what was handed over is no operation: {error}"))
            })?;
            operations = rest;
            self.run_one(operation)?;
        }
        Ok(())
    }

    fn content_before(&mut self, tensor: &Tensor, offset_bytes: u64) -> Result<Vec<u8>, DeviceError> {
        match self.coming.take() {
            None if offset_bytes == 0 => {
                let bytes = tensor.content_bytes();
                self.memory.take(tensor.id, bytes, || format!("tensor {} of shape {:?}", tensor.id, tensor.shape))?;
                // It was counted, so it is a number.
                Ok(Vec::with_capacity(bytes.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(0)))
            }
            Some((begun, content)) if begun == *tensor && offset_bytes == content.len() as u64 => Ok(content),
            _ => {
                let message = format!("a piece of tensor {} from byte {offset_bytes} on, out of order", tensor.id);
                Err(DeviceError::InvalidOperation(message))
            }
        }
    }

    fn write(&mut self, tensor: Tensor, content: Vec<u8>) -> Result<(), DeviceError> {
        if tensor.content_bytes() == Some(content.len() as u64) {
            return self.finish_write(&tensor, content);
        }
        self.coming = Some((tensor, content));
        Ok(())
    }

    fn read(&mut self, tensor: &Tensor, last_use: bool) -> Result<Bytes, DeviceError> {
        let status = if last_use { TensorStatus::ReadWrite } else { TensorStatus::ReadOnly };
        let shape = lengths(tensor)?.into();
        let named = TensorIr { id: TensorId::new(tensor.id), shape, status, dtype: element::to_burn(tensor.element) };
        let data = caught(|| burn_std::future::block_on(self.interpreter.read_tensor_async(named)))?;
        if last_use {
            self.memory.give_back(tensor.id);
        }
        let data = data.map_err(|error| DeviceError::InvalidOperation(error.to_string()))?;
        Ok(data.into_bytes())
    }

    fn synchronize(&mut self) -> Result<(), DeviceError> {
        let done = caught(|| self.interpreter.sync())?;
        done.map_err(|error| DeviceError::InvalidOperation(error.to_string()))
    }

    fn seed(&mut self, seed: u64) -> Result<(), DeviceError> {
        caught(|| self.interpreter.seed(seed))
    }
}

/// Operations that would need something that is not here.
fn refuse_foreign(operation: &OperationIr) -> Result<(), DeviceError> {
    let what = match operation {
        OperationIr::Custom(_) => "an operation that is not Burn's own",
        OperationIr::Distributed(_) => "an operation over several devices",
        _ => return Ok(()),
    };
    Err(DeviceError::InvalidOperation(format!("{what}, which this device does not have")))
}

/// What a tensor takes, if that is a number at all.
fn content_bytes(tensor: &TensorIr) -> Option<u64> {
    tensor.shape.iter().try_fold(tensor.dtype.size() as u64, |bytes, length| bytes.checked_mul(*length as u64))
}

fn told(tensor: &TensorIr) -> String {
    format!("a tensor of {:?}{:?}", tensor.dtype, &tensor.shape[..])
}

fn lengths(tensor: &Tensor) -> Result<Vec<usize>, DeviceError> {
    let lengths = tensor.shape.iter().map(|length| usize::try_from(*length)).collect::<Result<_, _>>();
    lengths.map_err(|_| DeviceError::InvalidOperation(format!("tensor {} is too long for this machine", tensor.id)))
}
