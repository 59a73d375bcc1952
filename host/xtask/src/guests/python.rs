//! Components written in Python: CPython, its library and a program in one file, made by componentize-py.
//! Never builds the same sources twice: two builds differ in their bytes, and a digest should stay.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use registry_oci::Digest;

use super::{Guest, Language};
use crate::progress::Progress;
use crate::python::{self, Requirements};
use crate::{process, workspace};

/// Pins, with hashes, of the builder and of the packages that go in. Its presence makes a folder a Python component.
const REQUIREMENTS: &str = "requirements.txt";
/// The world that the component is made for, in the package `sandmill:NAME` of its folder `wit`.
const WORLD: &str = "runner";
/// Contracts of this project that such worlds name, each before those that name it.
const CONTRACTS: [&str; 3] = ["kernel@0.1.0", "platform@0.1.0", "tensor@0.1.0"];
/// Python of this project's that goes in besides a component's own: what steps import.
const SDK: &str = "sdk/python/src";
/// Raised when the way of building changes, so that what was built in another way is not taken for it.
const RECIPE: u32 = 2;

/// The Python components under `folder`. Their version is that of this project.
pub(super) fn components_in(folder: &Path) -> Result<Vec<Guest>> {
    let mut guests = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        let manifest = path.join(REQUIREMENTS);
        let Some(name) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else { continue };
        if manifest.is_file() {
            let version = env!("CARGO_PKG_VERSION").to_owned();
            guests.push(Guest {
                package: format!("component-{name}"),
                name,
                version,
                manifest,
                language: Language::Python,
            });
        }
    }
    Ok(guests)
}

/// Brings a component to `file`: from an earlier build of the same sources, else built now.
pub(super) fn build(guest: &Guest, file: &Path) -> Result<()> {
    let folder = guest.manifest.parent().context("a component's requirements lie in its folder")?;
    let digest = sources_digest(folder)?;
    let kept = workspace::target().join("python").join(format!("{}-{}.wasm", guest.name, &digest[..16]));
    if !kept.is_file() {
        componentize(guest, folder, &kept)?;
    }
    let parent = file.parent().context("guests lie in a folder")?;
    fs::create_dir_all(parent).with_context(|| format!("making {}", parent.display()))?;
    fs::copy(&kept, file).with_context(|| format!("copying {} to {}", kept.display(), file.display()))?;
    Ok(())
}

fn componentize(guest: &Guest, folder: &Path, kept: &Path) -> Result<()> {
    let requirements = folder.join(REQUIREMENTS);
    let python = python::environment(&guest.name, &Requirements::Locked(&requirements), "building run-python")?;
    let progress = Progress::begin(format!("build {} from Python, once", guest.name));
    let packages =
        process::capture(Command::new(&python).args(["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]))?;
    let unfinished = kept.with_extension("part");
    let mut command = Command::new(python.with_file_name("componentize-py"));
    for path in contracts().chain([folder.join("wit")]) {
        command.arg("--wit-path").arg(path);
    }
    command.args(["--world", &format!("sandmill:{}/{WORLD}", guest.name), "--quiet", "componentize"]);
    command
        .arg("--python-path")
        .arg(folder.join("src"))
        .arg("--python-path")
        .arg(workspace::root().join(SDK))
        .args(["--python-path", packages.trim()]);
    command.arg("--output").arg(&unfinished).arg(format!("sandmill_{}", guest.name.replace('-', "_")));
    process::run(&mut command)?;
    // Under its name only once it is whole: a build that was broken off must not be taken for one.
    fs::rename(&unfinished, kept).with_context(|| format!("keeping {}", kept.display()))?;
    progress.end("built");
    Ok(())
}

/// One digest over the paths and the bytes of everything that goes into the component.
fn sources_digest(folder: &Path) -> Result<String> {
    let mut text = format!("recipe {RECIPE}\n");
    for root in contracts().chain([workspace::root().join(SDK), folder.to_owned()]) {
        let mut files = Vec::new();
        collect(&root, &mut files)?;
        files.sort();
        for file in files {
            let bytes = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
            let name = file.strip_prefix(&root).unwrap_or(&file).display();
            text.push_str(&format!("{name} {}\n", Digest::sha256(&bytes)));
        }
    }
    Ok(Digest::sha256(text.as_bytes()).hex().to_owned())
}

fn contracts() -> impl Iterator<Item = PathBuf> {
    CONTRACTS.into_iter().map(|package| workspace::root().join("wit").join(package))
}

/// Every file below the folder that the component is made from.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        let is_source = |ending: &str| path.extension().is_some_and(|extension| extension == ending);
        if path.is_dir() && path.file_name().is_some_and(|name| name != "__pycache__") {
            collect(&path, files)?;
        } else if ["py", "txt", "wit"].into_iter().any(is_source) {
            files.push(path);
        }
    }
    Ok(())
}
