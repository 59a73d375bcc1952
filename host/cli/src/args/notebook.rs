//! Arguments of `sandmill notebook`.
//! Never resolved here; the command does that.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::help;

#[derive(Debug, Subcommand)]
pub enum NotebookCommand {
    /// Run a notebook from its first cell to its last, and keep what it gave
    #[command(after_help = help::NOTEBOOK_RUN)]
    Run(Box<NotebookRunArguments>),
    /// List the sessions at work
    #[command(after_help = help::NOTEBOOK_LIST)]
    List,
    /// End a session, whatever it is doing
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
    pub notebook: PathBuf,
    /// Sets a variable before the first cell, or behind the cell tagged `parameters`; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub param: Vec<String>,
    /// Where the executed notebook goes [default: NAME.executed.ipynb beside it]
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// A component that is a kernel [default: the node's Python]
    #[arg(long, value_name = "REFERENCE")]
    pub kernel: Option<String>,
}
