//! Trains a line and does at one step, with one worker, what a job must survive: the setting `fault` says what.
//! Never does it again once the job was started anew, unless `again` says so.

#![allow(
    dead_code,
    missing_docs,
    unsafe_code,
    clippy::all,
    unused_qualifications,
    reason = "bindings generated from WIT, called on wasm only"
)]

use std::io::Write as _;

use sdk_guest::prelude::*;
use sdk_guest::train::{Job, Progress, Trainable};
use sdk_guest::{Reader, Writer, trainable};
use tests_programs::line::Line;

struct Worker {
    line: Line,
    fault: String,
    is_mine: bool,
    at_step: u64,
}

impl Worker {
    fn is_due(&self, fault: &str) -> bool {
        self.is_mine && self.fault == fault && self.line.steps >= self.at_step
    }
}

#[trainable]
impl Trainable for Worker {
    fn init(job: Job) -> Result<Self> {
        let again = job.flag("again", false)?;
        let is_mine = u64::from(job.rank) == job.count("fault-rank", 0)?;
        let fault = job.text("fault", "")?.to_owned();
        let is_mine = is_mine && (again || collective::join().generation == 1);
        if is_mine && fault == "init" {
            return Err(Failure::new("this worker cannot begin").with_hint("try another fault"));
        }
        let at_step = job.count("fault-step", 0)?;
        Ok(Self { line: Line::new(&job)?, fault, is_mine, at_step })
    }

    fn step(&mut self) -> Result<Progress> {
        if self.is_due("trap") {
            std::process::abort();
        }
        if self.is_due("panic") {
            panic!("at step {}", self.line.steps);
        }
        if self.is_due("hang") {
            loop {
                std::hint::spin_loop();
            }
        }
        if self.is_due("fail") {
            return Err(Failure::new("this worker has had enough").retryable());
        }
        if self.is_due("flood") {
            return Ok((0..65).fold(Progress::default(), |progress, index| progress.metric(&format!("m{index}"), 0.0)));
        }
        if self.is_due("leave-out") {
            // Its group waits for it in vain.
            self.line.steps += 1;
            return Ok(Progress::default());
        }
        let progress = self.line.step()?;
        if self.is_due("nan") {
            self.line.weights[0] = f32::NAN;
        }
        Ok(progress)
    }

    fn evaluate(&mut self) -> Result<Vec<(String, f64)>> {
        Ok(vec![("error".to_owned(), self.line.measure())])
    }

    fn save(&self, checkpoint: &mut Writer<Artifact>) -> Result<()> {
        if self.is_due("torn") {
            checkpoint.write_all(b"LINE and no more")?;
            return Ok(());
        }
        if self.is_due("huge") {
            let zeros = vec![0; 1 << 20];
            for _ in 0..64 {
                checkpoint.write_all(&zeros)?;
            }
        }
        self.line.save(checkpoint)
    }

    fn load(&mut self, checkpoint: &mut Reader<'_, Artifact>) -> Result<()> {
        self.line.load(checkpoint)
    }

    fn finish(&mut self) -> Result<Model> {
        self.line.finish()
    }
}
