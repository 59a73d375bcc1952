//! Training, one update of the weights at a time, and scoring.
//! Never reads a number back from the device but the losses that are reported, and gradients that are shared.

use burn::nn::loss::CrossEntropyLossConfig;
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Int, Tensor, TensorData};
use sdk_guest::prelude::*;
use sdk_guest_burn::GradientMean;

use crate::corpus::{Corpus, Pieces};
use crate::network::Network;

/// A loss is read back and reported once in so many steps.
const STEPS_PER_POINT: u64 = 10;
/// Pieces that are scored together.
const SCORED_TOGETHER: usize = 32;

/// How to train.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    /// Updates of the weights.
    pub(crate) steps: u32,
    /// Pieces looked at for each, by all workers together.
    pub(crate) batch: usize,
    /// How far the weights move.
    pub(crate) learning_rate: f64,
    /// Where weights and the choice of pieces begin.
    pub(crate) seed: u64,
}

impl Settings {
    /// Refuses what no training could be done with.
    pub(crate) fn check(&self) -> Result<()> {
        if self.steps == 0 || self.batch == 0 {
            return Err(Failure::new("steps and batch are at least 1"));
        }
        if !(self.learning_rate > 0.0 && self.learning_rate.is_finite()) {
            let rate = self.learning_rate;
            return Err(Failure::new(format!("a learning rate of {rate}; it is a positive number, such as 0.001")));
        }
        Ok(())
    }
}

/// A network that is being trained.
pub(crate) struct Learner {
    /// What it learns from.
    pub(crate) corpus: Corpus,
    /// How.
    pub(crate) settings: Settings,
    /// The network as it is now.
    pub(crate) network: Network,
    /// What the optimizer remembers of earlier steps.
    pub(crate) optimizer: ModuleOptimizer,
    /// Steps that were made.
    pub(crate) steps: u64,
    device: Device,
    mean: GradientMean,
    share: Vec<usize>,
}

impl Learner {
    /// A learner that looks at the pieces of each batch whose numbers are in `share`: all of them, where it is alone.
    pub(crate) fn new(
        network: Network,
        corpus: Corpus,
        settings: Settings,
        share: impl Iterator<Item = usize>,
        device: &Device,
    ) -> Self {
        Self {
            corpus,
            settings,
            network,
            optimizer: AdamConfig::new().init(),
            steps: 0,
            device: device.clone(),
            mean: GradientMean::default(),
            share: share.collect(),
        }
    }

    /// One update of the weights; its loss, where that is to be reported.
    pub(crate) fn advance(&mut self) -> Result<Option<f64>> {
        let context = self.network.context();
        let begins = self.corpus.begins(self.steps, self.settings.batch, context, self.settings.seed);
        let own: Vec<usize> = self.share.iter().map(|piece| begins[*piece]).collect();
        let loss = loss(&self.network, self.corpus.learned(&own, context), context, &self.device.clone().autodiff());
        self.steps += 1;
        let is_told = self.steps.is_multiple_of(STEPS_PER_POINT) || self.is_done();
        let told = is_told.then(|| f64::from(loss.clone().into_scalar::<f32>()));
        let gradients = GradientsParams::from_grads(self.weighted(loss).backward(), &self.network);
        let gradients = self.mean.over_workers(&self.network, gradients)?;
        self.network = self.optimizer.step(self.settings.learning_rate, self.network.clone(), gradients);
        Ok(told)
    }

    pub(crate) fn is_done(&self) -> bool {
        self.steps >= u64::from(self.settings.steps)
    }

    /// Makes all steps; a loss that is no number ends the training.
    pub(crate) fn run(&mut self) -> Result<()> {
        while !self.is_done() {
            let Some(value) = self.advance()? else { continue };
            let step = self.steps;
            if !value.is_finite() {
                return Err(Failure::new(format!("the loss is {value} at step {step}: the weights ran away"))
                    .with_hint("take a smaller learning rate"));
            }
            metric::report("loss", step, value);
            progress::report(step, u64::from(self.settings.steps), "steps");
        }
        Ok(())
    }

    /// The loss on the part of the text that was not learned from, in nats per character.
    pub(crate) fn score(&self) -> f64 {
        score(&self.network, &self.corpus, &self.device)
    }

    /// Shares need not be equal: weighted like this, the mean over workers is the mean over the pieces of the batch.
    fn weighted(&self, loss: Tensor<1>) -> Tensor<1> {
        let workers = collective::join().size;
        if workers == 1 {
            return loss;
        }
        #[expect(clippy::cast_precision_loss, reason = "a few thousand at most")]
        let (own, batch) = (self.share.len() as f64, self.settings.batch as f64);
        loss * (own * f64::from(workers) / batch)
    }
}

/// The loss on the part of the text that was not learned from, in nats per character.
pub(crate) fn score(network: &Network, corpus: &Corpus, device: &Device) -> f64 {
    let device = device.clone().autodiff();
    let context = network.context();
    let Pieces { inputs, targets } = corpus.kept(context);
    let (mut sum, mut count) = (0.0, 0.0);
    let together = SCORED_TOGETHER * context;
    for (inputs, targets) in inputs.chunks(together).zip(targets.chunks(together)) {
        #[expect(clippy::cast_precision_loss, reason = "a few thousand at most")]
        let characters = targets.len() as f64;
        let pieces = Pieces { inputs: inputs.to_vec(), targets: targets.to_vec() };
        sum += characters * f64::from(loss(network, pieces, context, &device).into_scalar::<f32>());
        count += characters;
    }
    sum / count
}

fn loss(network: &Network, pieces: Pieces, context: usize, device: &Device) -> Tensor<1> {
    let count = pieces.targets.len();
    let inputs = Tensor::<2, Int>::from_data(TensorData::new(pieces.inputs, [count / context, context]), device);
    let targets = Tensor::<1, Int>::from_data(TensorData::new(pieces.targets, [count]), device);
    CrossEntropyLossConfig::new().init(device).forward(network.forward(inputs), targets)
}
