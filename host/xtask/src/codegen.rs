//! Checked-in files that are generated from types.
//! Never edits them itself: the crate that owns the types writes its own file.

use std::process::ExitCode;

use anyhow::Result;

use crate::cargo::cargo;
use crate::{console, process};

/// Set while files are to be written rather than compared.
const UPDATE: &str = "SANDMILL_UPDATE";

/// The crates whose tests compare such a file with their types.
const OWNERS: [&str; 2] = ["sdk-spec", "host-api"];

/// Write or check.
#[derive(clap::Args)]
pub struct Arguments {
    /// Only check that the files are what the types say.
    #[arg(long)]
    check: bool,
}

/// Carries out `cargo xtask codegen`.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut command = cargo("test");
    command.arg("--quiet");
    for owner in OWNERS {
        command.args(["--package", owner]);
    }
    if arguments.check {
        command.env_remove(UPDATE);
    } else {
        command.env(UPDATE, "1");
    }
    process::run(&mut command)?;
    // In the order of data: the client is printed from the document that was written just now.
    console::codegen(arguments.check)?;
    Ok(ExitCode::SUCCESS)
}
