//! What bends a network's numbers between its layers, and what does nothing once training is over.
//! Never overflows where the result would not.

use burn_backend::Backend;
use burn_backend::tensor::FloatTensor;
use onnx_ir::ir::Node;
use onnx_ir::node::gelu::GeluApproximate;

use super::operator::{Made, Operands};
use super::value::{Value, common_shape};

/// What the tanh form of GELU is made of: the square root of 2 / π, and a factor.
const GELU_ROOT: f64 = 0.797_884_560_802_865_4;
const GELU_CUBE: f64 = 0.044_715;

/// Carries it out, if it is one of these.
pub fn carry_out<B: Backend>(operands: &Operands<'_, B>) -> Option<Made<B>> {
    let work =
        |work: &dyn Fn(FloatTensor<B>) -> FloatTensor<B>| operands.float(0).map(|tensor| Value::Float(work(tensor)));
    Some(match operands.node {
        Node::Relu(_) => work(&B::relu),
        Node::Sigmoid(_) => work(&B::sigmoid),
        Node::Softmax(node) => work(&|tensor| B::softmax(tensor, node.config.axis)),
        Node::LogSoftmax(node) => work(&|tensor| B::log_softmax(tensor, node.config.axis)),
        Node::LeakyRelu(node) => work(&|tensor| B::leaky_relu(tensor, node.config.alpha.into())),
        Node::Elu(node) => work(&|tensor| elu::<B>(tensor, node.config.alpha)),
        Node::HardSigmoid(node) => work(&|tensor| hard_sigmoid::<B>(tensor, node.config.alpha, node.config.beta)),
        Node::HardSwish(_) => work(&|tensor| B::float_mul(tensor.clone(), hard_sigmoid::<B>(tensor, 1.0 / 6.0, 0.5))),
        Node::Gelu(node) => work(&|tensor| match node.config.approximate {
            GeluApproximate::Exact => B::gelu(tensor),
            GeluApproximate::Tanh => gelu_by_tanh::<B>(tensor),
        }),
        // The larger of x and 0, and what is left: no exponent overflows.
        Node::Softplus(_) => work(&|tensor| {
            let left = B::float_log1p(B::float_exp(B::float_neg(B::float_abs(tensor.clone()))));
            B::float_add(B::relu(tensor), left)
        }),
        Node::PRelu(_) => prelu(operands),
        Node::Dropout(_) | Node::Identity(_) => operands.value(0),
        _ => return None,
    })
}

fn elu<B: Backend>(tensor: FloatTensor<B>, alpha: f64) -> FloatTensor<B> {
    let below = B::float_sub_scalar(B::float_exp(B::float_clamp_max(tensor.clone(), 0.0.into())), 1.0.into());
    B::float_add(B::relu(tensor), B::float_mul_scalar(below, alpha.into()))
}

fn hard_sigmoid<B: Backend>(tensor: FloatTensor<B>, alpha: f64, beta: f64) -> FloatTensor<B> {
    let line = B::float_add_scalar(B::float_mul_scalar(tensor, alpha.into()), beta.into());
    B::float_clamp(line, 0.0.into(), 1.0.into())
}

fn gelu_by_tanh<B: Backend>(tensor: FloatTensor<B>) -> FloatTensor<B> {
    let square = B::float_mul(tensor.clone(), tensor.clone());
    let cube = B::float_mul(square, tensor.clone());
    let inner = B::float_add(tensor.clone(), B::float_mul_scalar(cube, GELU_CUBE.into()));
    let tanh = B::float_tanh(B::float_mul_scalar(inner, GELU_ROOT.into()));
    B::float_mul_scalar(B::float_mul(tensor, B::float_add_scalar(tanh, 1.0.into())), 0.5.into())
}

/// A slope below zero, which may be another for each channel.
fn prelu<B: Backend>(operands: &Operands<'_, B>) -> Made<B> {
    let (input, slope) = (operands.value(0)?, operands.value(1)?);
    let shape = common_shape(&input.shape(), &slope.shape())?;
    let slope = slope.expand(&shape).float(operands.device);
    let tensor = input.float(operands.device);
    let below = B::float_mul(slope, B::float_clamp_max(tensor.clone(), 0.0.into()));
    Ok(Value::Float(B::float_add(B::relu(tensor), below)))
}
