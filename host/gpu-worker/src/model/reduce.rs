//! Operators that make one number of many.
//! Never along a dimension that is not there: the model was checked when it was read.

use burn_backend::tensor::FloatTensor;
use burn_backend::{Backend, Slice};
use host_gpu::DeviceError;
use onnx_ir::ir::Node;
use onnx_ir::node::reduce::{ReduceAxes, ReduceConfig};
use onnx_ir::node::topk::{TopKConfig, TopKInput};

use super::operator::{Operands, Results};
use super::value::Value;

/// Carries it out, if it is one of these.
pub fn carry_out<B: Backend>(operands: &Operands<'_, B>) -> Option<Results<B>> {
    let result = match operands.node {
        Node::ReduceMax(node) => along(operands, &node.config, B::float_max_dim),
        Node::ReduceMin(node) => along(operands, &node.config, B::float_min_dim),
        Node::ReduceMean(node) => along(operands, &node.config, B::float_mean_dim),
        Node::ReduceSum(node) => along(operands, &node.config, B::float_sum_dim),
        Node::ReduceProd(node) => along(operands, &node.config, B::float_prod_dim),
        Node::ReduceSumSquare(node) => squares(operands, &node.config),
        Node::ReduceL1(node) => along_of(operands, &node.config, B::float_abs, B::float_sum_dim),
        Node::ReduceL2(node) => {
            squares(operands, &node.config).map(|sum| Value::Float(B::float_sqrt(sum.float(operands.device))))
        }
        Node::ArgMax(node) => {
            best(operands, (node.config.axis, node.config.keepdims, node.config.select_last_index), true)
        }
        Node::ArgMin(node) => {
            best(operands, (node.config.axis, node.config.keepdims, node.config.select_last_index), false)
        }
        Node::TopK(node) => return Some(top(operands, &node.config)),
        _ => return None,
    };
    Some(result.map(|value| vec![value]))
}

fn axes<B: Backend>(operands: &Operands<'_, B>, config: &ReduceConfig, rank: usize) -> Result<Vec<usize>, DeviceError> {
    let axes: Vec<usize> = match &config.axes {
        ReduceAxes::Static(axes) => axes.clone(),
        ReduceAxes::Runtime(input) => {
            let numbers = operands.numbers(input)?;
            numbers.into_iter().map(|axis| (if axis < 0 { axis + rank as i64 } else { axis }) as usize).collect()
        }
    };
    Ok(if axes.is_empty() && !config.noop_with_empty_axes { (0..rank).collect() } else { axes })
}

fn along<B: Backend>(
    operands: &Operands<'_, B>,
    config: &ReduceConfig,
    work: impl Fn(FloatTensor<B>, usize) -> FloatTensor<B>,
) -> Result<Value<B>, DeviceError> {
    along_of(operands, config, |tensor| tensor, work)
}

fn squares<B: Backend>(operands: &Operands<'_, B>, config: &ReduceConfig) -> Result<Value<B>, DeviceError> {
    along_of(operands, config, |tensor| B::float_mul(tensor.clone(), tensor), B::float_sum_dim)
}

fn along_of<B: Backend>(
    operands: &Operands<'_, B>,
    config: &ReduceConfig,
    first: impl Fn(FloatTensor<B>) -> FloatTensor<B>,
    work: impl Fn(FloatTensor<B>, usize) -> FloatTensor<B>,
) -> Result<Value<B>, DeviceError> {
    let input = operands.value(0)?;
    let is_whole = matches!(input, Value::Int(_));
    let mut shape = input.shape();
    let axes = axes(operands, config, shape.len())?;
    let mut tensor = first(input.float(operands.device));
    for axis in &axes {
        tensor = work(tensor, *axis);
        shape[*axis] = 1;
    }
    if !config.keepdims {
        shape =
            shape.into_iter().enumerate().filter(|(axis, _)| !axes.contains(axis)).map(|(_, length)| length).collect();
    }
    let result = Value::<B>::Float(tensor).reshape(if shape.is_empty() { vec![1] } else { shape });
    Ok(if is_whole { Value::Int(result.int(operands.device)) } else { result })
}

/// The place of the largest or the smallest number: the first such, or the last.
fn best<B: Backend>(
    operands: &Operands<'_, B>,
    (axis, keeps, last): (usize, bool, bool),
    largest: bool,
) -> Result<Value<B>, DeviceError> {
    let mut tensor = operands.float(0)?;
    let mut shape = Value::<B>::Float(tensor.clone()).shape();
    if last {
        tensor = B::float_flip(tensor, &[axis]);
    }
    let places = match largest {
        true => B::float_argmax(tensor, axis, operands.int_type()),
        false => B::float_argmin(tensor, axis, operands.int_type()),
    };
    let places = match last {
        true => B::int_add_scalar(B::int_neg(places), (shape[axis] as i64 - 1).into()),
        false => places,
    };
    shape[axis] = 1;
    if !keeps {
        shape.remove(axis);
    }
    Ok(Value::<B>::Int(places).reshape(if shape.is_empty() { vec![1] } else { shape }))
}

fn top<B: Backend>(operands: &Operands<'_, B>, config: &TopKConfig) -> Results<B> {
    let count = match &config.k {
        TopKInput::Static(count) => *count,
        TopKInput::Runtime(input) => operands.number(input)? as usize,
    };
    let tensor = operands.float(0)?;
    let rank = Value::<B>::Float(tensor.clone()).shape().len();
    let (values, places) = B::float_sort_with_indices(tensor, config.axis, config.largest, operands.int_type());
    let mut slices = vec![Slice::full(); rank];
    slices[config.axis] = Slice::new(0, Some(count as isize), 1);
    Ok(vec![Value::Float(values).slice(&slices), Value::Int(places).slice(&slices)])
}
