//! Training, one update of the weights at a time, and scoring.
//! Never reads a number back from the device within a pass but the one loss that is reported, and gradients that are
//! shared.

use burn::nn::loss::CrossEntropyLossConfig;
use burn::optim::AdamConfig;
use burn::tensor::{Device, Int, Tensor, TensorData};
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};
use sdk_guest::prelude::*;
use sdk_guest_burn::{Training, check_learning_rate};

use crate::network::Network;
use crate::rows::Rows;

/// Rows that are scored together.
const SCORED_TOGETHER: usize = 1_024;

/// How to train.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    /// Passes over the table.
    pub(crate) passes: u32,
    /// Rows between two updates of the weights, of all workers together.
    pub(crate) batch_rows: u32,
    /// How far the weights move in the first step; less with each, to nothing after the last.
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
        check_learning_rate(self.learning_rate)
    }
}

/// A network that is being trained.
pub(crate) struct Learner {
    /// What it learns from.
    pub(crate) rows: Rows,
    /// How.
    pub(crate) settings: Settings,
    /// The network; each step learns from one batch.
    pub(crate) training: Training<Network>,
    device: Device,
    rank: usize,
    size: usize,
    order: (u64, Vec<usize>),
}

impl Learner {
    /// A learner that is one of `size` workers; it looks at its share of the rows of each batch.
    pub(crate) fn new(
        network: Network,
        rows: Rows,
        settings: Settings,
        (rank, size): (usize, usize),
        device: &Device,
    ) -> Self {
        let training = Training::new(network, AdamConfig::new().init());
        Self { rows, settings, training, device: device.clone(), rank, size, order: (0, Vec::new()) }
    }

    /// One update of the weights; its loss, where that ends a pass and so is to be reported.
    pub(crate) fn advance(&mut self) -> Result<Option<f64>> {
        let batches = self.batches();
        let (pass, place) = (self.passes() + 1, self.training.steps % batches);
        let chosen = self.chosen(pass, place);
        let own: Vec<usize> = chosen.iter().copied().skip(self.rank).step_by(self.size).collect();
        let device = self.device.clone().autodiff();
        let (inputs, classes) = batch(&self.rows, &own, &device);
        let scores = self.training.module.forward(inputs);
        let loss = CrossEntropyLossConfig::new().init(&device).forward(scores, classes);
        let told = (place + 1 == batches).then(|| f64::from(loss.clone().into_scalar::<f32>()));
        self.training.step(loss, (own.len(), chosen.len()), self.learning_rate())?;
        Ok(told)
    }

    /// Falls in a straight line, so that the last steps settle what the first ones found.
    fn learning_rate(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a job has far fewer steps than a double counts")]
        let (made, all) = (self.training.steps as f64, (self.batches() * u64::from(self.settings.passes)) as f64);
        self.settings.learning_rate * (1.0 - made / all)
    }

    /// Steps of one pass. The rest that is too small for every worker to get a row is left out of it.
    fn batches(&self) -> u64 {
        let (rows, batch) = (self.rows.count(), self.settings.batch_rows as usize);
        let rest = usize::from(rows % batch >= self.size);
        (rows / batch + rest).max(1) as u64
    }

    /// The rows of a batch: those of a pass are in an order that follows from the pass alone.
    fn chosen(&mut self, pass: u64, place: u64) -> Vec<usize> {
        if self.order.0 != pass {
            let mut order: Vec<usize> = (0..self.rows.count()).collect();
            shuffle(&mut order, &mut Pcg64Mcg::seed_from_u64(self.settings.seed.wrapping_add(pass)));
            self.order = (pass, order);
        }
        let batch = self.settings.batch_rows as usize;
        self.order.1.iter().copied().skip(usize::try_from(place).unwrap_or(0) * batch).take(batch).collect()
    }

    /// Passes that were made.
    pub(crate) fn passes(&self) -> u64 {
        self.training.steps / self.batches()
    }

    pub(crate) fn is_done(&self) -> bool {
        self.passes() >= u64::from(self.settings.passes)
    }

    /// Makes all passes; a loss that is no number ends the training.
    pub(crate) fn run(&mut self) -> Result<()> {
        while !self.is_done() {
            let Some(value) = self.advance()? else { continue };
            let pass = self.passes();
            if !value.is_finite() {
                return Err(Failure::new(format!("the loss is {value} in pass {pass}: the weights ran away"))
                    .with_hint("take a smaller learning rate"));
            }
            metric::report("loss", pass, value);
            progress::report(pass, u64::from(self.settings.passes), "passes");
        }
        Ok(())
    }
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
