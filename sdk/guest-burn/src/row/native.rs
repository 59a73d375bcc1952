//! A row in memory, for tests that call a component's code as functions.
//! Never differs in its surface from its sibling `wasm.rs`.

use std::vec::IntoIter;

use burn::tensor::{Device, Shape, Tensor, TensorData};
use sdk_guest::collective::{Exchange, Reduction};
use sdk_guest::prelude::*;

/// Tensors that are to be shared.
#[derive(Debug, Default)]
pub(crate) struct Row {
    values: Vec<f32>,
    places: Vec<(Shape, Device)>,
}

/// What came of them.
#[derive(Debug)]
pub(crate) struct Mean {
    values: Vec<f32>,
    taken: usize,
    places: IntoIter<(Shape, Device)>,
}

impl Row {
    /// Adds a tensor at the row's end.
    ///
    /// # Errors
    /// When it does not hold 32-bit floating point numbers.
    pub(crate) fn push<const D: usize>(&mut self, tensor: Tensor<D>) -> Result<()> {
        self.places.push((tensor.shape(), tensor.device()));
        let values = tensor.into_data().try_to_vec::<f32>().context("gradients are read as 32-bit numbers")?;
        self.values.extend(values);
        Ok(())
    }

    /// How many numbers are in it.
    pub(crate) const fn elements(&self) -> usize {
        self.values.len()
    }

    /// The mean over all workers of what they have in their rows.
    ///
    /// # Errors
    /// When a worker is lost, does not come in time, or has another row.
    pub(crate) fn mean(mut self, exchange: &Exchange) -> Result<Mean> {
        exchange.all_reduce(&mut self.values, Reduction::Mean)?;
        Ok(Mean { values: self.values, taken: 0, places: self.places.into_iter() })
    }
}

impl Mean {
    /// The next tensor, in the order in which they were pushed.
    pub(crate) fn next<const D: usize>(&mut self) -> Option<Tensor<D>> {
        let (shape, device) = self.places.next()?;
        let begin = self.taken;
        self.taken += shape.num_elements();
        let values = self.values[begin..self.taken].to_vec();
        Some(Tensor::from_data(TensorData::new(values, shape), &device))
    }
}
