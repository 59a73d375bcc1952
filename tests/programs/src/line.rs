//! A line fitted by stochastic gradient descent, shared by programs that train it well and badly.
//! Never draws a random number but from its seed, and never depends on how many workers there are but by rounding.

use std::io::{Read as _, Write as _};

use sdk_guest::collective::{Exchange, Reduction};
use sdk_guest::prelude::*;
use sdk_guest::train::{Job, Progress};

/// Features of one row.
const FEATURES: usize = 4;
/// Weights, and the constant.
pub const PARAMETERS: usize = FEATURES + 1;
const MARK: &[u8; 4] = b"LINE";

/// The worker's state.
pub struct Line {
    rank: u32,
    size: u32,
    rate: f32,
    batch: usize,
    rows: Vec<([f32; FEATURES], f32)>,
    exchange: Exchange,
    /// What is learned.
    pub weights: [f32; PARAMETERS],
    /// Steps made.
    pub steps: u64,
    last_step: u64,
}

/// A generator whose numbers are fixed by its definition (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// Between -1 and 1.
    fn number(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    }
}

impl Line {
    /// Rows are drawn from the seed, or are the numbers of the data set `train`: little-endian, five a row.
    pub fn new(job: &Job) -> Result<Self> {
        let rows = match job.data_sets.is_empty() {
            true => drawn(job.seed, job.count("rows", 256)? as usize),
            false => read(job.data_set("train")?)?,
        };
        let batch = (job.count("batch", 16)?.max(1) as usize).min(rows.len().max(1));
        Ok(Self {
            rank: job.rank,
            size: job.size,
            rate: job.number("learning-rate", 0.1)? as f32,
            batch,
            rows,
            exchange: Exchange::new(PARAMETERS + 1)?,
            weights: [0.0; PARAMETERS],
            steps: 0,
            last_step: job.count("steps", 100)?,
        })
    }

    /// One step over this worker's part of the batch.
    pub fn step(&mut self) -> Result<Progress> {
        let start = self.steps as usize * self.batch;
        let mut sums = [0.0f32; PARAMETERS + 1];
        for index in (self.rank as usize..self.batch).step_by(self.size as usize) {
            let (features, label) = &self.rows[(start + index) % self.rows.len()];
            let error = self.predict(features) - label;
            for (sum, feature) in sums.iter_mut().zip(features.iter().chain([&1.0])) {
                *sum += error * feature;
            }
            sums[PARAMETERS] += error * error;
        }
        self.exchange.all_reduce(&mut sums, Reduction::Sum)?;
        for (weight, sum) in self.weights.iter_mut().zip(&sums) {
            *weight -= self.rate * sum / self.batch as f32;
        }
        self.steps += 1;
        let loss = f64::from(sums[PARAMETERS] / self.batch as f32);
        Ok(Progress::default().metric("loss", loss).done(self.steps >= self.last_step))
    }

    /// The mean of the squared errors over all rows.
    pub fn measure(&self) -> f64 {
        let square = |(features, label): &([f32; FEATURES], f32)| f64::from(self.predict(features) - label).powi(2);
        self.rows.iter().map(square).sum::<f64>() / self.rows.len() as f64
    }

    fn predict(&self, features: &[f32; FEATURES]) -> f32 {
        features.iter().chain([&1.0]).zip(&self.weights).map(|(feature, weight)| feature * weight).sum()
    }

    /// Mark, steps, weights.
    pub fn save(&self, checkpoint: &mut impl std::io::Write) -> Result<()> {
        checkpoint.write_all(MARK)?;
        checkpoint.write_all(&self.steps.to_le_bytes())?;
        for weight in &self.weights {
            checkpoint.write_all(&weight.to_le_bytes())?;
        }
        Ok(())
    }

    /// All of it, or nothing.
    pub fn load(&mut self, checkpoint: &mut impl std::io::Read) -> Result<()> {
        let mut bytes = Vec::new();
        checkpoint.read_to_end(&mut bytes)?;
        let body = bytes.strip_prefix(MARK).filter(|body| body.len() == 8 + 4 * PARAMETERS);
        let body = body.context(format!("the checkpoint has {} bytes and is not whole", bytes.len()))?;
        let (steps, weights) = body.split_at(8);
        self.steps = u64::from_le_bytes(steps.try_into()?);
        for (weight, bytes) in self.weights.iter_mut().zip(weights.chunks_exact(4)) {
            *weight = f32::from_le_bytes(bytes.try_into()?);
        }
        Ok(())
    }

    /// The weights.
    pub fn finish(&self) -> Result<Model> {
        let mut model = Model::writer("application/octet-stream");
        for weight in &self.weights {
            model.write_all(&weight.to_le_bytes())?;
        }
        model.finish()
    }
}

fn drawn(seed: u64, rows: usize) -> Vec<([f32; FEATURES], f32)> {
    let mut chance = Chance(seed);
    let truth: [f32; PARAMETERS] = std::array::from_fn(|_| chance.number());
    let row = |_| {
        let features: [f32; FEATURES] = std::array::from_fn(|_| chance.number());
        let label = features.iter().chain([&1.0]).zip(&truth).map(|(feature, weight)| feature * weight).sum();
        (features, label)
    };
    (0..rows).map(row).collect()
}

fn read(data: &DataSet) -> Result<Vec<([f32; FEATURES], f32)>> {
    let mut bytes = Vec::new();
    data.reader().read_to_end(&mut bytes)?;
    let row_bytes = 4 * PARAMETERS;
    if bytes.is_empty() || bytes.len() % row_bytes != 0 {
        return Err(Failure::new(format!("the data set has {} bytes, no whole number of rows", bytes.len())));
    }
    let number = |bytes: &[u8]| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    let row = |row: &[u8]| {
        let numbers: [f32; PARAMETERS] = std::array::from_fn(|index| number(&row[4 * index..]));
        (std::array::from_fn(|index| numbers[index]), numbers[FEATURES])
    };
    Ok(bytes.chunks_exact(row_bytes).map(row).collect())
}
