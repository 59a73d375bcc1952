//! Training and scoring.
//! Never reads a number back from the device within a pass but the one loss that is reported.

use burn::nn::loss::CrossEntropyLossConfig;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Int, Tensor, TensorData};
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};
use sdk_guest::prelude::*;

use crate::network::Network;
use crate::rows::Rows;

/// Rows that are scored together.
const SCORED_TOGETHER: usize = 1_024;

/// How to train.
pub(crate) struct Settings {
    /// Passes over the table.
    pub(crate) passes: u32,
    /// Rows between two updates of the weights.
    pub(crate) batch_rows: u32,
    /// How far the weights move.
    pub(crate) learning_rate: f64,
    /// Where weights and the order of rows begin.
    pub(crate) seed: u64,
}

impl Settings {
    /// Refuses what no training could be done with.
    pub(crate) fn check(&self) -> Result<()> {
        if self.passes == 0 || self.batch_rows == 0 {
            return Err(Failure::new("passes and batch-rows are at least 1"));
        }
        if !(self.learning_rate > 0.0 && self.learning_rate.is_finite()) {
            let rate = self.learning_rate;
            return Err(Failure::new(format!("a learning rate of {rate}; it is a positive number, such as 0.001")));
        }
        Ok(())
    }
}

/// Trains a network; a loss that is no number ends the training.
pub(crate) fn train(mut network: Network, rows: &Rows, settings: &Settings, device: &Device) -> Result<Network> {
    let device = device.clone().autodiff();
    let mut optimizer = AdamConfig::new().init();
    let loss = CrossEntropyLossConfig::new().init(&device);
    let mut order: Vec<usize> = (0..rows.count()).collect();
    let mut generator = Pcg64Mcg::seed_from_u64(settings.seed);
    for pass in 1..=settings.passes {
        shuffle(&mut order, &mut generator);
        let mut last = None;
        for chosen in order.chunks(settings.batch_rows as usize) {
            let (inputs, classes) = batch(rows, chosen, &device);
            let value = loss.forward(network.forward(inputs), classes);
            last = Some(value.clone());
            let gradients = GradientsParams::from_grads(value.backward(), &network);
            network = optimizer.step(settings.learning_rate, network, gradients);
        }
        if let Some(last) = last {
            let value = f64::from(last.into_scalar::<f32>());
            if !value.is_finite() {
                return Err(Failure::new(format!("the loss is {value} in pass {pass}: the weights ran away"))
                    .with_hint("take a smaller learning rate"));
            }
            metric::report("loss", u64::from(pass), value);
        }
        progress::report(u64::from(pass), u64::from(settings.passes), "passes");
    }
    Ok(network)
}

/// The share of rows whose class the network names.
pub(crate) fn accuracy(network: &Network, rows: &Rows, device: &Device) -> Result<f64> {
    let all: Vec<usize> = (0..rows.count()).collect();
    let mut right = 0;
    for chosen in all.chunks(SCORED_TOGETHER) {
        let (inputs, classes) = batch(rows, chosen, &device.clone().autodiff());
        let named = network.forward(inputs).argmax(1).flatten::<1>(0, 1);
        let agreeing = named.equal(classes).int().sum();
        right += u64::try_from(agreeing.into_scalar::<i64>()).unwrap_or(0);
    }
    #[expect(clippy::cast_precision_loss, reason = "a table has far fewer rows than a double counts")]
    Ok(right as f64 / rows.count() as f64)
}

fn batch(rows: &Rows, chosen: &[usize], device: &Device) -> (Tensor<2>, Tensor<1, Int>) {
    let values: Vec<f32> = chosen.iter().flat_map(|at| rows.row(*at)).copied().collect();
    let places: Vec<i32> = chosen.iter().map(|at| rows.places[*at]).collect();
    let inputs = TensorData::new(values, [chosen.len(), rows.features.len()]);
    let classes = TensorData::new(places, [chosen.len()]);
    (Tensor::from_data(inputs, device), Tensor::from_data(classes, device))
}

/// Fisher and Yates: each order is as likely as any other.
fn shuffle(order: &mut [usize], generator: &mut Pcg64Mcg) {
    for at in (1..order.len()).rev() {
        #[expect(clippy::cast_possible_truncation, reason = "less than the number of rows")]
        let other = (generator.next_u64() % (at as u64 + 1)) as usize;
        order.swap(at, other);
    }
}
