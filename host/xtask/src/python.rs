//! Python environments of their own under the target folder, each with pinned packages, made once.
//! Never touches the machine's own packages, and never installs again what is there already.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::progress::Progress;
use crate::{packages, process, workspace};

/// What an environment holds.
pub enum Requirements<'a> {
    /// Packages as `pip install` takes them, with an exact version each; what they need comes along.
    Packages(&'a [&'a str]),
    /// A requirements file with the hash of every file; nothing that is not in it comes along.
    Locked(&'a Path),
}

impl Requirements<'_> {
    /// What tells one state of an environment from another.
    fn stamp(&self) -> Result<String> {
        match self {
            Self::Packages(packages) => Ok(packages.join("\n")),
            Self::Locked(file) => fs::read_to_string(file).with_context(|| format!("reading {}", file.display())),
        }
    }

    fn install(&self, python: &Path) -> Result<()> {
        let mut pip = Command::new(python);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        match self {
            Self::Packages(packages) => pip.args(*packages),
            Self::Locked(file) => pip.args(["--require-hashes", "--no-deps", "--requirement"]).arg(file),
        };
        process::run(&mut pip)
    }
}

/// The `python` of the environment `name`, made now where it is missing or holds something else.
/// `purpose` says in messages what it is needed for.
pub fn environment(name: &str, requirements: &Requirements<'_>, purpose: &str) -> Result<PathBuf> {
    let folder = workspace::target().join("python").join(name);
    let python = folder.join("bin/python");
    let stamp = folder.join("installed");
    let wanted = requirements.stamp()?;
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    if !packages::on_path("python3") {
        packages::install(&["python3", "python3-venv"], purpose)?;
    }
    let progress = Progress::begin(format!("make the Python environment `{name}`, once, for {purpose}"));
    process::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    requirements.install(&python)?;
    fs::write(&stamp, wanted).with_context(|| format!("writing {}", stamp.display()))?;
    progress.end("installed");
    Ok(python)
}
