//! Fine-tuning: a model that was trained learns another text by what is added to its weights, which stay as they are.
//! Never trains more than the adapter.

use burn::module::{Lora, Module};
use burn::tensor::Device;
use sdk_guest::prelude::*;

use crate::corpus::Corpus;
use crate::model::{self, About};
use crate::train::{Learner, Settings};

/// Updates of the adapter, unless said otherwise.
const STEPS: u32 = 100;
/// Rank of the adapter's matrices, unless said otherwise.
const RANK: u32 = 4;
/// Higher ranks train as much as the weights themselves do.
const RANK_MAX: u32 = 64;

/// Fine-tunes a model of train-language-model on another text with a low-rank adapter.
///
/// To each matrix of weights the product of two narrow ones is added, of `rank` columns (4 when left out), times
/// `alpha` (the rank when left out) divided by the rank; only those are trained. The text may have the model's
/// characters only; its last tenth is not learned from, and `loss-before` and `loss` tell how surprised the model is
/// by that part, in nats per character. `adapter` holds what is added, `model` the weights with it added, both as
/// safetensors.
#[step(outputs(model, adapter, loss_before, loss))]
#[expect(clippy::too_many_arguments, reason = "each is an argument of the step by its name")]
pub(crate) fn tune_adapter(
    model: &Model,
    text: &Artifact,
    rank: Option<u32>,
    alpha: Option<f64>,
    steps: Option<u32>,
    batch: Option<u32>,
    learning_rate: Option<f64>,
    seed: Option<u64>,
) -> Result<(Model, Artifact, f64, f64), Failure> {
    let rank = rank.unwrap_or(RANK);
    if !(1..=RANK_MAX).contains(&rank) {
        return Err(Failure::new(format!("a rank of {rank}; it is between 1 and {RANK_MAX}")));
    }
    let settings = Settings::chosen(steps.unwrap_or(STEPS), batch, learning_rate, seed)?;
    let device = Device::default();
    device.seed(settings.seed);
    let (network, known) = model::load(model, &device.clone().autodiff())?;
    let corpus = Corpus::read_in(text, known.characters.chars().collect(), known.sizes.context)?;
    let about = About::new(&corpus, known.sizes, &settings);
    let network = network.apply_lora(Lora::new(rank as usize, alpha.unwrap_or_else(|| f64::from(rank))));
    let mut learner = Learner::new(network, corpus, settings, 0..settings.batch, &device);
    let loss_before = learner.score();
    learner.run()?;
    let loss = learner.score();
    log::info!("from a loss of {loss_before:.3} to {loss:.3} with an adapter of rank {rank}");
    let adapter = model::store_adapter(&learner.training.module, &about)?;
    let model = model::store(&learner.training.module.materialize(), &about)?;
    Ok((model, adapter, loss_before, loss))
}
