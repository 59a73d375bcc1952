//! Arguments of `sandmill notebook`.
//! Never resolved here; the command does that.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::PlatformAccess;
use crate::help;

#[derive(Debug, Subcommand)]
pub enum NotebookCommand {
    /// Run a notebook from its first cell to its last, and keep what it gave
    #[command(after_help = help::NOTEBOOK_RUN)]
    Run(Box<NotebookRunArguments>),
    /// Begin a session, to which Jupyter's clients connect by its id
    #[command(after_help = help::NOTEBOOK_CREATE)]
    Create(Box<NotebookCreateArguments>),
    /// List the sessions, at work or paused
    #[command(after_help = help::NOTEBOOK_LIST)]
    List,
    /// Write down what a session has defined and free its memory
    #[command(after_help = help::NOTEBOOK_PAUSE)]
    Pause {
        /// Id of the session
        session: String,
    },
    /// Put a paused session to work again
    #[command(after_help = help::NOTEBOOK_RESUME)]
    Resume {
        /// Id of the session
        session: String,
    },
    /// End a session, whatever it is doing; one that is paused is given up
    #[command(after_help = help::NOTEBOOK_STOP)]
    Stop {
        /// Id of the session
        session: String,
    },
}

/// A notebook to run.
#[derive(Debug, Args)]
pub struct NotebookRunArguments {
    /// The notebook, as Jupyter saves it
    #[arg(required_unless_present = "file")]
    pub notebook: Option<PathBuf>,
    /// A `Notebook` document that says what is run, with which parameters, in which kernel and with which grants; what
    /// the command line says goes before it
    #[arg(long, short, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Sets a variable before the first cell, or behind the cell tagged `parameters`; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub param: Vec<String>,
    /// Where the executed notebook goes [default: NAME.executed.ipynb beside it]
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub session: SessionArguments,
}

/// A session to begin.
#[derive(Debug, Args)]
pub struct NotebookCreateArguments {
    /// A `Notebook` document, or a manifest of Kubeflow's whose image is a component that is a kernel
    #[arg(long, short, value_name = "FILE", conflicts_with = "kernel")]
    pub file: Option<PathBuf>,
    /// What the session is called
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    #[command(flatten)]
    pub session: SessionArguments,
}

/// In what a notebook's cells run, and what they may ask.
#[derive(Debug, Args)]
pub struct SessionArguments {
    /// A component that is a kernel [default: the node's Python]
    #[arg(long, value_name = "REFERENCE")]
    pub kernel: Option<String>,
    /// What its code may ask of the platform [default: all that the node lets sessions have]
    #[arg(long, value_name = "ACCESS")]
    pub platform: Option<PlatformAccess>,
}
