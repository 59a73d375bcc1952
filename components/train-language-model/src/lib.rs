//! Trains a small transformer to continue a text, character by character, on the device that the step was granted; as
//! one step, or as a training job of several workers.
//! Never sees more of the text than it was given, and keeps a tenth of that to be scored on.

mod corpus;
#[cfg_attr(not(any(test, target_family = "wasm")), allow(dead_code, reason = "called by the host, and by tests"))]
mod job;
mod model;
mod network;
#[cfg(test)]
mod tests;
mod train;
mod tune;

use burn::tensor::Device;
use sdk_guest::prelude::*;

use corpus::Corpus;
use model::About;
use network::{NetworkConfig, Sizes};
use train::{Learner, Settings};

/// Updates of the weights, unless said otherwise.
const STEPS: u32 = 300;
/// Pieces of the text that are looked at for one update, unless said otherwise.
const BATCH: u32 = 16;
/// Characters that the network looks back, unless said otherwise.
const CONTEXT: u32 = 64;
/// How far the weights move, unless said otherwise.
const LEARNING_RATE: f64 = 3e-3;

/// Trains a transformer on a text.
///
/// It learns which character follows. The last tenth of the text is not learned from: `loss` is how
/// surprised the network is by it, in nats per character (the less the better; a network that knows
/// nothing is at the logarithm of the number of characters). The model holds the weights as
/// safetensors and the characters in its metadata. The same text, arguments and `seed` (0 when left
/// out) give the same weights on the same kind of device.
#[step(outputs(model, loss))]
fn train_language_model(
    text: &Artifact,
    steps: Option<u32>,
    batch: Option<u32>,
    context: Option<u32>,
    learning_rate: Option<f64>,
    seed: Option<u64>,
) -> Result<(Model, f64), Failure> {
    let settings = Settings::chosen(steps.unwrap_or(STEPS), batch, learning_rate, seed)?;
    let sizes = Sizes { context: context.unwrap_or(CONTEXT) as usize, ..Sizes::default() };
    let corpus = Corpus::read(text, sizes.context)?;
    let about = About::new(&corpus, sizes, &settings);
    let mut learner = learner(corpus, sizes, settings, 0..settings.batch);
    learner.run()?;
    let (loss, corpus) = (learner.score(), &learner.corpus);
    log::info!("{} characters, {} different ones: a loss of {loss:.3}", corpus.length(), corpus.characters.len());
    Ok((model::store(&learner.training.module, &about)?, loss))
}

/// A learner with a new network, whose weights follow from the seed.
fn learner(corpus: Corpus, sizes: Sizes, settings: Settings, share: impl Iterator<Item = usize>) -> Learner {
    let device = Device::default();
    device.seed(settings.seed);
    let network = NetworkConfig { sizes, characters: corpus.characters.len() }.init(&device.clone().autodiff());
    Learner::new(network, corpus, settings, share, &device)
}
