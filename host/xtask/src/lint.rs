//! Formatting and clippy.
//! Never changes a file.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::cargo::{build, cargo};
use crate::process;

/// Carries out `cargo xtask lint`.
pub fn run() -> Result<ExitCode> {
    formatting()?;
    let mut clippy = cargo("clippy");
    clippy.args(["--workspace", "--all-targets"]);
    build("clippy", clippy, &["--workspace"], &["--deny", "warnings"])?;
    Ok(ExitCode::SUCCESS)
}

/// Checks that every file is formatted.
pub fn formatting() -> Result<()> {
    if process::run(cargo("fmt").args(["--all", "--check"])).is_err() {
        bail!("some files are not formatted: run `cargo fmt --all`");
    }
    Ok(())
}
