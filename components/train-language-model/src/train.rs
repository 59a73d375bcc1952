//! Training and scoring.
//! Never reads a number back from the device but the losses that are reported.

use burn::nn::loss::CrossEntropyLossConfig;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Int, Tensor, TensorData};
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::SeedableRng;
use sdk_guest::prelude::*;

use crate::corpus::{Corpus, Pieces};
use crate::network::Network;

/// A loss is read back and reported once in so many steps.
const STEPS_PER_POINT: u32 = 10;
/// Pieces that are scored together.
const SCORED_TOGETHER: usize = 32;

/// How to train.
pub(crate) struct Settings {
    /// Updates of the weights.
    pub(crate) steps: u32,
    /// Pieces looked at for each.
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

/// Trains a network; a loss that is no number ends the training.
pub(crate) fn train(mut network: Network, corpus: &Corpus, settings: &Settings, device: &Device) -> Result<Network> {
    let device = device.clone().autodiff();
    let mut optimizer = AdamConfig::new().init();
    let mut generator = Pcg64Mcg::seed_from_u64(settings.seed);
    let context = network.context();
    for step in 1..=settings.steps {
        let pieces = corpus.random(settings.batch, context, &mut generator);
        let loss = loss(&network, pieces, context, &device);
        if step % STEPS_PER_POINT == 0 || step == settings.steps {
            let value = f64::from(loss.clone().into_scalar::<f32>());
            if !value.is_finite() {
                return Err(Failure::new(format!("the loss is {value} at step {step}: the weights ran away"))
                    .with_hint("take a smaller learning rate"));
            }
            metric::report("loss", u64::from(step), value);
            progress::report(u64::from(step), u64::from(settings.steps), "steps");
        }
        let gradients = GradientsParams::from_grads(loss.backward(), &network);
        network = optimizer.step(settings.learning_rate, network, gradients);
    }
    Ok(network)
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
