//! Debian packages that a task needs: installed when missing and installable, otherwise named.
//! Never installs anything that is there already.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process;
use crate::progress::Progress;

/// Whether a program is found on the path.
pub fn on_path(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

/// Installs Debian packages. The error names them and says why they could not be installed.
pub fn install(names: &[&str], purpose: &str) -> Result<()> {
    let wanted = names.join(" ");
    if !on_path("apt-get") {
        bail!(
            "{purpose} needs the Debian packages `{wanted}`, and this machine has no apt-get: install their like by hand"
        );
    }
    if !rustix::process::geteuid().is_root() {
        bail!(
            "{purpose} needs packages that only root may install: run `sudo apt-get install {wanted}`, then try again"
        );
    }
    let progress = Progress::begin(format!("install {wanted}"));
    let attempt = || process::run(apt_get().args(["install", "--yes", "--no-install-recommends", "-qq"]).args(names));
    // The package lists may be old or missing, so a first failure is answered by fetching them.
    if attempt().is_err() {
        process::run(apt_get().args(["update", "-qq"]))?;
        if let Err(error) = attempt() {
            bail!("{purpose} needs the Debian packages `{wanted}`, which could not be installed: {error}");
        }
    }
    progress.end("installed");
    Ok(())
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}
