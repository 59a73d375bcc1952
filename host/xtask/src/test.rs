//! All tests: what they need, the build, the run, one closing line.
//! Never hides a skip: each is counted, and its reason printed again at the end.

mod peers;
mod tally;
#[cfg(test)]
mod tests;

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::cargo::{build, cargo};
use crate::process::{self, Heard};
use crate::progress::elapsed;
use crate::{console, guests, lint, workspace};

use tally::{Shown, Tally};

/// Where tests find the guests.
const GUESTS_FOLDER: &str = "SANDMILL_GUESTS_DIR";

/// Where tests that start the real binary find it.
const SANDMILL: &str = "SANDMILL_BIN";

/// Which tests.
#[derive(clap::Args)]
pub struct Arguments {
    /// Install `cargo component` where it is missing, and check that it builds the components.
    #[arg(long)]
    cargo_component: bool,
    /// Handed to `cargo test` in place of `--workspace`, for example `-p host-pipeline`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    cargo_arguments: Vec<String>,
}

/// Carries out `cargo xtask test`.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let begun = std::time::Instant::now();
    let mut tally = Tally::default();
    eprintln!("== prerequisites");
    let peers = peers::ready();
    let toolchain = guests::toolchain()?;

    eprintln!("== formatting");
    tally.check("cargo fmt --check", lint::formatting());

    eprintln!("== console");
    match console::build()? {
        Some(reason) => tally.skip(&reason),
        None => tally.check("the console's types, lints and unit tests", console::check()),
    }

    eprintln!("== guests");
    let guests::Built { guests: components, skipped } = guests::build_all(&toolchain)?;
    skipped.iter().for_each(|reason| tally.skip(reason));
    guests::build_programs(&toolchain)?;
    check_cargo_component(arguments, &components, &mut tally)?;

    eprintln!("== tests");
    let whole = arguments.cargo_arguments.is_empty();
    let scope: Vec<String> = if whole { vec!["--workspace".into()] } else { arguments.cargo_arguments.clone() };
    if whole {
        let mut binary = cargo("build");
        binary.args(["--workspace", "--bin", "sandmill"]);
        build("build sandmill", binary, &["--package", "host-cli", "--edges", "normal,build"], &[])?;
        let mut tests = cargo("test");
        tests.args(["--workspace", "--no-run"]);
        build("build tests", tests, &["--workspace", "--edges", "all"], &[])?;
    }
    run_tests(&scope, &guests::folder(&toolchain), &peers, &mut tally)?;

    tally.print_reasons();
    eprintln!("took {}; the full log is {}", elapsed(begun.elapsed()), log_path().display());
    println!("{}", tally.closing_line());
    Ok(if tally.succeeded() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn log_path() -> PathBuf {
    workspace::target().join("test.log")
}

fn check_cargo_component(arguments: &Arguments, components: &[guests::Guest], tally: &mut Tally) -> Result<()> {
    if arguments.cargo_component && !guests::has_cargo_component() {
        guests::install_cargo_component()?;
    }
    if guests::has_cargo_component() {
        tally.check("cargo component build", guests::check_with_cargo_component(components));
    } else {
        let hint = guests::cargo_component_hint();
        tally.skip(&format!("building the components with `cargo component`: not installed; run `{hint}`"));
    }
    Ok(())
}

/// Runs `cargo test`, showing headers, failures and results as they come.
fn run_tests(scope: &[String], guests_folder: &Path, peers: &[(&str, PathBuf)], tally: &mut Tally) -> Result<()> {
    fs::create_dir_all(workspace::target()).context("making the target folder")?;
    let mut log = File::create(log_path()).with_context(|| format!("writing {}", log_path().display()))?;
    let mut command = cargo("test");
    command.args(scope);
    // Passing tests keep their output to themselves unless asked, and with it why they were skipped.
    if !scope.iter().any(|argument| argument == "--") {
        command.args(["--no-fail-fast", "--", "--show-output"]);
    }
    command.env(GUESTS_FOLDER, guests_folder).env(SANDMILL, workspace::sandmill()).env("CARGO_TERM_COLOR", "never");
    command.envs(peers.iter().cloned());
    let status = process::lines(&mut command, true, |heard| {
        if let Heard::Line(line) = heard {
            // The log is a convenience; a full disk shows itself elsewhere.
            let _ = writeln!(log, "{line}");
            if tally.hear(line) == Shown::Yes {
                println!("{line}");
            }
        }
    })?;
    tally.end(status.success());
    Ok(())
}
