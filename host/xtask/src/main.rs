//! Project automation: demo, test, bench, fuzz, components, codegen, lint.
//! Nothing depends on it, and it never decides anything that the product needs at run time.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool for the terminal: stdout is data, stderr is talk"
)]

mod bench;
mod cargo;
mod codegen;
mod console;
mod debian;
mod demo;
mod doctor;
mod fuzz;
mod guests;
mod lint;
mod packages;
mod process;
mod progress;
mod python;
mod science;
mod test;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Everything this project automates. Run it as `cargo xtask COMMAND`.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds everything and runs the digits pipeline on a server of its own.
    Demo(demo::Arguments),
    /// Runs all tests; the last line says how many passed, failed and were skipped.
    Test(test::Arguments),
    /// Measures speed and memory, beside a peer where there is one.
    Bench(bench::Arguments),
    /// Tries parsers with bytes that nobody wrote, guided by coverage.
    Fuzz(fuzz::Arguments),
    /// Builds the components and prints where they are.
    Components(guests::Arguments),
    /// Makes the optional science kernel from a wheel of PyPI, and prints where it is.
    ScienceKernel,
    /// Writes the checked-in files that are generated from types, or checks them.
    Codegen(codegen::Arguments),
    /// Checks formatting and runs clippy, warnings being errors.
    Lint,
    /// Says what this machine has and lacks.
    Doctor,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = process::watch_signals().and_then(|()| match arguments.task {
        Task::Demo(arguments) => demo::run(&arguments),
        Task::Test(arguments) => test::run(&arguments),
        Task::Bench(arguments) => bench::run(&arguments),
        Task::Fuzz(arguments) => fuzz::run(&arguments),
        Task::Components(arguments) => guests::run(&arguments),
        Task::ScienceKernel => science::run(),
        Task::Codegen(arguments) => codegen::run(&arguments),
        Task::Lint => lint::run(),
        Task::Doctor => doctor::run(),
    });
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
