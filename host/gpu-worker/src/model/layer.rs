//! Operators that networks are made of: activations, products, convolutions, pools, norms.
//! Never trains: what differs then, such as dropout, is left out.

use burn_backend::Backend;
use burn_backend::ops::{ConvOptions, ConvTransposeOptions};
use burn_backend::tensor::FloatTensor;
use burn_std::PadMode;
use host_gpu::DeviceError;
use onnx_ir::ir::Node;
use onnx_ir::node::avg_pool2d::AvgPool2dConfig;
use onnx_ir::node::batch_norm::BatchNormConfig;
use onnx_ir::node::gelu::GeluApproximate;
use onnx_ir::node::gemm::GemmConfig;
use onnx_ir::node::max_pool2d::MaxPool2dConfig;
use onnx_ir::node::padding::{AutoPad, PaddingConfig1d, PaddingConfig2d};

use super::operator::{Operands, Results, wrong};
use super::value::{Value, common_shape};

/// What the tanh form of GELU is made of: the square root of 2 / π, and a factor.
const GELU_ROOT: f64 = 0.797_884_560_802_865_4;
const GELU_CUBE: f64 = 0.044_715;

type Made<B> = Result<Value<B>, DeviceError>;

/// Carries it out, if it is one of these.
pub fn carry_out<B: Backend>(operands: &Operands<'_, B>) -> Option<Results<B>> {
    activation(operands)
        .or_else(|| product(operands))
        .or_else(|| convolution(operands))
        .or_else(|| normalization(operands))
        .map(|result| result.map(|value| vec![value]))
}

fn activation<B: Backend>(operands: &Operands<'_, B>) -> Option<Made<B>> {
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

fn product<B: Backend>(operands: &Operands<'_, B>) -> Option<Made<B>> {
    Some(match operands.node {
        Node::MatMul(_) => matmul(operands.value(0), operands.value(1), operands),
        Node::Gemm(node) => gemm(operands, &node.config),
        Node::Linear(node) => linear(operands, node.config.transpose_weight),
        _ => return None,
    })
}

/// As numpy's: a row in front, a column behind, and all other dimensions stretched.
fn matmul<B: Backend>(one: Made<B>, other: Made<B>, operands: &Operands<'_, B>) -> Made<B> {
    let (one, other) = (one?, other?);
    let (mut left, mut right) = (one.shape(), other.shape());
    let (is_row, is_column) = (left.len() == 1, right.len() == 1);
    if is_row {
        left.insert(0, 1);
    }
    if is_column {
        right.push(1);
    }
    let (rows, columns) = (left[left.len() - 2], right[right.len() - 1]);
    let mut shape = common_shape(&left[..left.len() - 2], &right[..right.len() - 2])?;
    let stretched = |value: Value<B>, own: &[usize], shape: &[usize]| {
        let whole = [shape, &own[own.len() - 2..]].concat();
        value.reshape(own.to_vec()).expand(&whole).float(operands.device)
    };
    if left[left.len() - 1] != right[right.len() - 2] {
        return Err(wrong(&format!("matrices of shapes {left:?} and {right:?} cannot be multiplied")));
    }
    let tensor = B::float_matmul(stretched(one, &left, &shape), stretched(other, &right, &shape));
    if !is_row {
        shape.push(rows);
    }
    if !is_column {
        shape.push(columns);
    }
    Ok(Value::<B>::Float(tensor).reshape(if shape.is_empty() { vec![1] } else { shape }))
}

fn gemm<B: Backend>(operands: &Operands<'_, B>, config: &GemmConfig) -> Made<B> {
    let turned = |place: usize, turn: i64| -> Made<B> {
        let tensor = operands.float(place)?;
        Ok(Value::Float(if turn == 0 { tensor } else { B::float_swap_dims(tensor, 0, 1) }))
    };
    let product = matmul(turned(0, config.trans_a), turned(1, config.trans_b), operands)?.float(operands.device);
    let product = if config.alpha == 1.0 { product } else { B::float_mul_scalar(product, config.alpha.into()) };
    let Some(added) = operands.optional(2) else { return Ok(Value::Float(product)) };
    let shape = Value::<B>::Float(product.clone()).shape();
    let added = added.expand(&shape).float(operands.device);
    let added = if config.beta == 1.0 { added } else { B::float_mul_scalar(added, config.beta.into()) };
    Ok(Value::Float(B::float_add(product, added)))
}

fn linear<B: Backend>(operands: &Operands<'_, B>, is_turned: bool) -> Made<B> {
    let weight = operands.float(1)?;
    let weight = if is_turned { B::float_swap_dims(weight, 0, 1) } else { weight };
    let product = matmul(operands.value(0), Ok(Value::Float(weight)), operands)?;
    let Some(bias) = operands.optional(2) else { return Ok(product) };
    let shape = product.shape();
    Ok(Value::Float(B::float_add(product.float(operands.device), bias.expand(&shape).float(operands.device))))
}

fn convolution<B: Backend>(operands: &Operands<'_, B>) -> Option<Made<B>> {
    Some(match operands.node {
        Node::Conv1d(node) => {
            let config = &node.config;
            let own = match config.padding {
                PaddingConfig1d::Valid => (0, 0),
                PaddingConfig1d::Explicit(begin, end) => (begin, end),
            };
            convolve(operands, |input, weight, bias| {
                let length = length::<B>(&input, 2);
                let padding =
                    padding(&config.auto_pad, own, (length, config.kernel_size, config.stride, config.dilation));
                let options = ConvOptions {
                    stride: [config.stride],
                    padding: [padding],
                    dilation: [config.dilation],
                    groups: config.groups,
                };
                B::conv1d(input, weight, bias, options)
            })
        }
        Node::Conv2d(node) => {
            let config = &node.config;
            convolve(operands, |input, weight, bias| {
                let padding = padding_2d::<B>(
                    &input,
                    &config.auto_pad,
                    &config.padding,
                    (config.kernel_size, config.stride, config.dilation),
                );
                let options =
                    ConvOptions { stride: config.stride, padding, dilation: config.dilation, groups: config.groups };
                B::conv2d(input, weight, bias, options)
            })
        }
        Node::ConvTranspose2d(node) => {
            let config = &node.config;
            if config.output_shape.is_some() || !matches!(config.auto_pad, AutoPad::NotSet) {
                return Some(Err(wrong("only an explicit padding is computed")));
            }
            convolve(operands, |input, weight, bias| {
                let options = ConvTransposeOptions::new(
                    config.stride,
                    config.padding,
                    config.padding_out,
                    config.dilation,
                    config.groups,
                );
                B::conv_transpose2d(input, weight, bias, options)
            })
        }
        Node::MaxPool1d(_) | Node::AveragePool1d(_) => pool_1d(operands),
        Node::MaxPool2d(node) => operands.float(0).map(|input| Value::Float(max_pool::<B>(input, &node.config))),
        Node::AveragePool2d(node) => average_pool(operands, &node.config),
        Node::GlobalAveragePool(_) => operands.float(0).map(|mut tensor| {
            let rank = Value::<B>::Float(tensor.clone()).shape().len();
            for axis in 2..rank {
                tensor = B::float_mean_dim(tensor, axis);
            }
            Value::Float(tensor)
        }),
        _ => return None,
    })
}

fn convolve<B: Backend>(
    operands: &Operands<'_, B>,
    work: impl FnOnce(FloatTensor<B>, FloatTensor<B>, Option<FloatTensor<B>>) -> FloatTensor<B>,
) -> Made<B> {
    let bias = operands.optional(2).map(|bias| bias.float(operands.device));
    Ok(Value::Float(work(operands.float(0)?, operands.float(1)?, bias)))
}

fn length<B: Backend>(tensor: &FloatTensor<B>, axis: usize) -> usize {
    Value::<B>::Float(tensor.clone()).shape()[axis]
}

/// Before and behind one dimension of (length, kernel, stride, dilation).
fn padding(
    auto: &AutoPad,
    own: (usize, usize),
    (length, kernel, stride, dilation): (usize, usize, usize, usize),
) -> (usize, usize) {
    let whole =
        (length.div_ceil(stride).saturating_sub(1) * stride + (kernel - 1) * dilation + 1).saturating_sub(length);
    match auto {
        AutoPad::NotSet => own,
        AutoPad::Valid => (0, 0),
        AutoPad::SameUpper => (whole / 2, whole - whole / 2),
        AutoPad::SameLower => (whole - whole / 2, whole / 2),
    }
}

fn padding_2d<B: Backend>(
    input: &FloatTensor<B>,
    auto: &AutoPad,
    own: &PaddingConfig2d,
    (kernel, stride, dilation): ([usize; 2], [usize; 2], [usize; 2]),
) -> [(usize, usize); 2] {
    let own = match own {
        PaddingConfig2d::Valid => [(0, 0), (0, 0)],
        PaddingConfig2d::Explicit(top, left, bottom, right) => [(*top, *bottom), (*left, *right)],
    };
    [0, 1].map(|axis| {
        padding(auto, own[axis], (length::<B>(input, axis + 2), kernel[axis], stride[axis], dilation[axis]))
    })
}

fn max_pool<B: Backend>(input: FloatTensor<B>, config: &MaxPool2dConfig) -> FloatTensor<B> {
    let around = padding_2d::<B>(
        &input,
        &config.auto_pad,
        &config.padding,
        (config.kernel_size, config.strides, config.dilation),
    );
    let is_even = around.iter().all(|(begin, end)| begin == end);
    let (input, padding) = match is_even {
        true => (input, around.map(|(begin, _)| begin)),
        // Nothing that is added is ever the largest.
        false => (B::float_pad(input, &[(0, 0), (0, 0), around[0], around[1]], PadMode::Constant(f32::MIN)), [0, 0]),
    };
    B::max_pool2d(input, config.kernel_size, config.strides, padding, config.dilation, config.ceil_mode)
}

fn average_pool<B: Backend>(operands: &Operands<'_, B>, config: &AvgPool2dConfig) -> Made<B> {
    let input = operands.float(0)?;
    let around = padding_2d::<B>(
        &input,
        &config.auto_pad,
        &config.padding,
        (config.kernel_size, config.strides, config.dilation),
    );
    if config.dilation != [1, 1] || around.iter().any(|(begin, end)| begin != end) {
        return Err(wrong("an average is taken of neighbours only, with as much padding on both sides"));
    }
    let padding = around.map(|(begin, _)| begin);
    let (kernel, strides) = (config.kernel_size, config.strides);
    Ok(Value::Float(B::avg_pool2d(input, kernel, strides, padding, config.count_include_pad, config.ceil_mode)))
}

/// A pool over one dimension is one over two, of which the second has the length 1.
fn pool_1d<B: Backend>(operands: &Operands<'_, B>) -> Made<B> {
    let explicit = |padding: &PaddingConfig1d| match padding {
        PaddingConfig1d::Valid => PaddingConfig2d::Valid,
        PaddingConfig1d::Explicit(begin, end) => PaddingConfig2d::Explicit(*begin, 0, *end, 0),
    };
    let mut shape = operands.value(0)?.shape();
    shape.push(1);
    let input = operands.value(0)?.reshape(shape);
    let pooled = match operands.node {
        Node::MaxPool1d(node) => {
            let config = &node.config;
            let config = MaxPool2dConfig::new(
                [config.kernel_size, 1],
                [config.stride, 1],
                explicit(&config.padding),
                [config.dilation, 1],
                config.ceil_mode,
                config.auto_pad.clone(),
                config.storage_order,
            );
            Value::Float(max_pool::<B>(input.float(operands.device), &config))
        }
        Node::AveragePool1d(node) => {
            let config = &node.config;
            let config = AvgPool2dConfig::new(
                [config.kernel_size, 1],
                [config.stride, 1],
                explicit(&config.padding),
                config.count_include_pad,
                [config.dilation, 1],
                config.ceil_mode,
                config.auto_pad.clone(),
            );
            let operands = Operands { node: operands.node, values: vec![Some(input)], device: operands.device };
            average_pool(&operands, &config)?
        }
        _ => return Err(wrong("it is no pool")),
    };
    let mut shape = pooled.shape();
    shape.pop();
    Ok(pooled.reshape(shape))
}

fn normalization<B: Backend>(operands: &Operands<'_, B>) -> Option<Made<B>> {
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
