//! To write a component that is trained: `#[trainable] impl Trainable for …`.
//! Never keeps state of its own between two steps: the author's type is all there is.
//!
//! ```ignore
//! #[trainable]
//! impl Trainable for Line {
//!     fn init(job: Job) -> Result<Self> { … }
//!     fn step(&mut self) -> Result<Progress> { … }
//!     fn save(&self, checkpoint: &mut Writer<Artifact>) -> Result<()> { … }
//!     fn load(&mut self, checkpoint: &mut Reader<'_, Artifact>) -> Result<()> { … }
//!     fn finish(&mut self) -> Result<Model> { … }
//! }
//! ```

use std::cell::RefCell;

use crate::{Artifact, DataSet, Failure, Handle as _, Model, Reader, Result, Writer};

/// Media type of checkpoints: what they hold is their component's own.
pub const CHECKPOINT_MEDIA_TYPE: &str = "application/vnd.sandmill.checkpoint";

/// Something that is trained, one step at a time.
pub trait Trainable: Sized {
    /// Makes a worker ready.
    ///
    /// # Errors
    /// When the job cannot be done; a failure that is not retryable ends it.
    fn init(job: Job) -> Result<Self>;

    /// Makes one step. All workers make theirs at once.
    ///
    /// # Errors
    /// When the step cannot be made; a failure that is not retryable ends the job.
    fn step(&mut self) -> Result<Progress>;

    /// Measures the present state on what it was not trained with. Changes nothing.
    ///
    /// # Errors
    /// When that is not possible.
    fn evaluate(&mut self) -> Result<Vec<(String, f64)>> {
        Ok(Vec::new())
    }

    /// Writes all that is needed to go on from here, at any number of workers. The first worker writes for all.
    ///
    /// # Errors
    /// When it cannot be written.
    fn save(&self, checkpoint: &mut Writer<Artifact>) -> Result<()>;

    /// Goes back to what a checkpoint holds, or changes nothing.
    ///
    /// # Errors
    /// When the checkpoint does not hold a whole state.
    fn load(&mut self, checkpoint: &mut Reader<'_, Artifact>) -> Result<()>;

    /// Writes the model, at the end.
    ///
    /// # Errors
    /// When it cannot be written.
    fn finish(&mut self) -> Result<Model>;
}

/// What a worker is told of its job.
#[derive(Debug)]
pub struct Job {
    /// Which of the workers this is, counted from 0.
    pub rank: u32,
    /// How many there are.
    pub size: u32,
    /// Where every random number of the job comes from.
    pub seed: u64,
    /// Hyper-parameters.
    pub settings: Vec<(String, Setting)>,
    /// What is learned from.
    pub data_sets: Vec<(String, DataSet)>,
    /// Models to begin from.
    pub models: Vec<(String, Model)>,
}

/// What a hyper-parameter is set to.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// True or false.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
}

/// What came of a step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// What was measured.
    pub metrics: Vec<(String, f64)>,
    /// Whether this worker has nothing more to learn.
    pub done: bool,
}

impl Progress {
    /// One metric more.
    #[must_use]
    pub fn metric(mut self, name: &str, value: f64) -> Self {
        self.metrics.push((name.to_owned(), value));
        self
    }

    /// Says whether this worker has nothing more to learn.
    #[must_use]
    pub const fn done(mut self, done: bool) -> Self {
        self.done = done;
        self
    }
}

impl Job {
    /// A number, or this one where it is not set.
    ///
    /// # Errors
    /// When it is set to something else.
    pub fn number(&self, name: &str, default: f64) -> Result<f64> {
        match self.setting(name) {
            None => Ok(default),
            Some(Setting::Number(number)) => Ok(*number),
            Some(Setting::Whole(whole)) => Ok(*whole as f64),
            Some(other) => Err(wrong(name, "a number", other)),
        }
    }

    /// A whole number that is not negative, or this one where it is not set.
    ///
    /// # Errors
    /// When it is set to something else.
    pub fn count(&self, name: &str, default: u64) -> Result<u64> {
        match self.setting(name) {
            None => Ok(default),
            Some(Setting::Whole(whole)) if *whole >= 0 => Ok(whole.unsigned_abs()),
            Some(other) => Err(wrong(name, "a whole number that is not negative", other)),
        }
    }

    /// As [`Job::count`], of at most 32 bits.
    ///
    /// # Errors
    /// When it is set to something else.
    pub fn small_count(&self, name: &str, default: u32) -> Result<u32> {
        let count = self.count(name, default.into())?;
        u32::try_from(count).map_err(|_| Failure::new(format!("the setting `{name}` is {count}, which is too large")))
    }

    /// True or false, or this where it is not set.
    ///
    /// # Errors
    /// When it is set to something else.
    pub fn flag(&self, name: &str, default: bool) -> Result<bool> {
        match self.setting(name) {
            None => Ok(default),
            Some(Setting::Flag(flag)) => Ok(*flag),
            Some(other) => Err(wrong(name, "true or false", other)),
        }
    }

    /// A text, or this one where it is not set.
    ///
    /// # Errors
    /// When it is set to something else.
    pub fn text<'job>(&'job self, name: &str, default: &'job str) -> Result<&'job str> {
        match self.setting(name) {
            None => Ok(default),
            Some(Setting::Text(text)) => Ok(text),
            Some(other) => Err(wrong(name, "a text", other)),
        }
    }

    /// The data set of this name.
    ///
    /// # Errors
    /// When the job has none.
    pub fn data_set(&self, name: &str) -> Result<&DataSet> {
        let found = self.data_sets.iter().find(|(own, _)| own == name).map(|(_, data_set)| data_set);
        found.ok_or_else(|| missing("data set", "dataSets", name))
    }

    /// The model of this name.
    ///
    /// # Errors
    /// When the job has none.
    pub fn model(&self, name: &str) -> Result<&Model> {
        let found = self.models.iter().find(|(own, _)| own == name).map(|(_, model)| model);
        found.ok_or_else(|| missing("model", "models", name))
    }

    /// Which of `count` things this worker learns from: those whose number leaves its rank when divided by the size.
    pub fn share(&self, count: usize) -> impl Iterator<Item = usize> + use<> {
        (self.rank as usize..count).step_by(self.size.max(1) as usize)
    }

    fn setting(&self, name: &str) -> Option<&Setting> {
        self.settings.iter().find(|(own, _)| own == name).map(|(_, setting)| setting)
    }
}

fn wrong(name: &str, wanted: &str, found: &Setting) -> Failure {
    let found = match found {
        Setting::Flag(flag) => flag.to_string(),
        Setting::Whole(whole) => whole.to_string(),
        Setting::Number(number) => number.to_string(),
        Setting::Text(text) => format!("`{text}`"),
    };
    Failure::new(format!("the setting `{name}` is {found}, not {wanted}"))
        .with_hint(format!("change `settings.{name}` in the job's document"))
}

fn missing(what: &str, key: &str, name: &str) -> Failure {
    Failure::new(format!("the job has no {what} `{name}`")).with_hint(format!("name one under `{key}` in its document"))
}

/// The state of the one worker of a component, between the host's calls. Tests of a component use it as the host does.
#[derive(Debug)]
pub struct Worker<T>(RefCell<Option<T>>);

impl<T> Default for Worker<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Worker<T> {
    /// A worker that knows nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(RefCell::new(None))
    }
}

impl<T: Trainable> Worker<T> {
    /// Makes the worker ready.
    ///
    /// # Errors
    /// As [`Trainable::init`].
    pub fn init(&self, job: Job) -> Result<()> {
        let worker = T::init(job)?;
        self.0.replace(Some(worker));
        Ok(())
    }

    /// Makes one step.
    ///
    /// # Errors
    /// As [`Trainable::step`].
    pub fn step(&self) -> Result<Progress> {
        self.with(T::step)
    }

    /// Measures the present state.
    ///
    /// # Errors
    /// As [`Trainable::evaluate`].
    pub fn evaluate(&self) -> Result<Vec<(String, f64)>> {
        self.with(T::evaluate)
    }

    /// Writes a checkpoint.
    ///
    /// # Errors
    /// As [`Trainable::save`].
    pub fn checkpoint(&self) -> Result<Artifact> {
        self.with(|worker| {
            let mut checkpoint = Artifact::writer(CHECKPOINT_MEDIA_TYPE);
            worker.save(&mut checkpoint)?;
            checkpoint.finish()
        })
    }

    /// Goes back to a checkpoint.
    ///
    /// # Errors
    /// As [`Trainable::load`].
    pub fn restore(&self, checkpoint: &Artifact) -> Result<()> {
        self.with(|worker| worker.load(&mut checkpoint.reader()))
    }

    /// Writes the model.
    ///
    /// # Errors
    /// As [`Trainable::finish`].
    pub fn finish(&self) -> Result<Model> {
        self.with(T::finish)
    }

    fn with<R>(&self, work: impl FnOnce(&mut T) -> Result<R>) -> Result<R> {
        match self.0.borrow_mut().as_mut() {
            Some(worker) => work(worker),
            None => Err(Failure::new("the worker was never told of its job: `init` comes first")),
        }
    }
}

#[cfg(test)]
mod tests;
