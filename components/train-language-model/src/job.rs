//! The same training as a job of any number of workers: each looks at its share of every batch.
//! Never another result for another number of workers, but for the order in which numbers are added.

use sdk_guest::prelude::*;
use sdk_guest::train::{Job, Progress, Trainable};
use sdk_guest::{Reader, Writer, trainable};

use crate::corpus::Corpus;
use crate::model::{self, About};
use crate::network::Sizes;
use crate::train::{Learner, Settings};
use crate::{BATCH, CONTEXT, LEARNING_RATE, STEPS, learner};

/// The data set that holds the text.
const TEXT: &str = "text";

pub(crate) struct Worker {
    learner: Learner,
    about: About,
}

#[trainable]
impl Trainable for Worker {
    fn init(job: Job) -> Result<Self> {
        let steps = job.small_count("steps", STEPS)?;
        let batch = job.small_count("batch", BATCH)?;
        let learning_rate = job.number("learning-rate", LEARNING_RATE)?;
        let settings = Settings::chosen(steps, Some(batch), Some(learning_rate), Some(job.seed))?;
        if settings.batch < job.size as usize {
            let (batch, workers) = (settings.batch, job.size);
            return Err(Failure::new(format!("a batch of {batch} pieces is too small for {workers} workers"))
                .with_hint("raise `settings.batch`, or take fewer workers"));
        }
        let sizes = Sizes { context: job.small_count("context", CONTEXT)? as usize, ..Sizes::default() };
        let corpus = Corpus::read(job.data_set(TEXT)?, sizes.context)?;
        let about = About::new(&corpus, sizes, &settings);
        Ok(Self { learner: learner(corpus, sizes, settings, job.share(settings.batch)), about })
    }

    fn step(&mut self) -> Result<Progress> {
        let told = self.learner.advance()?;
        let progress = told.map_or_else(Progress::default, |loss| Progress::default().metric("loss", loss));
        Ok(progress.done(self.learner.is_done()))
    }

    fn evaluate(&mut self) -> Result<Vec<(String, f64)>> {
        Ok(vec![("kept-loss".to_owned(), self.learner.score())])
    }

    fn save(&self, checkpoint: &mut Writer<Artifact>) -> Result<()> {
        self.learner.training.save(checkpoint)
    }

    fn load(&mut self, checkpoint: &mut Reader<'_, Artifact>) -> Result<()> {
        self.learner.training.load(checkpoint)
    }

    fn finish(&mut self) -> Result<Model> {
        model::store(&self.learner.training.module, &self.about)
    }
}
