//! Runs the bench crate, with what its peers need made ready.
//! Never measures anything itself.

use std::process::{Command, ExitCode};

use anyhow::{Result, bail};

use crate::cargo::{build, cargo};
use crate::process::{self, Heard};
use crate::python::{self, Requirements};
use crate::{guests, packages, workspace};

/// The peer of the step overhead. Pinned, so that figures of two days can be compared.
const KFP: &str = "kfp==2.17.0";

/// The peers of training. PyPI's builds bring what a graphics card needs besides, some gigabytes.
const TORCH: [&str; 2] = ["torch==2.13.0", "numpy==2.4.6"];

/// The peer of notebooks, and the client that both servers are asked by.
const JUPYTER: [&str; 3] = ["ipykernel==7.4.0", "jupyter_server==2.21.1", "websocket-client==1.9.2"];

/// The peer of inference, and what models are written with.
const ONNX: [&str; 3] = ["numpy==2.4.6", "onnx==1.23.2", "onnxruntime==1.32.0"];

/// Which groups, and for whom.
#[derive(clap::Args)]
pub struct Arguments {
    /// Groups to measure: step-overhead, fan-out, cold-start, python-steps, chains, notebook, training, inference, collective, ledger, registry. All when none is named.
    groups: Vec<String>,
    /// One JSON object a line in place of a table.
    #[arg(long)]
    json: bool,
}

/// Carries out `cargo xtask bench`.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let toolchain = guests::toolchain()?;
    guests::build_programs(&toolchain)?;
    for reason in guests::build_all(&toolchain)?.skipped {
        eprintln!("measuring without {reason}");
    }
    // Both at once and of the whole workspace, so that every crate is built with one set of features.
    let mut programs = cargo("build");
    programs.args(["--release", "--workspace", "--bin", "bench", "--bin", "sandmill"]);
    build("build bench and sandmill", programs, &["--workspace", "--edges", "normal,build"], &[])?;

    let wants = |group: &str| arguments.groups.is_empty() || arguments.groups.iter().any(|wanted| wanted == group);
    if wants("registry")
        && !packages::on_path("docker-registry")
        && let Err(error) = packages::install(&["docker-registry"], "measuring beside a second registry")
    {
        eprintln!("measuring without docker-registry beside it: {error:#}");
    }
    let mut command = Command::new(workspace::target().join("release/bench"));
    command.current_dir(workspace::root()).args(&arguments.groups);
    command.env("SANDMILL_GUESTS_DIR", guests::folder(&toolchain));
    command.env("SANDMILL_BIN", workspace::target().join("release/sandmill"));
    command.env("SANDMILL_BENCH_SCRATCH", workspace::target().join("bench"));
    if arguments.json {
        command.arg("--json");
    }
    if wants("step-overhead") || wants("python-steps") {
        match python::environment("kfp", &Requirements::Packages(&[KFP]), "measuring beside kfp") {
            Ok(python) => _ = command.env("SANDMILL_BENCH_PYTHON", python),
            Err(error) => eprintln!("measuring without kfp beside it: {error:#}"),
        }
    }
    if wants("notebook") {
        match python::environment("jupyter-bench", &Requirements::Packages(&JUPYTER), "measuring beside ipykernel") {
            Ok(python) => _ = command.env("SANDMILL_BENCH_JUPYTER", python),
            Err(error) => eprintln!("measuring without Jupyter: {error:#}"),
        }
    }
    if wants("training") {
        match python::environment("torch", &Requirements::Packages(&TORCH), "measuring beside PyTorch and numpy") {
            Ok(python) => _ = command.env("SANDMILL_BENCH_TORCH", python),
            Err(error) => eprintln!("measuring without PyTorch beside it: {error:#}"),
        }
    }
    if wants("inference") {
        match python::environment("onnx", &Requirements::Packages(&ONNX), "measuring beside onnxruntime") {
            Ok(python) => _ = command.env("SANDMILL_BENCH_ONNX", python),
            Err(error) => eprintln!("measuring without onnxruntime: {error:#}"),
        }
    }
    let status = process::lines(&mut command, false, |heard| {
        if let Heard::Line(line) = heard {
            println!("{line}");
        }
    })?;
    if !status.success() {
        bail!("the bench ended with {status}");
    }
    Ok(ExitCode::SUCCESS)
}
