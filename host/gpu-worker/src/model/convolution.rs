//! Windows that move over pictures and rows: convolutions and pools.
//! Never pads otherwise than the model says.

use burn_backend::Backend;
use burn_backend::ops::{ConvOptions, ConvTransposeOptions};
use burn_backend::tensor::FloatTensor;
use burn_std::PadMode;
use onnx_ir::ir::Node;
use onnx_ir::node::avg_pool2d::AvgPool2dConfig;
use onnx_ir::node::max_pool2d::MaxPool2dConfig;
use onnx_ir::node::padding::{AutoPad, PaddingConfig1d, PaddingConfig2d};

use super::operator::{Made, Operands, wrong};
use super::value::Value;

/// Carries it out, if it is one of these.
pub fn carry_out<B: Backend>(operands: &Operands<'_, B>) -> Option<Made<B>> {
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
