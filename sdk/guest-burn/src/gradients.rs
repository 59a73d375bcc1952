//! Gradients of several workers as one.
//! Never crosses to the device more than once each way: the gradients of all parameters go as one row of numbers.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Tensor, TensorData};
use sdk_guest::collective::{Exchange, Reduction, join};
use sdk_guest::prelude::*;

/// The mean of all workers' gradients. One is kept for a whole job, so that its room is made once.
#[derive(Debug, Default)]
pub(crate) struct GradientMean {
    exchange: Option<Exchange>,
}

impl GradientMean {
    /// The mean over all workers of the gradients of `module`, parameter by parameter; those of a worker that is alone
    /// as they are. All workers call it at once, with gradients of the same parameters.
    ///
    /// # Errors
    /// When a worker is lost, does not come in time, or has gradients of other parameters.
    pub(crate) fn over_workers<M: Module>(
        &mut self,
        module: &M,
        mut gradients: GradientsParams,
    ) -> Result<GradientsParams> {
        if join().size == 1 {
            return Ok(gradients);
        }
        let mut flattened = Flattened { gradients: &gradients, parts: Vec::new() };
        module.visit(&mut flattened);
        let Some(first) = flattened.parts.first() else { return Ok(gradients) };
        let device = first.device();
        let row = Tensor::cat(flattened.parts, 0);
        let mut values = row.into_data().try_to_vec::<f32>().context("gradients are read as 32-bit numbers")?;
        let exchange = match &mut self.exchange {
            Some(exchange) => exchange,
            none => none.insert(Exchange::new(values.len())?),
        };
        exchange.all_reduce(&mut values, Reduction::Mean)?;
        let count = values.len();
        let row = Tensor::<1>::from_data(TensorData::new(values, [count]), &device);
        module.visit(&mut Spread { gradients: &mut gradients, row, taken: 0 });
        Ok(gradients)
    }
}

/// Collects the gradients of a module in the order of its parameters.
struct Flattened<'gradients> {
    gradients: &'gradients GradientsParams,
    parts: Vec<Tensor<1>>,
}

impl ModuleVisitor for Flattened<'_> {
    fn visit_float<const D: usize>(&mut self, parameter: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.get::<D>(parameter.id) {
            let count = gradient.shape().num_elements();
            self.parts.push(gradient.reshape([count]));
        }
    }
}

/// Puts a row of numbers in the place of the gradients, in the same order.
struct Spread<'gradients> {
    gradients: &'gradients mut GradientsParams,
    row: Tensor<1>,
    taken: usize,
}

impl ModuleVisitor for Spread<'_> {
    fn visit_float<const D: usize>(&mut self, parameter: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.get::<D>(parameter.id) {
            let (shape, begin) = (gradient.shape(), self.taken);
            self.taken += shape.num_elements();
            let mean: Tensor<D> = self.row.clone().slice(begin..self.taken).reshape(shape);
            self.gradients.register(parameter.id, mean);
        }
    }
}
