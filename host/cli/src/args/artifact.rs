//! Arguments of `sandmill artifact`.
//! Never resolved here; the command does that.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

use super::PageArguments;
use crate::help;

#[derive(Debug, Subcommand)]
pub enum ArtifactCommand {
    /// List artifacts, newest first
    #[command(after_help = help::ARTIFACT_LIST)]
    List {
        /// Only what this run made: its id, the beginning of one, or `latest`
        #[arg(long, value_name = "RUN")]
        run: Option<String>,
        #[command(flatten)]
        page: PageArguments,
    },
    /// Show an artifact, who made it and who used it
    #[command(after_help = help::ARTIFACT_SHOW)]
    Show {
        /// Digest of the artifact
        digest: String,
    },
    /// List the files of an artifact that is a folder
    #[command(after_help = help::ARTIFACT_FILES)]
    Files {
        /// Digest of the folder
        digest: String,
        #[command(flatten)]
        page: PageArguments,
    },
    /// Fetch an artifact's bytes, or those of one file in it
    #[command(after_help = help::ARTIFACT_GET)]
    Get {
        /// Digest of the artifact
        digest: String,
        /// Only this file of a folder, by its name in the list
        #[arg(long, value_name = "NAME", conflicts_with = "position")]
        file: Option<String>,
        /// Only this file of a folder, by its position in the list: names may be there twice
        #[arg(long, value_name = "NUMBER")]
        position: Option<u64>,
        /// The file [default: stdout]
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Push an artifact to a registry, with what made it
    #[command(after_help = help::ARTIFACT_PUSH)]
    Push {
        /// Digest of the artifact
        digest: String,
        /// `[registry/]repository[:tag]`; without a registry, the node's own
        reference: String,
    },
    /// Pull an artifact from a registry into the server, or into a file
    #[command(after_help = help::ARTIFACT_PULL)]
    Pull {
        /// `[registry/]repository[:tag][@digest]`; without a registry, the node's own
        reference: String,
        /// The file [default: none, the artifact is uploaded to the server]
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Upload a file as an artifact
    #[command(after_help = help::ARTIFACT_PUT)]
    Put {
        /// The file
        file: PathBuf,
        /// What it is
        #[arg(long, default_value = "artifact")]
        kind: Kind,
        /// Its media type [default: from the file's extension]
        #[arg(long, value_name = "TYPE")]
        media_type: Option<String>,
        /// Attach a name and a value; may be repeated
        #[arg(long, value_name = "NAME=VALUE")]
        metadata: Vec<String>,
    },
}

/// What an artifact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    Artifact,
    DataSet,
    Model,
    Metrics,
}
