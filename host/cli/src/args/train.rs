//! What can be written behind `sandmill train`.
//! Never resolved here; the commands decide what is meant.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::PageArguments;
use crate::help;

#[derive(Debug, Subcommand)]
pub enum TrainCommand {
    /// Start a training job
    #[command(after_help = help::TRAIN_RUN)]
    Run(TrainArguments),
    /// List training jobs, newest first
    #[command(after_help = help::TRAIN_LIST)]
    List {
        /// Only jobs of this name
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// Only jobs of this status
        #[arg(long, value_name = "STATUS")]
        status: Option<JobStatus>,
        #[command(flatten)]
        page: PageArguments,
    },
    /// Show a job, its workers, checkpoints and last metrics
    #[command(after_help = help::TRAIN_SHOW)]
    Show {
        #[command(flatten)]
        job: JobArgument,
    },
    /// Show a job's loss as it is trained, until it has ended
    #[command(after_help = help::TRAIN_WATCH)]
    Watch {
        #[command(flatten)]
        job: JobArgument,
    },
    /// Print a job's log
    #[command(after_help = help::TRAIN_LOGS)]
    Logs {
        #[command(flatten)]
        job: JobArgument,
        /// Only this worker's lines, counted from 0
        #[arg(long, value_name = "NUMBER")]
        worker: Option<u32>,
        /// Stay and print what is said until the job has ended
        #[arg(long, short)]
        follow: bool,
    },
    /// Stop a job with its state, so that it can be resumed
    #[command(after_help = help::TRAIN_STOP)]
    Stop {
        #[command(flatten)]
        job: JobArgument,
        /// End it, instead of letting it wait
        #[arg(long)]
        cancel: bool,
    },
    /// Go on with a job that was stopped, or failed, from its last checkpoint
    #[command(after_help = help::TRAIN_RESUME)]
    Resume {
        #[command(flatten)]
        job: JobArgument,
        /// Stay and show its loss until it has ended
        #[arg(long, short)]
        watch: bool,
    },
}

#[derive(Debug, Args)]
pub struct TrainArguments {
    /// The TrainJob document, YAML or JSON; `-` reads stdin
    pub file: PathBuf,
    /// Give a data set: a file to upload, or an artifact's digest; may be repeated
    #[arg(long = "data", value_name = "NAME=@FILE")]
    pub data_sets: Vec<String>,
    /// Give a model to begin from; may be repeated
    #[arg(long = "model", value_name = "NAME=@FILE")]
    pub models: Vec<String>,
    /// A title for the job
    #[arg(long, value_name = "TITLE")]
    pub name: Option<String>,
    /// Stay and show its loss until it has ended
    #[arg(long, short)]
    pub watch: bool,
}

/// Which job.
#[derive(Debug, Args)]
pub struct JobArgument {
    /// Id of the job, the beginning of one, or `latest`
    pub job: String,
}

/// How a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum JobStatus {
    Running,
    Suspending,
    Suspended,
    Succeeded,
    Failed,
    Cancelled,
}
