//! Trains a network on the step's device as components do, or with gradients that pass through the guest.
//! Never learns anything of use: what counts is that both ways give the same bits.

#![allow(
    dead_code,
    missing_docs,
    unsafe_code,
    clippy::all,
    unused_qualifications,
    reason = "bindings generated from WIT, called on wasm only"
)]

use std::io::Write as _;

use burn::module::{Module, ModuleVisitor, Param};
use burn::nn::{Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Distribution, Tensor, TensorData};
use sdk_guest::collective::{Exchange, Reduction};
use sdk_guest::prelude::*;
use sdk_guest::train::{Job, Progress, Trainable};
use sdk_guest::{Reader, Writer, trainable};
use sdk_guest_burn::Training;

const ROWS: usize = 32;
const FEATURES: usize = 24;
const RATE: f64 = 1e-2;

#[derive(Module, Debug)]
struct Network {
    layers: Vec<Linear>,
}

impl Network {
    fn forward(&self, rows: Tensor<2>) -> Tensor<2> {
        self.layers.iter().fold(rows, |rows, layer| layer.forward(rows).tanh())
    }
}

struct Worker {
    job: Job,
    training: Training<Network>,
    /// An optimizer of its own and room for the gradients, where they pass through the guest.
    through_guest: Option<(ModuleOptimizer, Option<Exchange>)>,
    rows: Tensor<2>,
}

#[trainable]
impl Trainable for Worker {
    fn init(job: Job) -> Result<Self> {
        let device = Device::default().autodiff();
        device.seed(job.seed);
        let width = job.count("width", 96)? as usize;
        let widths = [FEATURES, width, width, 1];
        let layers = widths.windows(2).map(|pair| LinearConfig::new(pair[0], pair[1]).init(&device)).collect();
        let training = Training::new(Network { layers }, AdamConfig::new().init());
        let rows = Tensor::random([ROWS, FEATURES], Distribution::Default, &device);
        let through_guest = job.flag("through-guest", false)?.then(|| (AdamConfig::new().init(), None));
        Ok(Self { job, training, through_guest, rows })
    }

    fn step(&mut self) -> Result<Progress> {
        let share = ROWS / self.job.size as usize;
        let begin = share * self.job.rank as usize;
        let rows = self.rows.clone().slice(begin..begin + share);
        let mut loss = (self.training.module.forward(rows) - 0.5).square().mean();
        if self.job.count("nan-rank", u64::MAX)? == u64::from(self.job.rank) {
            loss = loss * f32::NAN;
        }
        let told = f64::from(loss.clone().into_scalar::<f32>());
        match &mut self.through_guest {
            None => self.training.step(loss, (share, ROWS), RATE)?,
            Some((optimizer, exchange)) => {
                let weight = share as f64 * f64::from(self.job.size) / ROWS as f64;
                let module = self.training.module.clone();
                let gradients = GradientsParams::from_grads((loss * weight).backward(), &module);
                let gradients = averaged(&module, gradients, exchange)?;
                self.training.module = optimizer.step(RATE, module, gradients);
            }
        }
        Ok(Progress::default().metric("loss", told))
    }

    fn save(&self, checkpoint: &mut Writer<Artifact>) -> Result<()> {
        self.training.save(checkpoint)
    }

    fn load(&mut self, checkpoint: &mut Reader<'_, Artifact>) -> Result<()> {
        self.training.load(checkpoint)
    }

    fn finish(&mut self) -> Result<Model> {
        let mut model = Model::writer("application/octet-stream");
        for layer in &self.training.module.layers {
            model.write_all(layer.weight.val().into_data().as_bytes())?;
        }
        model.finish()
    }
}

/// The gradients of all workers as one, read by the guest and sent back by it.
fn averaged(module: &Network, gradients: GradientsParams, exchange: &mut Option<Exchange>) -> Result<GradientsParams> {
    let mut read = Read { gradients, values: Vec::new() };
    module.visit(&mut read);
    let Read { gradients, mut values } = read;
    let exchange = match exchange {
        Some(exchange) => exchange,
        none => none.insert(Exchange::new(values.len())?),
    };
    exchange.all_reduce(&mut values, Reduction::Mean)?;
    let mut sent = Sent { gradients, values, taken: 0 };
    module.visit(&mut sent);
    Ok(sent.gradients)
}

struct Read {
    gradients: GradientsParams,
    values: Vec<f32>,
}

impl ModuleVisitor for Read {
    fn visit_float<const D: usize>(&mut self, parameter: &Param<Tensor<D>>) {
        let gradient = self.gradients.get::<D>(parameter.id).expect("every parameter has a gradient");
        self.values.extend(gradient.into_data().try_to_vec::<f32>().expect("numbers"));
    }
}

struct Sent {
    gradients: GradientsParams,
    values: Vec<f32>,
    taken: usize,
}

impl ModuleVisitor for Sent {
    fn visit_float<const D: usize>(&mut self, parameter: &Param<Tensor<D>>) {
        let gradient = self.gradients.get::<D>(parameter.id).expect("every parameter has a gradient");
        let (shape, begin) = (gradient.shape(), self.taken);
        self.taken += shape.num_elements();
        let values = self.values[begin..self.taken].to_vec();
        let mean = Tensor::<D>::from_data(TensorData::new(values, shape), &gradient.device());
        self.gradients.register(parameter.id, mean);
    }
}
