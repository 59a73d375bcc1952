//! Which operators there are, what each is handed, and who carries it out.
//! Never guesses at an operator: one that is not in the list is refused before anything runs.

use burn_backend::tensor::{FloatTensor, IntTensor};
use burn_backend::{Backend, DeviceOps as _};
use host_gpu::DeviceError;
use onnx_ir::ir::{ArgType, Node, RuntimeInputRef};

use super::value::Value;
use super::{activation, convolution, elementwise, normalization, product, reduce, shape};

/// An operator and what goes into it, in order; none where an input is left out.
pub struct Operands<'run, B: Backend> {
    pub node: &'run Node,
    pub values: Vec<Option<Value<B>>>,
    pub device: &'run B::Device,
}

/// What comes out of an operator that makes one tensor.
pub type Made<B> = Result<Value<B>, DeviceError>;

/// What comes out of an operator, in order.
pub type Results<B> = Result<Vec<Value<B>>, DeviceError>;

impl<B: Backend> Operands<'_, B> {
    pub fn value(&self, place: usize) -> Result<Value<B>, DeviceError> {
        self.optional(place).ok_or_else(|| wrong(&format!("its input {place} is missing")))
    }

    pub fn optional(&self, place: usize) -> Option<Value<B>> {
        self.values.get(place).cloned().flatten()
    }

    pub fn float(&self, place: usize) -> Result<FloatTensor<B>, DeviceError> {
        Ok(self.value(place)?.float(self.device))
    }

    pub fn int(&self, place: usize) -> Result<IntTensor<B>, DeviceError> {
        Ok(self.value(place)?.int(self.device))
    }

    /// An input that says how, read back from the device.
    pub fn numbers(&self, input: &RuntimeInputRef) -> Result<Vec<i64>, DeviceError> {
        self.value(input.input_index)?.numbers()
    }

    pub fn number(&self, input: &RuntimeInputRef) -> Result<f64, DeviceError> {
        self.value(input.input_index)?.number()
    }

    pub fn float_type(&self) -> burn_std::FloatDType {
        self.device.defaults().float_dtype
    }

    pub fn int_type(&self) -> burn_std::IntDType {
        self.device.defaults().int_dtype
    }

    pub fn bool_type(&self) -> burn_std::BoolDType {
        self.device.defaults().bool_dtype
    }
}

/// An operator that cannot be carried out on what it was handed.
pub fn wrong(reason: &str) -> DeviceError {
    DeviceError::InvalidOperation(reason.to_owned())
}

/// Carries an operator out.
pub fn carry_out<B: Backend>(operands: &Operands<'_, B>) -> Results<B> {
    elementwise::carry_out(operands)
        .or_else(|| layer(operands).map(|made| made.map(|value| vec![value])))
        .or_else(|| reduce::carry_out(operands))
        .or_else(|| shape::carry_out(operands))
        .unwrap_or_else(|| Err(wrong("it is not among the operators that are run")))
}

fn layer<B: Backend>(operands: &Operands<'_, B>) -> Option<Made<B>> {
    activation::carry_out(operands)
        .or_else(|| product::carry_out(operands))
        .or_else(|| convolution::carry_out(operands))
        .or_else(|| normalization::carry_out(operands))
}

/// Bytes that an operator is about to make out of little, as the model says; none for all others.
pub fn expected_bytes<B: Backend>(operands: &Operands<'_, B>) -> Option<Option<u64>> {
    let grows = matches!(
        operands.node,
        Node::ConstantOfShape(_) | Node::Expand(_) | Node::Pad(_) | Node::Range(_) | Node::Tile(_)
    );
    if !grows {
        return None;
    }
    let ArgType::Tensor(made) = &operands.node.outputs().first()?.ty else { return None };
    let shape = made.static_shape_known()?;
    Some(super::value::bytes_of(&shape, made.dtype))
}

/// Whether it is among the operators that are run.
pub fn is_known(node: &Node) -> bool {
    use Node::*;
    matches!(
        node,
        Constant(_)
            // elementwise
            | Add(_) | Sub(_) | Mul(_) | Div(_) | Pow(_) | Max(_) | Min(_) | Sum(_) | Mean(_)
            | Neg(_) | Abs(_) | Reciprocal(_) | Sqrt(_) | Exp(_) | Log(_) | Ceil(_) | Floor(_) | Round(_) | Sign(_)
            | Erf(_) | Sin(_) | Cos(_) | Tan(_) | Tanh(_)
            | Equal(_) | Greater(_) | GreaterOrEqual(_) | Less(_) | LessOrEqual(_) | And(_) | Or(_) | Xor(_) | Not(_)
            | Where(_) | Cast(_) | Clip(_)
            // layers
            | Relu(_) | Sigmoid(_) | Softmax(_) | LogSoftmax(_) | LeakyRelu(_) | HardSigmoid(_) | HardSwish(_) | Gelu(_)
            | Softplus(_) | PRelu(_) | Elu(_)
            | MatMul(_) | Gemm(_) | Linear(_) | Conv1d(_) | Conv2d(_) | ConvTranspose2d(_)
            | MaxPool1d(_) | MaxPool2d(_) | AveragePool1d(_) | AveragePool2d(_) | GlobalAveragePool(_)
            | BatchNormalization(_) | InstanceNormalization(_) | LayerNormalization(_) | Dropout(_) | Identity(_)
            // reductions
            | ReduceMax(_) | ReduceMin(_) | ReduceMean(_) | ReduceSum(_) | ReduceProd(_) | ReduceSumSquare(_)
            | ReduceL1(_) | ReduceL2(_) | ArgMax(_) | ArgMin(_) | TopK(_)
            // shapes
            | Concat(_) | Expand(_) | Flatten(_) | Gather(_) | GatherElements(_) | Pad(_) | Reshape(_) | Shape(_)
            | Size(_) | Slice(_) | Split(_) | Squeeze(_) | Tile(_) | Transpose(_) | Unsqueeze(_) | ConstantOfShape(_)
            | Range(_)
    )
}
