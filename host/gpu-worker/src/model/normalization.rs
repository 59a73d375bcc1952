//! What brings numbers to a mean and a variance.
//! Never learns from what it sees: the model's own means and variances hold.

use burn_backend::Backend;
use burn_backend::tensor::FloatTensor;
use host_gpu::DeviceError;
use onnx_ir::ir::Node;
use onnx_ir::node::batch_norm::BatchNormConfig;

use super::operator::{Made, Operands};
use super::value::Value;

/// Carries it out, if it is one of these.
pub fn carry_out<B: Backend>(operands: &Operands<'_, B>) -> Option<Made<B>> {
    Some(match operands.node {
        Node::BatchNormalization(node) => {
            let epsilon = match &node.config {
                BatchNormConfig::Static(config) => config.epsilon,
                BatchNormConfig::Runtime(config) => config.epsilon,
            };
            batch_norm(operands, epsilon)
        }
        Node::InstanceNormalization(node) => instance_norm(operands, node.config.epsilon),
        Node::LayerNormalization(node) => layer_norm(operands, node.config.axis, node.config.epsilon),
        _ => return None,
    })
}

/// One number for each channel, stretched over a shape of [batch, channels, …].
fn by_channel<B: Backend>(
    operands: &Operands<'_, B>,
    place: usize,
    shape: &[usize],
) -> Result<FloatTensor<B>, DeviceError> {
    let mut own = vec![1; shape.len()];
    own[1] = shape[1];
    Ok(operands.value(place)?.reshape(own).expand(shape).float(operands.device))
}

fn batch_norm<B: Backend>(operands: &Operands<'_, B>, epsilon: f64) -> Made<B> {
    let shape = operands.value(0)?.shape();
    let channel = |place| by_channel(operands, place, &shape);
    let (scale, bias, mean, variance) = (channel(1)?, channel(2)?, channel(3)?, channel(4)?);
    let deviation = B::float_sqrt(B::float_add_scalar(variance, epsilon.into()));
    let normal = B::float_div(B::float_sub(operands.float(0)?, mean), deviation);
    Ok(Value::Float(B::float_add(B::float_mul(normal, scale), bias)))
}

/// With the mean 0 and the variance 1 over these dimensions.
fn normal<B: Backend>(tensor: FloatTensor<B>, axes: std::ops::Range<usize>, epsilon: f64) -> FloatTensor<B> {
    let shape = Value::<B>::Float(tensor.clone()).shape();
    let mean = |mut tensor: FloatTensor<B>| {
        for axis in axes.clone() {
            tensor = B::float_mean_dim(tensor, axis);
        }
        B::float_expand(tensor, shape.clone().into())
    };
    let centred = B::float_sub(tensor.clone(), mean(tensor));
    let variance = mean(B::float_mul(centred.clone(), centred.clone()));
    B::float_div(centred, B::float_sqrt(B::float_add_scalar(variance, epsilon.into())))
}

fn instance_norm<B: Backend>(operands: &Operands<'_, B>, epsilon: f64) -> Made<B> {
    let shape = operands.value(0)?.shape();
    let normal = normal::<B>(operands.float(0)?, 2..shape.len(), epsilon);
    let (scale, bias) = (by_channel(operands, 1, &shape)?, by_channel(operands, 2, &shape)?);
    Ok(Value::Float(B::float_add(B::float_mul(normal, scale), bias)))
}

fn layer_norm<B: Backend>(operands: &Operands<'_, B>, axis: i64, epsilon: f64) -> Made<B> {
    let shape = operands.value(0)?.shape();
    let first = if axis < 0 { (axis + shape.len() as i64) as usize } else { axis as usize };
    let normal = normal::<B>(operands.float(0)?, first..shape.len(), epsilon);
    let scaled = B::float_mul(normal, operands.value(1)?.expand(&shape).float(operands.device));
    let Some(bias) = operands.optional(2) else { return Ok(Value::Float(scaled)) };
    Ok(Value::Float(B::float_add(scaled, bias.expand(&shape).float(operands.device))))
}
