//! A module that is being trained, by one worker or by several.
//! Never reads a number back from the device but gradients that are shared, and what a checkpoint holds.

use burn::module::Module;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::Tensor;
use sdk_guest::collective::join;
use sdk_guest::prelude::*;
use sdk_guest::{Reader, Writer};

use crate::checkpoint::{load_checkpoint, save_checkpoint};
use crate::gradients::GradientMean;

/// A module, what its optimizer remembers, and how often it was changed.
pub struct Training<M> {
    /// The module as it is now.
    pub module: M,
    /// Steps that were made.
    pub steps: u64,
    optimizer: ModuleOptimizer,
    mean: GradientMean,
}

impl<M: Module> Training<M> {
    /// Training that begins.
    #[must_use]
    pub fn new(module: M, optimizer: ModuleOptimizer) -> Self {
        Self { module, steps: 0, optimizer, mean: GradientMean::default() }
    }

    /// One step down `loss`, which is the mean over `own` of the `whole` examples of a batch: those that this worker
    /// looked at. All workers call it at once. Shares need not be equal.
    ///
    /// # Errors
    /// When another worker is lost, does not come in time, or trains another module.
    pub fn step(&mut self, loss: Tensor<1>, (own, whole): (usize, usize), learning_rate: f64) -> Result<()> {
        let gradients = GradientsParams::from_grads(weighted(loss, own, whole).backward(), &self.module);
        let gradients = self.mean.over_workers(&self.module, gradients)?;
        self.module = self.optimizer.step(learning_rate, self.module.clone(), gradients);
        self.steps += 1;
        Ok(())
    }

    /// Writes the state down.
    ///
    /// # Errors
    /// When it cannot be read from the device, or the checkpoint cannot be written.
    pub fn save(&self, checkpoint: &mut Writer<Artifact>) -> Result<()> {
        save_checkpoint(checkpoint, &self.module, &self.optimizer, self.steps)
    }

    /// Goes back to what a checkpoint holds, or changes nothing.
    ///
    /// # Errors
    /// When the checkpoint is torn, or is that of another module or optimizer.
    pub fn load(&mut self, checkpoint: &mut Reader<'_, Artifact>) -> Result<()> {
        let (module, optimizer, steps) = load_checkpoint(checkpoint, &self.module, &self.optimizer)?;
        (self.module, self.optimizer, self.steps) = (module, optimizer, steps);
        Ok(())
    }
}

/// Weighted like this, the mean over workers is the mean over the batch.
fn weighted(loss: Tensor<1>, own: usize, whole: usize) -> Tensor<1> {
    let workers = join().size;
    if workers == 1 {
        return loss;
    }
    #[expect(clippy::cast_precision_loss, reason = "a batch has far fewer examples than a double counts")]
    let weight = own as f64 * f64::from(workers) / whole as f64;
    loss * weight
}

/// Refuses a learning rate that no training could be done with.
///
/// # Errors
/// When it is not a positive number.
pub fn check_learning_rate(rate: f64) -> Result<()> {
    if rate > 0.0 && rate.is_finite() {
        return Ok(());
    }
    Err(Failure::new(format!("a learning rate of {rate}; it is a positive number, such as 0.001")))
}
