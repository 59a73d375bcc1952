//! Training, one update of the weights at a time, and scoring.
//! Never reads a number back from the device but the losses that are reported, and gradients that are shared.

use burn::nn::loss::CrossEntropyLossConfig;
use burn::optim::AdamConfig;
use burn::tensor::{Device, Int, Tensor, TensorData};
use sdk_guest::prelude::*;
use sdk_guest_burn::{Training, check_learning_rate};

use crate::corpus::{Corpus, Pieces};
use crate::network::Network;
use crate::{BATCH, LEARNING_RATE};

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
    /// What a step's arguments say, and the defaults where they say nothing; refuses what no training could be done with.
    pub(crate) fn chosen(
        steps: u32,
        batch: Option<u32>,
        learning_rate: Option<f64>,
        seed: Option<u64>,
    ) -> Result<Self> {
        let batch = batch.unwrap_or(BATCH) as usize;
        let learning_rate = learning_rate.unwrap_or(LEARNING_RATE);
        if steps == 0 || batch == 0 {
            return Err(Failure::new("steps and batch are at least 1"));
        }
        check_learning_rate(learning_rate)?;
        Ok(Self { steps, batch, learning_rate, seed: seed.unwrap_or(0) })
    }
}

/// A network that is being trained.
pub(crate) struct Learner {
    /// What it learns from.
    pub(crate) corpus: Corpus,
    /// How.
    pub(crate) settings: Settings,
    /// The network.
    pub(crate) training: Training<Network>,
    device: Device,
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
        let training = Training::new(network, AdamConfig::new().init());
        Self { corpus, settings, training, device: device.clone(), share: share.collect() }
    }

    /// One update of the weights; its loss, where that is to be reported.
    pub(crate) fn advance(&mut self) -> Result<Option<f64>> {
        let Self { corpus, settings, training, device, share } = self;
        let context = training.module.context();
        let begins = corpus.begins(training.steps, settings.batch, context, settings.seed);
        let own: Vec<usize> = share.iter().map(|piece| begins[*piece]).collect();
        let loss = loss(&training.module, corpus.learned(&own, context), context, &device.clone().autodiff());
        let step = training.steps + 1;
        let is_told = step.is_multiple_of(STEPS_PER_POINT) || step >= u64::from(settings.steps);
        let told = is_told.then(|| f64::from(loss.clone().into_scalar::<f32>()));
        training.step(loss, (own.len(), settings.batch), settings.learning_rate)?;
        Ok(told)
    }

    pub(crate) fn is_done(&self) -> bool {
        self.training.steps >= u64::from(self.settings.steps)
    }

    /// Makes all steps; a loss that is no number ends the training.
    pub(crate) fn run(&mut self) -> Result<()> {
        while !self.is_done() {
            let Some(value) = self.advance()? else { continue };
            let step = self.training.steps;
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
        let device = self.device.clone().autodiff();
        let network = &self.training.module;
        let context = network.context();
        let Pieces { inputs, targets } = self.corpus.kept(context);
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
}

fn loss(network: &Network, pieces: Pieces, context: usize, device: &Device) -> Tensor<1> {
    let count = pieces.targets.len();
    let inputs = Tensor::<2, Int>::from_data(TensorData::new(pieces.inputs, [count / context, context]), device);
    let targets = Tensor::<1, Int>::from_data(TensorData::new(pieces.targets, [count]), device);
    CrossEntropyLossConfig::new().init(device).forward(network.forward(inputs), targets)
}
