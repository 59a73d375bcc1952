//! Parsers under libFuzzer, guided by coverage, with the stable compiler's own instruments.
//! Never part of the tests: those try a fixed number of inputs, this goes on as long as it is told.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::cargo::{build, cargo};
use crate::process::{self, Heard};
use crate::workspace;

/// How code tells libFuzzer which edges it takes and what it compares.
const INSTRUMENTS: &str = "-Cpasses=sancov-module -Ccodegen-units=1 -Cdebug-assertions=on --cfg fuzzing \
    -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares";
/// An input that takes longer is a find of its own.
const INPUT_SECONDS_MAX: u32 = 10;
/// Memory of one parser.
const MEMORY_MIB_MAX: u32 = 2048;

/// Which parsers, and how long.
#[derive(clap::Args)]
pub struct Arguments {
    /// Parsers by name (`manifest`, `reference`, …); all when none is named.
    names: Vec<String>,
    /// Seconds for each of them.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

/// Carries out `cargo xtask fuzz`.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let version = process::capture(Command::new("rustc").args(["--version", "--verbose"]))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    let target = workspace::target().join("fuzz");
    let mut command = cargo("build");
    // With a target named, build scripts and macros are built without the instruments.
    command.args(["--package", "tests-fuzz", "--features", "coverage", "--bin", "fuzz", "--target", host]);
    command.arg("--target-dir").arg(&target).env("RUSTFLAGS", INSTRUMENTS);
    build("build the fuzzer", command, &["--package", "tests-fuzz", "--features", "coverage"], &[])?;
    let program = target.join(host).join("debug/fuzz");
    let names = if arguments.names.is_empty() { all_names()? } else { arguments.names.clone() };
    let mut found = Vec::new();
    for name in &names {
        if !fuzz(&program, &target, name, arguments.seconds)? {
            found.push(name.as_str());
        }
    }
    match found.as_slice() {
        [] => println!("{} parsers, {} s each: nothing found", names.len(), arguments.seconds),
        found => bail!("found something in {}; the inputs are under {}", found.join(", "), target.display()),
    }
    Ok(ExitCode::SUCCESS)
}

/// The names as the table of parsers has them.
fn all_names() -> Result<Vec<String>> {
    let table = workspace::root().join("tests/fuzz/src/lib.rs");
    let text = std::fs::read_to_string(&table).with_context(|| format!("reading {}", table.display()))?;
    let names = text.lines().filter_map(|line| line.trim().strip_prefix("Target { name: \"")?.split('"').next());
    Ok(names.map(str::to_owned).collect())
}

/// Whether the time passed without a find.
fn fuzz(program: &Path, target: &Path, name: &str, seconds: u32) -> Result<bool> {
    let (corpus, finds) = (target.join("corpus").join(name), target.join("finds").join(name));
    for folder in [&corpus, &finds] {
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    }
    let mut command = Command::new(program);
    command.arg(&corpus).env("SANDMILL_FUZZ_TARGET", name);
    command.arg(format!("-artifact_prefix={}/", finds.display()));
    command.args([
        format!("-max_total_time={seconds}"),
        format!("-timeout={INPUT_SECONDS_MAX}"),
        format!("-rss_limit_mb={MEMORY_MIB_MAX}"),
        "-print_final_stats=1".to_owned(),
    ]);
    eprintln!("== {name}");
    let status = process::lines(&mut command, true, |heard| {
        if let Heard::Line(line) = heard
            && (line.contains("stat::number_of_executed_units") || line.contains("panicked") || line.contains("ERROR"))
        {
            eprintln!("{line}");
        }
    })?;
    Ok(status.success())
}
