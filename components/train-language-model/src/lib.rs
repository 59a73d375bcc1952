//! Trains a small transformer to continue a text, character by character, on the device that the step was granted.
//! Never sees more of the text than it was given, and keeps a tenth of that to be scored on.

mod corpus;
mod model;
mod network;
#[cfg(test)]
mod tests;
mod train;

use burn::tensor::Device;
use sdk_guest::prelude::*;

use corpus::Corpus;
use network::{NetworkConfig, Sizes};
use train::{Settings, score, train};

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
    let settings = Settings {
        steps: steps.unwrap_or(STEPS),
        batch: batch.unwrap_or(BATCH) as usize,
        learning_rate: learning_rate.unwrap_or(LEARNING_RATE),
        seed: seed.unwrap_or(0),
    };
    settings.check()?;
    let sizes = Sizes { context: context.unwrap_or(CONTEXT) as usize, ..Sizes::default() };
    let corpus = Corpus::read(text, sizes.context)?;
    let device = Device::default();
    device.seed(settings.seed);
    let network = NetworkConfig { sizes, characters: corpus.characters.len() }.init(&device.clone().autodiff());
    let network = train(network, &corpus, &settings, &device)?;
    let loss = score(&network, &corpus, &device);
    log::info!("{} characters, {} different ones: a loss of {loss:.3}", corpus.length(), corpus.characters.len());
    Ok((model::store(&network, &corpus, sizes, &settings)?, loss))
}
