//! The same training as a job of any number of workers: each looks at its share of every batch.
//! Never another result for another number of workers, but for the order in which numbers are added.

use burn::tensor::Device;
use sdk_guest::prelude::*;
use sdk_guest::train::{Job, Progress, Trainable};
use sdk_guest::{Reader, Writer, trainable};

use crate::model::{self, About};
use crate::network::Architecture;
use crate::rows::Rows;
use crate::train::{Learner, Settings, accuracy};
use crate::{BATCH_ROWS, LEARNING_RATE, PASSES, learner};

/// The data set with the rows to learn from.
const TABLE: &str = "table";
/// The data set with rows to be scored on; a job need not have it.
const TEST_TABLE: &str = "test-table";

pub(crate) struct Worker {
    learner: Learner,
    unseen: Option<Rows>,
    architecture: Architecture,
    target: String,
}

#[trainable]
impl Trainable for Worker {
    fn init(job: Job) -> Result<Self> {
        let settings = settings(&job)?;
        let architecture: Architecture = job.text("architecture", Architecture::Mlp.name())?.parse()?;
        let target = job.text("target", "")?.to_owned();
        if target.is_empty() {
            return Err(Failure::new("the job does not say which column is to be learned")
                .with_hint("name it under `settings.target` in the job's document"));
        }
        let rows = Rows::read(job.data_set(TABLE)?, &target, None)?;
        let is_scored = job.data_sets.iter().any(|(name, _)| name == TEST_TABLE);
        let unseen = match is_scored {
            true => Some(Rows::read(job.data_set(TEST_TABLE)?, &target, Some(&rows))?),
            false => None,
        };
        let (workers, enough) = (job.size as usize, rows.count().min(settings.batch_rows as usize));
        if enough < workers {
            return Err(Failure::new(format!("a batch of {enough} rows is too small for {workers} workers"))
                .with_hint("raise `settings.batch-rows`, or take fewer workers"));
        }
        let learner = learner(architecture, rows, settings, (job.rank as usize, workers))?;
        Ok(Self { learner, unseen, architecture, target })
    }

    fn step(&mut self) -> Result<Progress> {
        let told = self.learner.advance()?;
        let progress = told.map_or_else(Progress::default, |loss| Progress::default().metric("loss", loss));
        Ok(progress.done(self.learner.is_done()))
    }

    fn evaluate(&mut self) -> Result<Vec<(String, f64)>> {
        let Some(unseen) = &self.unseen else { return Ok(Vec::new()) };
        Ok(vec![("accuracy".to_owned(), accuracy(&self.learner.training.module, unseen, &Device::default())?)])
    }

    fn save(&self, checkpoint: &mut Writer<Artifact>) -> Result<()> {
        self.learner.training.save(checkpoint)
    }

    fn load(&mut self, checkpoint: &mut Reader<'_, Artifact>) -> Result<()> {
        self.learner.training.load(checkpoint)
    }

    fn finish(&mut self) -> Result<Model> {
        let Learner { training, rows, settings, .. } = &self.learner;
        model::store(&training.module, &About::new(self.architecture, &self.target, rows, settings.seed))
    }
}

fn settings(job: &Job) -> Result<Settings> {
    let settings = Settings {
        passes: job.small_count("passes", PASSES)?,
        batch_rows: job.small_count("batch-rows", BATCH_ROWS)?,
        learning_rate: job.number("learning-rate", LEARNING_RATE)?,
        seed: job.seed,
    };
    settings.check()?;
    Ok(settings)
}
