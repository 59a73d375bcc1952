//! `sandmill component build`: cargo, for the wasm target, with what came out named.
//! Never builds in a way that plain cargo would not.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use host_base::{Code, Failure};
use registry_oci::Digest;
use serde::Deserialize;
use serde_json::json;

use crate::commands::wit::fetch::fetch_missing;
use crate::format;
use crate::printer::Printer;
use crate::settings::Settings;
use crate::trouble::{Outcome, Trouble};

/// What components are compiled for.
const TARGET: &str = "wasm32-wasip2";

/// A line of cargo's messages, as far as it is read.
#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    filenames: Vec<PathBuf>,
    #[serde(default)]
    package_id: String,
}

/// Builds, and prints each component's path, size and digest.
pub async fn build(folder: &Path, profile: &str, settings: &Settings, printer: &Printer) -> Outcome {
    if !folder.join("Cargo.toml").is_file() {
        return Err(Trouble::usage(
            format!("{} has no Cargo.toml", folder.display()),
            "name the folder of a component, or make one with `sandmill component new NAME`",
        ));
    }
    check_target(folder)?;
    let wit = folder.join("wit");
    if wit.is_dir() {
        fetch_missing(&wit, None, settings).await?;
    }
    let files = cargo_build(folder, profile, printer)?;
    let mut objects = Vec::new();
    let mut lines = Vec::new();
    for path in files {
        let bytes = std::fs::read(&path).map_err(|error| Trouble::unreadable(&path, &error))?;
        host_runtime::interface::interface(&bytes)?;
        let digest = Digest::sha256(&bytes);
        lines.push(format!("{}  {}  {digest}", path.display(), format::bytes(bytes.len() as u64)));
        objects.push(json!({ "path": path, "sizeBytes": bytes.len(), "digest": digest }));
    }
    printer.either(&json!({ "components": objects }), || lines.join("\n"))
}

/// The toolchain that is chosen in the crate's folder has to know the target.
fn check_target(folder: &Path) -> Outcome {
    let mut rustc = Command::new("rustc");
    rustc.current_dir(folder).args(["--print", "target-libdir", "--target", TARGET]);
    let output = rustc.output().map_err(|error| {
        Trouble::usage(format!("rustc cannot be started: {error}"), "install Rust from https://rustup.rs")
    })?;
    let libraries = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    if output.status.success() && libraries.is_dir() {
        return Ok(());
    }
    Err(Trouble::usage(
        format!("this Rust toolchain cannot build for {TARGET}"),
        format!("add the target with `rustup target add {TARGET}`, then build again"),
    ))
}

/// Cargo shows its own progress on stderr; what it made is read from its messages.
fn cargo_build(folder: &Path, profile: &str, printer: &Printer) -> Outcome<Vec<PathBuf>> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(folder).args(["build", "--target", TARGET, "--profile", profile]);
    cargo.arg("--message-format=json-render-diagnostics").stdout(Stdio::piped());
    if printer.quiet {
        cargo.arg("--quiet");
    }
    let cannot = |error: std::io::Error| {
        Trouble::usage(format!("cargo cannot be run: {error}"), "install Rust from https://rustup.rs")
    };
    let mut child = cargo.spawn().map_err(cannot)?;
    let mut made: Vec<(String, PathBuf)> = Vec::new();
    for line in child.stdout.take().map(|stdout| BufReader::new(stdout).lines()).into_iter().flatten() {
        // A line that is no message is a build script's own talk.
        let Ok(message) = serde_json::from_str::<Message>(&line.map_err(cannot)?) else { continue };
        if message.reason == "compiler-artifact" {
            let wasm = message.filenames.into_iter().filter(|path| path.extension().is_some_and(|end| end == "wasm"));
            made.extend(wasm.map(|path| (message.package_id.clone(), path)));
        }
    }
    let status = child.wait().map_err(cannot)?;
    if !status.success() {
        return Err(Failure::new(Code::BadRequest, "cargo could not build the component; it says why above")
            .with_hint("mend the code, then build again")
            .into());
    }
    // A path dependency that is a component of its own comes before the crate that was asked for.
    made.dedup_by(|left, right| left == right);
    if made.is_empty() {
        return Err(Failure::new(Code::NotAComponent, format!("{} builds no component", folder.display()))
            .with_hint("set `crate-type = [\"cdylib\"]` under [lib] in its Cargo.toml, or give it a program")
            .into());
    }
    Ok(made.into_iter().map(|(_, path)| path).collect())
}
