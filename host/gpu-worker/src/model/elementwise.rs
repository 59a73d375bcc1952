//! Operators that look at one place of their inputs at a time.
//! Never computes with whole numbers as with others: each kind has its own arithmetic.

use burn_backend::tensor::{FloatTensor, IntTensor};
use burn_backend::{Backend, DType};
use host_gpu::DeviceError;
use onnx_ir::ir::Node;
use onnx_ir::node::clip::ClipInput;

use super::operator::{Made, Operands, Results, wrong};
use super::value::{Value, common_shape};

/// Carries it out, if it is one of these.
pub fn carry_out<B: Backend>(operands: &Operands<'_, B>) -> Option<Results<B>> {
    let result = match operands.node {
        Node::Add(_) => fold(operands, B::float_add, B::int_add),
        Node::Sub(_) => fold(operands, B::float_sub, B::int_sub),
        Node::Mul(_) => fold(operands, B::float_mul, B::int_mul),
        Node::Div(_) => fold(operands, B::float_div, B::int_div),
        Node::Sum(_) => fold(operands, B::float_add, B::int_add),
        Node::Max(_) => fold(operands, larger::<B>, larger_int::<B>),
        Node::Min(_) => fold(operands, smaller::<B>, smaller_int::<B>),
        Node::Mean(_) => mean(operands),
        Node::Pow(_) => power(operands),
        Node::Neg(_) => either(operands, B::float_neg, B::int_neg),
        Node::Abs(_) => either(operands, B::float_abs, B::int_abs),
        Node::Sign(_) => either(operands, B::float_sign, B::int_sign),
        Node::Reciprocal(_) => one(operands, B::float_recip),
        Node::Sqrt(_) => one(operands, B::float_sqrt),
        Node::Exp(_) => one(operands, B::float_exp),
        Node::Log(_) => one(operands, B::float_log),
        Node::Ceil(_) => one(operands, B::float_ceil),
        Node::Floor(_) => one(operands, B::float_floor),
        Node::Round(_) => one(operands, B::float_round),
        Node::Erf(_) => one(operands, B::float_erf),
        Node::Sin(_) => one(operands, B::float_sin),
        Node::Cos(_) => one(operands, B::float_cos),
        Node::Tan(_) => one(operands, B::float_tan),
        Node::Tanh(_) => one(operands, B::float_tanh),
        Node::Equal(_) | Node::Greater(_) | Node::GreaterOrEqual(_) | Node::Less(_) | Node::LessOrEqual(_) => {
            compare(operands)
        }
        Node::And(_) => logic(operands, B::bool_and),
        Node::Or(_) => logic(operands, B::bool_or),
        Node::Xor(_) => logic(operands, B::bool_xor),
        Node::Not(_) => operands.value(0).map(|value| Value::Bool(B::bool_not(value.bool(operands.device)))),
        Node::Where(_) => choose(operands),
        Node::Cast(node) => cast(operands, node.config.to),
        Node::Clip(node) => clip(operands, node.config.min.as_ref(), node.config.max.as_ref()),
        _ => return None,
    };
    Some(result.map(|value| vec![value]))
}

fn one<B: Backend>(operands: &Operands<'_, B>, work: impl Fn(FloatTensor<B>) -> FloatTensor<B>) -> Made<B> {
    operands.float(0).map(|tensor| Value::Float(work(tensor)))
}

fn either<B: Backend>(
    operands: &Operands<'_, B>,
    work: impl Fn(FloatTensor<B>) -> FloatTensor<B>,
    work_int: impl Fn(IntTensor<B>) -> IntTensor<B>,
) -> Made<B> {
    Ok(match operands.value(0)? {
        Value::Int(tensor) => Value::Int(work_int(tensor)),
        other => Value::Float(work(other.float(operands.device))),
    })
}

/// Two tensors, stretched to the shape that they have together.
fn pair<B: Backend>(one: Value<B>, other: Value<B>) -> Result<(Value<B>, Value<B>), DeviceError> {
    let shape = common_shape(&one.shape(), &other.shape())?;
    Ok((one.expand(&shape), other.expand(&shape)))
}

/// All inputs, one after the other; whole numbers only where all are.
fn fold<B: Backend>(
    operands: &Operands<'_, B>,
    work: impl Fn(FloatTensor<B>, FloatTensor<B>) -> FloatTensor<B>,
    work_int: impl Fn(IntTensor<B>, IntTensor<B>) -> IntTensor<B>,
) -> Made<B> {
    let device = operands.device;
    let mut sum = operands.value(0)?;
    for place in 1..operands.values.len() {
        sum = match pair(sum, operands.value(place)?)? {
            (Value::Int(one), Value::Int(other)) => Value::Int(work_int(one, other)),
            (one, other) => Value::Float(work(one.float(device), other.float(device))),
        };
    }
    Ok(sum)
}

fn mean<B: Backend>(operands: &Operands<'_, B>) -> Made<B> {
    let count = operands.values.len() as f64;
    let sum = fold(operands, B::float_add, B::int_add)?;
    Ok(Value::Float(B::float_div_scalar(sum.float(operands.device), count.into())))
}

fn power<B: Backend>(operands: &Operands<'_, B>) -> Made<B> {
    let is_whole = matches!(operands.value(0)?, Value::Int(_));
    let (base, exponent) = pair(operands.value(0)?, operands.value(1)?)?;
    let power = Value::Float(B::float_powf(base.float(operands.device), exponent.float(operands.device)));
    Ok(if is_whole { Value::Int(power.int(operands.device)) } else { power })
}

/// What is above the other in the first is added to the other.
fn larger<B: Backend>(one: FloatTensor<B>, other: FloatTensor<B>) -> FloatTensor<B> {
    B::float_add(other.clone(), B::relu(B::float_sub(one, other)))
}

fn smaller<B: Backend>(one: FloatTensor<B>, other: FloatTensor<B>) -> FloatTensor<B> {
    B::float_neg(larger::<B>(B::float_neg(one), B::float_neg(other)))
}

fn larger_int<B: Backend>(one: IntTensor<B>, other: IntTensor<B>) -> IntTensor<B> {
    B::int_add(other.clone(), B::int_clamp_min(B::int_sub(one, other), 0_i64.into()))
}

fn smaller_int<B: Backend>(one: IntTensor<B>, other: IntTensor<B>) -> IntTensor<B> {
    B::int_add(other.clone(), B::int_clamp_max(B::int_sub(one, other), 0_i64.into()))
}

fn compare<B: Backend>(operands: &Operands<'_, B>) -> Made<B> {
    let (device, dtype) = (operands.device, operands.bool_type());
    let (one, other) = pair(operands.value(0)?, operands.value(1)?)?;
    let result = match (one, other) {
        (Value::Int(one), Value::Int(other)) => match operands.node {
            Node::Equal(_) => B::int_equal(one, other, dtype),
            Node::Greater(_) => B::int_greater(one, other, dtype),
            Node::GreaterOrEqual(_) => B::int_greater_equal(one, other, dtype),
            Node::Less(_) => B::int_lower(one, other, dtype),
            _ => B::int_lower_equal(one, other, dtype),
        },
        (Value::Bool(one), Value::Bool(other)) if matches!(operands.node, Node::Equal(_)) => B::bool_equal(one, other),
        (one, other) => {
            let (one, other) = (one.float(device), other.float(device));
            match operands.node {
                Node::Equal(_) => B::float_equal(one, other, dtype),
                Node::Greater(_) => B::float_greater(one, other, dtype),
                Node::GreaterOrEqual(_) => B::float_greater_equal(one, other, dtype),
                Node::Less(_) => B::float_lower(one, other, dtype),
                _ => B::float_lower_equal(one, other, dtype),
            }
        }
    };
    Ok(Value::Bool(result))
}

fn logic<B: Backend>(
    operands: &Operands<'_, B>,
    work: impl Fn(
        burn_backend::tensor::BoolTensor<B>,
        burn_backend::tensor::BoolTensor<B>,
    ) -> burn_backend::tensor::BoolTensor<B>,
) -> Made<B> {
    let (one, other) = pair(operands.value(0)?, operands.value(1)?)?;
    Ok(Value::Bool(work(one.bool(operands.device), other.bool(operands.device))))
}

/// The second input where the first is true, the third elsewhere.
fn choose<B: Backend>(operands: &Operands<'_, B>) -> Made<B> {
    let device = operands.device;
    let (condition, yes, no) = (operands.value(0)?, operands.value(1)?, operands.value(2)?);
    let shape = common_shape(&common_shape(&condition.shape(), &yes.shape())?, &no.shape())?;
    let mask = condition.expand(&shape).bool(device);
    Ok(match (yes.expand(&shape), no.expand(&shape)) {
        (Value::Int(yes), Value::Int(no)) => Value::Int(B::int_mask_where(no, mask, yes)),
        (Value::Bool(yes), Value::Bool(no)) => Value::Bool(B::bool_mask_where(no, mask, yes)),
        (yes, no) => Value::Float(B::float_mask_where(no.float(device), mask, yes.float(device))),
    })
}

fn cast<B: Backend>(operands: &Operands<'_, B>, wanted: DType) -> Made<B> {
    let (value, device) = (operands.value(0)?, operands.device);
    Ok(match wanted {
        DType::Bool(_) => Value::Bool(value.bool(device)),
        wanted if wanted.is_float() => Value::Float(value.float(device)),
        DType::QFloat(_) => return Err(wrong("quantised numbers are not run")),
        _ => Value::Int(value.int(device)),
    })
}

fn clip<B: Backend>(operands: &Operands<'_, B>, min: Option<&ClipInput>, max: Option<&ClipInput>) -> Made<B> {
    let bound = |bound: Option<&ClipInput>| match bound {
        None => Ok(None),
        Some(ClipInput::Static(number)) => Ok(Some(*number)),
        Some(ClipInput::Runtime(input)) => operands.number(input).map(Some),
    };
    let (min, max) = (bound(min)?, bound(max)?);
    Ok(match operands.value(0)? {
        Value::Int(mut tensor) => {
            if let Some(min) = min {
                tensor = B::int_clamp_min(tensor, (min as i64).into());
            }
            if let Some(max) = max {
                tensor = B::int_clamp_max(tensor, (max as i64).into());
            }
            Value::Int(tensor)
        }
        other => {
            let mut tensor = other.float(operands.device);
            if let Some(min) = min {
                tensor = B::float_clamp_min(tensor, min.into());
            }
            if let Some(max) = max {
                tensor = B::float_clamp_max(tensor, max.into());
            }
            Value::Float(tensor)
        }
    })
}
