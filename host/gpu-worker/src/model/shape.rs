//! Operators that move numbers and compute none.
//! Never reads a tensor back from the device, but where its numbers say how another is to be moved.

use burn_backend::{Backend, Slice};
use burn_std::PadMode;
use onnx_ir::ir::{ArgType, Node};
use onnx_ir::node::constant_of_shape::{ConstantOfShapeConfig, ConstantOfShapeShape};
use onnx_ir::node::expand::ExpandConfig;
use onnx_ir::node::pad::{AxesInput, ConstantValueInput, PadConfig, PadInput};
use onnx_ir::node::range::RangeInput;
use onnx_ir::node::reshape::ReshapeInput;
use onnx_ir::node::slice::{SliceConfig, SliceInput};
use onnx_ir::node::split::{SplitConfig, SplitSizesInput};
use onnx_ir::node::tile::TileInput;

use super::operator::{Made, Operands, Results, wrong};
use super::value::{Value, common_shape};

/// Carries it out, if it is one of these.
pub fn carry_out<B: Backend>(operands: &Operands<'_, B>) -> Option<Results<B>> {
    let result = match operands.node {
        Node::Reshape(node) => reshape(operands, &node.config.shape),
        Node::Flatten(node) => flatten(operands, node.config.axis),
        // The result's rank is known: what is left to do is to give the tensor its lengths.
        Node::Squeeze(_) | Node::Unsqueeze(_) => lengths_of_the_result(operands),
        Node::Transpose(node) => {
            let axes: Vec<usize> = node.config.perm.iter().map(|axis| *axis as usize).collect();
            operands.value(0).map(|value| value.permute(&axes))
        }
        Node::Concat(node) => concat(operands, node.config.axis),
        Node::Expand(node) => expand(operands, &node.config),
        Node::Tile(node) => tile(operands, &node.config.repeats),
        Node::Gather(node) => gather(operands, node.config.axis),
        Node::GatherElements(node) => gather_elements(operands, node.config.axis),
        Node::Slice(node) => slice(operands, &node.config),
        Node::Split(node) => return Some(split(operands, &node.config)),
        Node::Pad(node) => pad(operands, &node.config),
        Node::Shape(node) => operands.value(0).map(|value| {
            let lengths: Vec<i64> = value.shape().iter().map(|length| *length as i64).collect();
            Value::from_numbers(&lengths[node.config.start..node.config.end.min(lengths.len())], operands.device)
        }),
        Node::Size(_) => operands
            .value(0)
            .map(|value| Value::from_numbers(&[value.shape().iter().product::<usize>() as i64], operands.device)),
        Node::ConstantOfShape(node) => constant_of_shape(operands, &node.config),
        Node::Range(node) => range(operands, [&node.config.start, &node.config.limit, &node.config.delta]),
        _ => return None,
    };
    Some(result.map(|value| vec![value]))
}

fn reshape<B: Backend>(operands: &Operands<'_, B>, wanted: &ReshapeInput) -> Made<B> {
    let wanted = match wanted {
        ReshapeInput::Static(shape) => shape.clone(),
        ReshapeInput::Runtime(input) => operands.numbers(input)?,
    };
    let value = operands.value(0)?;
    let own = value.shape();
    let mut shape: Vec<usize> = wanted
        .iter()
        .enumerate()
        // 0 keeps a length; -1 is whatever is left.
        .map(|(axis, length)| match length {
            0 => own.get(axis).copied().unwrap_or(0),
            -1 => 1,
            length => *length as usize,
        })
        .collect();
    if let Some(axis) = wanted.iter().position(|length| *length == -1) {
        let rest: usize = shape.iter().product();
        shape[axis] = own.iter().product::<usize>().checked_div(rest).unwrap_or(0);
    }
    if shape.iter().product::<usize>() != own.iter().product::<usize>() {
        return Err(wrong(&format!("a tensor of shape {own:?} cannot take the shape {wanted:?}")));
    }
    Ok(value.reshape(if shape.is_empty() { vec![1] } else { shape }))
}

fn flatten<B: Backend>(operands: &Operands<'_, B>, axis: usize) -> Made<B> {
    let value = operands.value(0)?;
    let shape = value.shape();
    Ok(value.reshape(vec![shape[..axis].iter().product(), shape[axis..].iter().product()]))
}

fn lengths_of_the_result<B: Backend>(operands: &Operands<'_, B>) -> Made<B> {
    let value = operands.value(0)?;
    let shape = value.shape();
    let axes = match operands.node {
        Node::Squeeze(node) => match &node.config.axes {
            None => None,
            Some(onnx_ir::node::squeeze::SqueezeInput::Static(axes)) => Some(axes.clone()),
            Some(onnx_ir::node::squeeze::SqueezeInput::Runtime(input)) => Some(operands.numbers(input)?),
        },
        Node::Unsqueeze(node) => Some(match &node.config {
            onnx_ir::node::unsqueeze::UnsqueezeConfig::Static(axes) => axes.clone(),
            onnx_ir::node::unsqueeze::UnsqueezeConfig::Runtime(input) => operands.numbers(input)?,
        }),
        _ => None,
    };
    let is_squeezed = matches!(operands.node, Node::Squeeze(_));
    let rank = if is_squeezed {
        shape.len()
    } else {
        rank_of(&operands.node.inputs()[0].ty) + axes.as_ref().map_or(0, Vec::len)
    };
    let places: Option<Vec<usize>> = axes.map(|axes| {
        axes.iter().map(|axis| if *axis < 0 { (axis + rank as i64) as usize } else { *axis as usize }).collect()
    });
    let result: Vec<usize> = match (is_squeezed, places) {
        (true, None) => shape.into_iter().filter(|length| *length != 1).collect(),
        (true, Some(places)) => {
            shape.into_iter().enumerate().filter(|(axis, _)| !places.contains(axis)).map(|(_, length)| length).collect()
        }
        (false, places) => {
            let places = places.unwrap_or_default();
            let mut own = shape.into_iter().skip(usize::from(operands.node.inputs()[0].ty.is_scalar()));
            (0..rank).map(|axis| if places.contains(&axis) { 1 } else { own.next().unwrap_or(1) }).collect()
        }
    };
    Ok(value.reshape(if result.is_empty() { vec![1] } else { result }))
}

/// Dimensions as the model's author counts them: a single number has none.
fn rank_of(argument: &ArgType) -> usize {
    if argument.is_scalar() { 0 } else { argument.rank() }
}

fn concat<B: Backend>(operands: &Operands<'_, B>, axis: usize) -> Made<B> {
    let values = (0..operands.values.len()).map(|place| operands.value(place)).collect::<Result<Vec<_>, _>>()?;
    Ok(Value::joined(values, axis, operands.device))
}

fn expand<B: Backend>(operands: &Operands<'_, B>, wanted: &ExpandConfig) -> Made<B> {
    let wanted = match wanted {
        ExpandConfig::Static(shape) => shape.clone(),
        ExpandConfig::Runtime(input) => operands.numbers(input)?,
    };
    let value = operands.value(0)?;
    let wanted: Vec<usize> = wanted.iter().map(|length| (*length).max(1) as usize).collect();
    let shape = common_shape(&value.shape(), &wanted)?;
    Ok(value.expand(&shape))
}

fn tile<B: Backend>(operands: &Operands<'_, B>, repeats: &TileInput) -> Made<B> {
    let repeats: Vec<usize> = match repeats {
        TileInput::Static(repeats) => repeats.clone(),
        TileInput::Runtime(input) => operands.numbers(input)?.into_iter().map(|times| times.max(0) as usize).collect(),
    };
    let tiled = repeats.iter().enumerate().filter(|(_, times)| **times != 1);
    Ok(tiled.fold(operands.value(0)?, |value, (axis, times)| value.repeat(axis, *times)))
}

/// Indices of any rank take the place of one dimension.
fn gather<B: Backend>(operands: &Operands<'_, B>, axis: usize) -> Made<B> {
    let value = operands.value(0)?;
    let shape = value.shape();
    let indices = from_the_end(operands, 1, shape[axis])?;
    let is_single = operands.node.inputs()[1].ty.is_scalar();
    let index_shape = if is_single { Vec::new() } else { indices.shape() };
    let count = indices.shape().iter().product();
    let picked = value.select(axis, indices.reshape(vec![count]).int(operands.device));
    let result = [&shape[..axis], &index_shape, &shape[axis + 1..]].concat();
    Ok(picked.reshape(if result.is_empty() { vec![1] } else { result }))
}

fn gather_elements<B: Backend>(operands: &Operands<'_, B>, axis: usize) -> Made<B> {
    let value = operands.value(0)?;
    let indices = from_the_end(operands, 1, value.shape()[axis])?.int(operands.device);
    Ok(match value {
        Value::Float(tensor) => Value::Float(B::float_gather(axis, tensor, indices)),
        Value::Int(tensor) => Value::Int(B::int_gather(axis, tensor, indices)),
        Value::Bool(tensor) => Value::Bool(B::bool_gather(axis, tensor, indices)),
    })
}

/// Indices below zero count from the end.
fn from_the_end<B: Backend>(operands: &Operands<'_, B>, place: usize, length: usize) -> Made<B> {
    let indices = operands.int(place)?;
    let below = B::int_lower_elem(indices.clone(), 0_i64.into(), operands.bool_type());
    let from_end = B::int_add_scalar(indices.clone(), (length as i64).into());
    Ok(Value::Int(B::int_mask_where(indices, below, from_end)))
}

fn slice<B: Backend>(operands: &Operands<'_, B>, config: &SliceConfig) -> Made<B> {
    let numbers = |input: &SliceInput| match input {
        SliceInput::Static(numbers) => Ok(numbers.clone()),
        SliceInput::Runtime(input) => operands.numbers(input),
    };
    let value = operands.value(0)?;
    let shape = value.shape();
    let (starts, ends) = (numbers(&config.starts)?, numbers(&config.ends)?);
    let axes = config.axes.as_ref().map(numbers).transpose()?;
    let axes = axes.unwrap_or_else(|| (0..starts.len() as i64).collect());
    let steps = config.steps.as_ref().map(numbers).transpose()?.unwrap_or_else(|| vec![1; starts.len()]);
    let mut slices = vec![Slice::full(); shape.len()];
    let mut turned = Vec::new();
    for (at, axis) in axes.iter().enumerate() {
        let axis = (if *axis < 0 { axis + shape.len() as i64 } else { *axis }) as usize;
        let length = shape[axis] as i64;
        let within =
            |place: i64, low: i64, high: i64| (if place < 0 { place + length } else { place }).clamp(low, high);
        let step = steps[at];
        let (begin, end) = match step > 0 {
            true => (within(starts[at], 0, length), within(ends[at], 0, length)),
            // Backwards: the same places from the other side.
            false => {
                turned.push(axis);
                (
                    length - 1 - within(starts[at], -1, length - 1),
                    length - 1 - within(ends[at].max(-length - 1), -1, length - 1),
                )
            }
        };
        slices[axis] = Slice::new(begin as isize, Some(end.max(begin) as isize), step.abs() as isize);
    }
    Ok(flipped(value, &turned).slice(&slices))
}

fn flipped<B: Backend>(value: Value<B>, axes: &[usize]) -> Value<B> {
    if axes.is_empty() {
        return value;
    }
    match value {
        Value::Float(tensor) => Value::Float(B::float_flip(tensor, axes)),
        Value::Int(tensor) => Value::Int(B::int_flip(tensor, axes)),
        Value::Bool(tensor) => Value::Bool(B::bool_flip(tensor, axes)),
    }
}

fn split<B: Backend>(operands: &Operands<'_, B>, config: &SplitConfig) -> Results<B> {
    let value = operands.value(0)?;
    let shape = value.shape();
    let (length, axis) = (shape[config.axis], config.axis);
    let sizes: Vec<usize> = match (&config.split_sizes, config.split_size) {
        (Some(SplitSizesInput::Static(sizes)), _) => sizes.clone(),
        (Some(SplitSizesInput::Runtime(input)), _) => {
            operands.numbers(input)?.into_iter().map(|size| size.max(0) as usize).collect()
        }
        (None, size) => {
            let parts = config.num_outputs.unwrap_or(operands.node.outputs().len()).max(1);
            let size = size.unwrap_or_else(|| length.div_ceil(parts)).max(1);
            (0..length).step_by(size).map(|begin| size.min(length - begin)).collect()
        }
    };
    let mut begin = 0;
    let part = |size: &usize| {
        let mut slices = vec![Slice::full(); shape.len()];
        slices[axis] = Slice::new(begin, Some(begin + *size as isize), 1);
        begin += *size as isize;
        value.clone().slice(&slices)
    };
    Ok(sizes.iter().map(part).collect())
}

fn pad<B: Backend>(operands: &Operands<'_, B>, config: &PadConfig) -> Made<B> {
    use onnx_ir::node::pad::PadMode as Wanted;
    let value = operands.value(0)?;
    let rank = value.shape().len();
    let pads = match &config.pads {
        PadInput::Static(pads) => pads.clone(),
        PadInput::Runtime { input, axes } => {
            let numbers: Vec<usize> =
                operands.numbers(input)?.into_iter().map(|number| number.max(0) as usize).collect();
            let axes: Vec<usize> = match axes {
                None => (0..rank).collect(),
                Some(AxesInput::Static(axes)) => axes.clone(),
                Some(AxesInput::Runtime(input)) => operands
                    .numbers(input)?
                    .into_iter()
                    .map(|axis| (if axis < 0 { axis + rank as i64 } else { axis }) as usize)
                    .collect(),
            };
            let mut pads = vec![(0, 0); rank];
            for (at, axis) in axes.iter().enumerate() {
                pads[*axis] = (numbers[at], numbers[at + axes.len()]);
            }
            pads
        }
    };
    let filling = match &config.constant_value {
        ConstantValueInput::Static(number) => *number,
        ConstantValueInput::Runtime(input) => operands.number(input)? as f32,
    };
    let mode = match config.mode {
        Wanted::Constant => PadMode::Constant(filling),
        Wanted::Reflect => PadMode::Reflect,
        Wanted::Edge => PadMode::Edge,
    };
    Ok(match value {
        Value::Int(tensor) => Value::Int(B::int_pad(tensor, &pads, mode)),
        other => Value::Float(B::float_pad(other.float(operands.device), &pads, mode)),
    })
}

fn constant_of_shape<B: Backend>(operands: &Operands<'_, B>, config: &ConstantOfShapeConfig) -> Made<B> {
    let shape = match &config.shape {
        ConstantOfShapeShape::Static(shape) => shape.clone(),
        ConstantOfShapeShape::Runtime(input) => operands.numbers(input)?,
    };
    let shape: Vec<usize> = shape.iter().map(|length| (*length).max(0) as usize).collect();
    let single = match &config.value {
        Some(value) => Value::from_data(value.clone(), operands.device).reshape(vec![1]),
        None => Value::Float(B::float_zeros([1].into(), operands.device, operands.float_type())),
    };
    Ok(single.expand(if shape.is_empty() { &[1] } else { &shape }))
}

fn range<B: Backend>(operands: &Operands<'_, B>, bounds: [&RangeInput; 3]) -> Made<B> {
    let number = |input: &RangeInput| match input {
        RangeInput::Static(number) => Ok(*number as f64),
        RangeInput::StaticFloat(number) => Ok(*number),
        RangeInput::Runtime(input) => operands.number(input),
    };
    let [start, limit, step] = [number(bounds[0])?, number(bounds[1])?, number(bounds[2])?];
    if step == 0.0 {
        return Err(wrong("a range with steps of 0 never ends"));
    }
    let count = ((limit - start) / step).ceil().max(0.0) as i64;
    let places = B::int_arange(0..count, operands.device, operands.int_type());
    let is_whole = operands.node.outputs()[0].ty.is_shape()
        || operands.node.outputs()[0].ty.elem_type().is_int()
        || operands.node.outputs()[0].ty.elem_type().is_uint();
    Ok(match is_whole {
        true => Value::Int(B::int_add_scalar(B::int_mul_scalar(places, (step as i64).into()), (start as i64).into())),
        false => {
            let places = B::int_into_float(places, operands.float_type());
            Value::Float(B::float_add_scalar(B::float_mul_scalar(places, step.into()), start.into()))
        }
    })
}
