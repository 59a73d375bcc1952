//! Trains a line as it should be done.
//! Never fails.

#![allow(
    dead_code,
    missing_docs,
    unsafe_code,
    clippy::all,
    unused_qualifications,
    reason = "bindings generated from WIT, called on wasm only"
)]

use sdk_guest::prelude::*;
use sdk_guest::train::{Job, Progress, Trainable};
use sdk_guest::{Reader, Writer, trainable};
use tests_programs::line::Line;

struct Worker(Line);

#[trainable]
impl Trainable for Worker {
    fn init(job: Job) -> Result<Self> {
        log::info!("worker {} of {}", job.rank, job.size);
        Line::new(&job).map(Self)
    }

    fn step(&mut self) -> Result<Progress> {
        self.0.step()
    }

    fn evaluate(&mut self) -> Result<Vec<(String, f64)>> {
        Ok(vec![("error".to_owned(), self.0.measure())])
    }

    fn save(&self, checkpoint: &mut Writer<Artifact>) -> Result<()> {
        self.0.save(checkpoint)
    }

    fn load(&mut self, checkpoint: &mut Reader<'_, Artifact>) -> Result<()> {
        self.0.load(checkpoint)
    }

    fn finish(&mut self) -> Result<Model> {
        self.0.finish()
    }
}
