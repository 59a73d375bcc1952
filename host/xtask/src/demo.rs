//! The main job on a fresh machine: build, serve, push, run the digits pipeline twice, say what came out.
//! Never installs anything outside the checkout but what building components needs.

mod report;
mod server;
#[cfg(test)]
mod tests;

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::cargo::{build, cargo};
use crate::progress::{Progress, elapsed};
use crate::{console, guests, process, workspace};

use report::{Outcome, Run};
use server::Server;

/// What the trained classifier must reach on rows that the training never saw.
const ACCURACY_MIN: f64 = 0.95;

/// Under which name components stand in the node's own registry.
const NAMESPACE: &str = "sandmill";

const PIPELINE: &str = "tests/scenarios/pipeline-digits/pipeline.yaml";
const TRAINING_SET: &str = "tests/data/digits/train.csv";
const VALIDATION_SETS: [&str; 2] = ["tests/data/digits/validation-a.csv", "tests/data/digits/validation-b.csv"];

/// How to show the demo.
#[derive(clap::Args)]
pub struct Arguments {
    /// Print one JSON object on stdout.
    #[arg(long)]
    json: bool,
    /// Leave the server running until Ctrl-C.
    #[arg(long)]
    keep: bool,
}

/// Carries out `cargo xtask demo`.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let begun = Instant::now();
    let folder = workspace::target().join("demo");
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let _lock = lock(&folder)?;

    let toolchain = guests::toolchain()?;
    if let Some(reason) = console::build()? {
        eprintln!("going on without {reason}");
    }
    // The same selection as the tests use, so that both need the same build of every crate.
    let mut binary = cargo("build");
    binary.args(["--workspace", "--bin", "sandmill"]);
    build("build sandmill", binary, &["--package", "host-cli", "--edges", "normal,build"], &[])?;
    let guests::Built { guests: components, skipped } = guests::build_all(&toolchain)?;
    for reason in skipped {
        eprintln!("going on without {reason}");
    }

    let server = Server::start(&folder)?;
    push(&server, &toolchain, &components)?;
    let first = run_pipeline(&server, VALIDATION_SETS[0])?;
    let second = run_pipeline(&server, VALIDATION_SETS[1])?;
    let outcome = Outcome {
        accuracy: first.accuracy()?,
        second_accuracy: second.accuracy()?,
        report: save_report(&server, &first, &folder)?,
        first,
        second,
    };
    if arguments.json {
        println!("{}", outcome.to_json());
    } else {
        outcome.print(&server.addresses, &elapsed(begun.elapsed()));
    }
    if arguments.keep {
        eprintln!(
            "the server goes on until Ctrl-C; in another terminal: export SANDMILL_SERVER={}",
            server.addresses.server
        );
        server.wait_for_interrupt()?;
    } else {
        server.stop()?;
    }
    if outcome.accuracy < ACCURACY_MIN {
        bail!("the accuracy is {:.4}, and must be at least {ACCURACY_MIN}", outcome.accuracy);
    }
    Ok(ExitCode::SUCCESS)
}

/// Keeps a second demo out of the same folder for as long as the file is open.
fn lock(folder: &Path) -> Result<File> {
    let path = folder.join("lock");
    let file = File::create(&path).with_context(|| format!("writing {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            bail!("another `cargo xtask demo` is at work in {}: wait for it, or end it with Ctrl-C", folder.display())
        }
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("locking {}", path.display())),
    }
}

/// A `sandmill` command that talks to the demo's server.
fn sandmill(server: &Server) -> Command {
    let mut command = Command::new(workspace::sandmill());
    command.current_dir(workspace::root()).env("SANDMILL_SERVER", &server.addresses.server);
    command
}

/// Pushes every component; bytes that the registry holds already are not sent again.
fn push(server: &Server, toolchain: &guests::Toolchain, components: &[guests::Guest]) -> Result<()> {
    let mut progress = Progress::begin("push components");
    for (index, guest) in components.iter().enumerate() {
        progress.tick(&format!("{index} of {}: {}", components.len(), guest.name));
        let reference = format!("{NAMESPACE}/{}:{}", guest.name, guest.version);
        let mut command = sandmill(server);
        command.args(["component", "push", "--json"]).arg(guests::built_file(toolchain, guest)).arg(reference);
        process::capture(&mut command)?;
    }
    progress.end(&format!("{} components to {}/{NAMESPACE}", components.len(), server.addresses.registry));
    Ok(())
}

/// Runs the pipeline to its end and asks the server how each step went.
fn run_pipeline(server: &Server, validation_set: &str) -> Result<Run> {
    let begun = Instant::now();
    eprintln!("[run pipeline] validation set {validation_set}");
    let mut command = sandmill(server);
    command.args(["pipeline", "run", PIPELINE, "--watch", "--json"]);
    command.args(["--param", &format!("data-set=@{TRAINING_SET}")]);
    command.args(["--param", &format!("validation-set=@{validation_set}")]);
    let said = process::capture(&mut command)?;
    let id = report::run_id(&said)?;
    let shown = process::capture(sandmill(server).args(["run", "show", &id, "--json"]))?;
    let run = Run::from_json(&shown)?;
    eprintln!("[run pipeline] {} {} ({})", run.id, run.state, elapsed(begun.elapsed()));
    Ok(run)
}

/// Fetches the HTML report of a run to where people can open it.
fn save_report(server: &Server, run: &Run, folder: &Path) -> Result<PathBuf> {
    let digest = run.artifact_of_media_type("text/html").context("no step of the run made an HTML report")?;
    let file = folder.join("report.html");
    fetch(server, digest, &file)?;
    Ok(file)
}

fn fetch(server: &Server, digest: &str, file: &Path) -> Result<()> {
    process::capture(sandmill(server).args(["artifact", "get", digest, "--output"]).arg(file)).map(drop)
}
