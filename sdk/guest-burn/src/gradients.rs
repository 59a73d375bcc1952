//! Gradients of several workers as one.
//! Never crosses to the device more than once each way: the gradients of all parameters go as one row of numbers.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::Tensor;
use sdk_guest::collective::{Exchange, join};
use sdk_guest::prelude::*;

use crate::row::{Mean, Row};

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
        let mut collected = Collected { gradients: &gradients, row: Row::default(), refused: None };
        module.visit(&mut collected);
        let Collected { row, refused, .. } = collected;
        if let Some(failure) = refused {
            return Err(failure);
        }
        if row.elements() == 0 {
            return Ok(gradients);
        }
        let exchange = match &mut self.exchange {
            Some(exchange) => exchange,
            none => none.insert(Exchange::new(row.elements())?),
        };
        let mean = row.mean(exchange)?;
        module.visit(&mut Replaced { gradients: &mut gradients, mean });
        Ok(gradients)
    }
}

/// Collects the gradients of a module in the order of its parameters.
struct Collected<'gradients> {
    gradients: &'gradients GradientsParams,
    row: Row,
    /// Why the first gradient that cannot be shared cannot be.
    refused: Option<Failure>,
}

impl ModuleVisitor for Collected<'_> {
    fn visit_float<const D: usize>(&mut self, parameter: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.get::<D>(parameter.id)
            && let Err(failure) = self.row.push(gradient)
        {
            self.refused.get_or_insert(failure);
        }
    }
}

/// Puts means in the place of the gradients, in the same order.
struct Replaced<'gradients> {
    gradients: &'gradients mut GradientsParams,
    mean: Mean,
}

impl ModuleVisitor for Replaced<'_> {
    fn visit_float<const D: usize>(&mut self, parameter: &Param<Tensor<D>>) {
        if self.gradients.get::<D>(parameter.id).is_some()
            && let Some(mean) = self.mean.next::<D>()
        {
            self.gradients.register(parameter.id, mean);
        }
    }
}
