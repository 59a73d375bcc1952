//! Trains a neural network to classify the rows of a table, on the device that the step was granted; as one step, or as
//! a training job of several workers.
//! Never sees rows but those of the tables it is given, and none of the second table while it learns.

#[cfg_attr(not(any(test, target_family = "wasm")), allow(dead_code, reason = "called by the host, and by tests"))]
mod job;
#[cfg_attr(not(test), expect(dead_code, reason = "a model is read back by predict-batch, and by tests"))]
mod model;
mod network;
mod rows;
#[cfg(test)]
mod tests;
mod train;

use burn::tensor::Device;
use sdk_guest::prelude::*;

use model::About;
use network::Architecture;
use rows::Rows;
use train::{Learner, Settings, accuracy};

/// Rows that are looked at between two updates of the weights, unless said otherwise.
const BATCH_ROWS: u32 = 50;
/// Passes over the table, unless said otherwise.
const PASSES: u32 = 30;
/// How far the weights move at first, unless said otherwise.
const LEARNING_RATE: f64 = 5e-3;

/// Trains a neural network on a table and scores it on another.
///
/// It learns to predict the column `target` from all other columns, which must be numbers without
/// missing values. `architecture` is `mlp` (taken when left out: two hidden layers) or `cnn` (two
/// convolutions over a square picture, whose pixels the columns are, row by row). The model holds the
/// weights as safetensors. The same tables, arguments and `seed` (0 when left out) give the same
/// weights on the same kind of device.
#[step(outputs(model, accuracy))]
#[expect(clippy::too_many_arguments, reason = "each is an argument of the step by its name")]
fn train_network(
    table: &DataSet,
    test_table: &DataSet,
    target: String,
    architecture: Option<String>,
    passes: Option<u32>,
    batch_rows: Option<u32>,
    learning_rate: Option<f64>,
    seed: Option<u64>,
) -> Result<(Model, f64), Failure> {
    let architecture = architecture.as_deref().map_or(Ok(Architecture::Mlp), str::parse)?;
    let settings = Settings {
        passes: passes.unwrap_or(PASSES),
        batch_rows: batch_rows.unwrap_or(BATCH_ROWS),
        learning_rate: learning_rate.unwrap_or(LEARNING_RATE),
        seed: seed.unwrap_or(0),
    };
    settings.check()?;
    let rows = Rows::read(table, &target, None)?;
    let unseen = Rows::read(test_table, &target, Some(&rows)).context("the second table does not fit the first")?;
    let learner = learner(architecture, rows, settings, (0, 1))?;
    let (model, accuracy) = trained(learner, architecture, &target, &unseen)?;
    metric::report("accuracy", u64::from(settings.passes), accuracy);
    Ok((model, accuracy))
}

fn trained(mut learner: Learner, architecture: Architecture, target: &str, unseen: &Rows) -> Result<(Model, f64)> {
    learner.run()?;
    let accuracy = accuracy(&learner.training.module, unseen, &Device::default())?;
    log::info!("{architecture}: accuracy {accuracy:.4} on {} rows that it has not seen", unseen.count());
    Ok((
        model::store(
            &learner.training.module,
            &About::new(architecture, target, &learner.rows, learner.settings.seed),
        )?,
        accuracy,
    ))
}

/// A learner with a new network, whose weights follow from the seed; one of so many workers.
fn learner(architecture: Architecture, rows: Rows, settings: Settings, place: (usize, usize)) -> Result<Learner> {
    let device = Device::default();
    device.seed(settings.seed);
    let network = architecture.build(rows.features.len(), rows.classes.len(), &device.clone().autodiff())?;
    Ok(Learner::new(network, rows, settings, place, &device))
}
