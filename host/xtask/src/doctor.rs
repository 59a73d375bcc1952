//! What this machine has and lacks for the other tasks.
//! Never installs anything.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::{guests, packages, process};

/// Carries out `cargo xtask doctor`.
pub fn run() -> Result<ExitCode> {
    let rustc = process::capture(Command::new("rustc").arg("--version")).unwrap_or_default();
    say(!rustc.is_empty(), rustc.trim(), "Rust 1.95 or newer from https://rustup.rs");
    let sysroot = process::capture(Command::new("rustc").args(["--print", "sysroot"])).unwrap_or_default();
    let target = Path::new(sysroot.trim()).join("lib/rustlib/wasm32-wasip2").exists();
    say(target, "target wasm32-wasip2", "demo and test add it through rustup, or else from Debian's packages");
    say(packages::on_path("cc"), "a C compiler", "apt-get install build-essential");
    say(
        packages::on_path("docker-registry"),
        "docker-registry",
        "test installs it where it may; otherwise its tests are skipped",
    );
    say(guests::has_cargo_component(), "cargo component", &guests::cargo_component_hint());
    say(packages::on_path("npm"), "Node with npm", "install Node 20.19 or newer, for the console");
    say(packages::on_path("chromium"), "chromium", "test installs it where it may, for the console's tests");
    say(packages::on_path("python3"), "python3", "apt-get install python3 python3-venv, for the bench's peer");
    Ok(ExitCode::SUCCESS)
}

fn say(there: bool, what: &str, otherwise: &str) {
    if there {
        println!("have  {what}");
    } else {
        println!("lack  {what}: {otherwise}");
    }
}
