//! What flows between a model's operators: tensors of one of three kinds, of any rank.
//! Never of another precision than the device's own: it is converted on the way in and on the way out.

use burn_backend::tensor::{BoolTensor, FloatTensor, IntTensor};
use burn_backend::{Backend, DType, DeviceOps as _, Slice, TensorData, TensorMetadata as _};
use burn_std::future::block_on;
use burn_std::{BoolStore, Bytes, Shape};
use host_gpu::DeviceError;
use host_gpu::protocol::Element;

use crate::element;

/// A tensor.
#[derive(Clone)]
pub enum Value<B: Backend> {
    /// Numbers.
    Float(FloatTensor<B>),
    /// Whole numbers.
    Int(IntTensor<B>),
    /// Truth values.
    Bool(BoolTensor<B>),
}

/// The same for a tensor of any kind: the three functions of Burn's that do it.
macro_rules! of_any_kind {
    ($value:expr, $float:ident, $int:ident, $bool:ident $(, $argument:expr)*) => {
        match $value {
            Value::Float(tensor) => Value::Float(B::$float(tensor $(, $argument)*)),
            Value::Int(tensor) => Value::Int(B::$int(tensor $(, $argument)*)),
            Value::Bool(tensor) => Value::Bool(B::$bool(tensor $(, $argument)*)),
        }
    };
}

impl<B: Backend> Value<B> {
    /// A tensor of the device's own precision with this content.
    pub fn from_data(data: TensorData, device: &B::Device) -> Self {
        let settings = device.defaults();
        let dtype = data.dtype();
        // Not every backend has tensors without a dimension.
        let data = if data.shape().is_empty() { TensorData::from_bytes(data.into_bytes(), [1], dtype) } else { data };
        if dtype.is_float() {
            Self::Float(B::float_from_data(data.convert_dtype(settings.float_dtype.into()), device))
        } else if matches!(dtype, DType::Bool(_)) {
            Self::Bool(B::bool_from_data(data.convert_dtype(settings.bool_dtype.into()), device))
        } else {
            Self::Int(B::int_from_data(data.convert_dtype(settings.int_dtype.into()), device))
        }
    }

    /// A row of whole numbers.
    pub fn from_numbers(numbers: &[i64], device: &B::Device) -> Self {
        Self::from_data(TensorData::new(numbers.to_vec(), [numbers.len()]), device)
    }

    /// Its content, in these elements.
    pub fn into_bytes(self, wanted: Element) -> Result<Bytes, DeviceError> {
        let data = self.into_data()?;
        let dtype = match wanted {
            Element::BoolNative => DType::Bool(BoolStore::Native),
            other => element::to_burn(other),
        };
        Ok(data.convert_dtype(dtype).into_bytes())
    }

    fn into_data(self) -> Result<TensorData, DeviceError> {
        let data = match self {
            Self::Float(tensor) => block_on(B::float_into_data(tensor)),
            Self::Int(tensor) => block_on(B::int_into_data(tensor)),
            Self::Bool(tensor) => block_on(B::bool_into_data(tensor)),
        };
        data.map_err(|error| DeviceError::InvalidOperation(error.to_string()))
    }

    /// Its content as whole numbers: waits for the device.
    pub fn numbers(self) -> Result<Vec<i64>, DeviceError> {
        Ok(self.into_data()?.convert_dtype(DType::I64).iter::<i64>().collect())
    }

    /// Its first number: waits for the device.
    pub fn number(self) -> Result<f64, DeviceError> {
        let data = self.into_data()?.convert_dtype(DType::F64);
        let first = data.iter::<f64>().next();
        first.ok_or_else(|| DeviceError::InvalidOperation("an operator needs a number and has none".to_owned()))
    }

    pub fn shape(&self) -> Vec<usize> {
        match self {
            Self::Float(tensor) => tensor.shape().to_vec(),
            Self::Int(tensor) => tensor.shape().to_vec(),
            Self::Bool(tensor) => tensor.shape().to_vec(),
        }
    }

    pub fn dtype(&self) -> DType {
        match self {
            Self::Float(tensor) => tensor.dtype(),
            Self::Int(tensor) => tensor.dtype(),
            Self::Bool(tensor) => tensor.dtype(),
        }
    }

    /// Bytes that it takes; none where that is no number.
    pub fn bytes(&self) -> Option<u64> {
        bytes_of(&self.shape(), self.dtype())
    }

    /// As numbers, whatever it was.
    pub fn float(self, device: &B::Device) -> FloatTensor<B> {
        let dtype = device.defaults().float_dtype;
        match self {
            Self::Float(tensor) => tensor,
            Self::Int(tensor) => B::int_into_float(tensor, dtype),
            Self::Bool(tensor) => B::bool_into_float(tensor, dtype),
        }
    }

    /// As whole numbers, whatever it was; what stands behind the point is dropped.
    pub fn int(self, device: &B::Device) -> IntTensor<B> {
        let dtype = device.defaults().int_dtype;
        match self {
            Self::Float(tensor) => B::float_into_int(tensor, dtype),
            Self::Int(tensor) => tensor,
            Self::Bool(tensor) => B::bool_into_int(tensor, dtype),
        }
    }

    /// As truth values: what is not zero is true.
    pub fn bool(self, device: &B::Device) -> BoolTensor<B> {
        let dtype = device.defaults().bool_dtype;
        match self {
            Self::Float(tensor) => B::float_not_equal_elem(tensor, 0.0.into(), dtype),
            Self::Int(tensor) => B::int_not_equal_elem(tensor, 0_i64.into(), dtype),
            Self::Bool(tensor) => tensor,
        }
    }

    pub fn reshape(self, shape: Vec<usize>) -> Self {
        if self.shape() == shape {
            return self;
        }
        of_any_kind!(self, float_reshape, int_reshape, bool_reshape, Shape::from(shape))
    }

    pub fn permute(self, axes: &[usize]) -> Self {
        of_any_kind!(self, float_permute, int_permute, bool_permute, axes)
    }

    pub fn slice(self, slices: &[Slice]) -> Self {
        of_any_kind!(self, float_slice, int_slice, bool_slice, slices)
    }

    pub fn select(self, axis: usize, indices: IntTensor<B>) -> Self {
        match self {
            Self::Float(tensor) => Self::Float(B::float_select(tensor, axis, indices)),
            Self::Int(tensor) => Self::Int(B::int_select(tensor, axis, indices)),
            Self::Bool(tensor) => Self::Bool(B::bool_select(tensor, axis, indices)),
        }
    }

    pub fn repeat(self, axis: usize, times: usize) -> Self {
        of_any_kind!(self, float_repeat_dim, int_repeat_dim, bool_repeat_dim, axis, times)
    }

    /// Stretched to a shape of as many dimensions or more, as ONNX stretches tensors that meet.
    pub fn expand(self, shape: &[usize]) -> Self {
        let value = self.with_rank(shape.len());
        if value.shape() == shape {
            return value;
        }
        of_any_kind!(value, float_expand, int_expand, bool_expand, Shape::from(shape.to_vec()))
    }

    /// The same content with dimensions of length 1 in front, or without such.
    pub fn with_rank(self, rank: usize) -> Self {
        let mut shape = self.shape();
        while shape.len() < rank {
            shape.insert(0, 1);
        }
        while shape.len() > rank && shape.first() == Some(&1) {
            shape.remove(0);
        }
        self.reshape(shape)
    }

    /// Tensors of one kind behind each other.
    pub fn joined(values: Vec<Self>, axis: usize, device: &B::Device) -> Self {
        match &values[0] {
            Self::Float(_) => {
                Self::Float(B::float_cat(values.into_iter().map(|value| value.float(device)).collect(), axis))
            }
            Self::Int(_) => Self::Int(B::int_cat(values.into_iter().map(|value| value.int(device)).collect(), axis)),
            Self::Bool(_) => {
                Self::Bool(B::bool_cat(values.into_iter().map(|value| value.bool(device)).collect(), axis))
            }
        }
    }
}

/// Bytes of a tensor; none where that is no number.
pub fn bytes_of(shape: &[usize], dtype: DType) -> Option<u64> {
    shape.iter().try_fold(dtype.size() as u64, |bytes, length| bytes.checked_mul(*length as u64))
}

/// The shape that two tensors have together: lengths are equal, or one of them is 1.
pub fn common_shape(one: &[usize], other: &[usize]) -> Result<Vec<usize>, DeviceError> {
    let rank = one.len().max(other.len());
    let length = |shape: &[usize], at: usize| (at + shape.len()).checked_sub(rank).map_or(1, |at| shape[at]);
    (0..rank)
        .map(|at| match (length(one, at), length(other, at)) {
            (one, other) if one == other => Ok(one),
            (1, length) | (length, 1) => Ok(length),
            _ => Err(DeviceError::InvalidOperation(format!(
                "tensors of shapes {one:?} and {other:?} do not fit together"
            ))),
        })
        .collect()
}
