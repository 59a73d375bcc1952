//! Training jobs: submitted, driven, watched, suspended and resumed, gone on with after a crash.
//! Never decides what a job does next; `host_training::advance` does.

pub(crate) mod checkpoints;
pub(crate) mod drive;
pub(crate) mod facts;
pub(crate) mod history;
pub(crate) mod kept_event;
pub(crate) mod resume;
pub(crate) mod submit;
pub(crate) mod worker;

/// The kind of runs that are training jobs.
pub const TRAIN_JOB_KIND: &str = "train-job";
