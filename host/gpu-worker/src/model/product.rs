//! Products of matrices.
//! Never copies a matrix to turn it: the backend does as it is read.

use burn_backend::Backend;
use onnx_ir::ir::Node;
use onnx_ir::node::gemm::GemmConfig;

use super::operator::{Made, Operands, wrong};
use super::value::{Value, common_shape};

/// Carries it out, if it is one of these.
pub fn carry_out<B: Backend>(operands: &Operands<'_, B>) -> Option<Made<B>> {
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
