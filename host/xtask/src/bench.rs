//! Runs the bench crate, with what its peers need made ready.
//! Never measures anything itself.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::cargo::{build, cargo};
use crate::process::{self, Heard};
use crate::progress::Progress;
use crate::{guests, packages, workspace};

/// The peer of the step overhead. Pinned, so that figures of two days can be compared.
const KFP: &str = "kfp==2.17.0";

/// Which groups, and for whom.
#[derive(clap::Args)]
pub struct Arguments {
    /// Groups to measure: step-overhead, fan-out, cold-start, ledger. All when none is named.
    groups: Vec<String>,
    /// One JSON object a line in place of a table.
    #[arg(long)]
    json: bool,
}

/// Carries out `cargo xtask bench`.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let toolchain = guests::toolchain()?;
    guests::build_programs(&toolchain)?;
    let mut bench = cargo("build");
    bench.args(["--release", "--package", "tests-bench", "--bin", "bench"]);
    build("build bench", bench, &["--package", "tests-bench", "--edges", "normal,build"], &[])?;

    let mut command = Command::new(workspace::target().join("release/bench"));
    command.current_dir(workspace::root()).args(&arguments.groups);
    command.env("SANDMILL_GUESTS_DIR", guests::folder(&toolchain));
    command.env("SANDMILL_BENCH_SCRATCH", workspace::target().join("bench"));
    if arguments.json {
        command.arg("--json");
    }
    let wants_peer = arguments.groups.is_empty() || arguments.groups.iter().any(|group| group == "step-overhead");
    if wants_peer {
        match peer_python() {
            Ok(python) => _ = command.env("SANDMILL_BENCH_PYTHON", python),
            Err(error) => eprintln!("measuring without kfp beside it: {error:#}"),
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

/// A Python that has kfp, in an environment of its own that is made once.
fn peer_python() -> Result<PathBuf> {
    let folder = workspace::target().join("bench/venv");
    let python = folder.join("bin/python");
    let stamp = folder.join("installed");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == KFP) {
        return Ok(python);
    }
    if !packages::on_path("python3") {
        packages::install(&["python3", "python3-venv"], "measuring beside kfp")?;
    }
    let progress = Progress::begin(format!("pip install {KFP}, once"));
    process::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    process::run(Command::new(&python).args(["-m", "pip", "install", "--quiet", KFP]))?;
    std::fs::write(&stamp, KFP).with_context(|| format!("writing {}", stamp.display()))?;
    progress.end("installed");
    Ok(python)
}
