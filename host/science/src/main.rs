//! Makes the science kernel's component of what its wheel brings and of this project's parts:
//! `make-science-kernel WHEEL_FOLDER PARTS_FOLDER COMPONENT_FILE`, as `cargo xtask science-kernel` calls it.
//! Never fetches anything, and never runs anything of what it is given.

mod interpreter;
mod library;
mod parts;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// Where the component's own sources are, from the checkout's root.
const FOLDER: &str = "components/run-science";

fn main() -> Result<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [wheel, built, file] = arguments.as_slice() else {
        bail!("usage: make-science-kernel WHEEL_FOLDER PARTS_FOLDER COMPONENT_FILE");
    };
    let component = make(wheel, built)?;
    // Under its name only once it is whole.
    let unfinished = file.with_extension("part");
    fs::write(&unfinished, component).with_context(|| format!("writing {}", unfinished.display()))?;
    fs::rename(&unfinished, file).with_context(|| format!("keeping {}", file.display()))
}

fn make(wheel: &Path, built: &Path) -> Result<Vec<u8>> {
    let folder = root().join(FOLDER);
    let contracts = parts::Contracts::read(&folder)?;
    let archives = [read(&wheel.join("python-stdlib.zip"))?, library::program(&folder)?];
    parts::put_together(&parts::Parts {
        interpreter: interpreter::component(&read(&wheel.join("python-snapshot.wasm"))?, &folder, &contracts)?,
        library: library::component(&archives, &contracts)?,
        door: read(&built.join("component_run_science_door.wasm"))?,
        kernel: read(&built.join("component_run_science_kernel.wasm"))?,
    })
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("reading {}", file.display()))
}

/// The checkout's root.
fn root() -> PathBuf {
    // Set by `cargo run`; the compiled-in folder serves a binary that was started by hand.
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    PathBuf::from(manifest).join("../..")
}

#[cfg(test)]
mod tests;
