//! Cargo as a child: builds with a count of crates.
//! Never changes what cargo would do by itself.

use std::collections::BTreeSet;
use std::process::Command;

use anyhow::{Result, bail};
use serde::Deserialize;

use crate::process::{self, Heard};
use crate::progress::Progress;
use crate::workspace;

/// `cargo SUBCOMMAND`, run in the checkout's root.
pub fn cargo(subcommand: &str) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(workspace::root()).arg(subcommand);
    // Set for this program by `cargo run`; they describe this crate and would confuse a build script
    // that looks for its own.
    for name in ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_PKG_NAME", "CARGO_PKG_VERSION"] {
        command.env_remove(name);
    }
    command
}

/// One line of cargo's `--message-format=json`.
#[derive(Deserialize)]
struct Message {
    reason: String,
    package_id: Option<String>,
    fresh: Option<bool>,
}

/// Runs a `cargo build`, `cargo test --no-run` or the like, showing how many crates are done.
/// `tree` are the arguments that make `cargo tree` list the same crates; `tail` goes behind `--`.
pub fn build(label: &str, mut command: Command, tree: &[&str], tail: &[&str]) -> Result<()> {
    let total = count_crates(tree);
    command.args(["--quiet", "--message-format=json-render-diagnostics"]);
    if !tail.is_empty() {
        command.arg("--").args(tail);
    }
    let mut progress = Progress::begin(label);
    let (mut done, mut compiled) = (BTreeSet::new(), BTreeSet::new());
    let status = process::lines(&mut command, false, |heard| {
        if let Heard::Line(line) = heard
            && let Ok(message) = serde_json::from_str::<Message>(line)
            && message.reason == "compiler-artifact"
            && let Some(package) = message.package_id
        {
            if message.fresh == Some(false) {
                compiled.insert(package.clone());
            }
            done.insert(package);
        }
        match total {
            _ if done.is_empty() => progress.tick("waiting for cargo; another build may be using the target folder"),
            Some(total) => progress.tick(&format!("{} of {} crates", done.len(), total.max(done.len()))),
            None => progress.tick(&format!("{} crates", done.len())),
        }
    })?;
    if !status.success() {
        progress.end("failed");
        bail!("`{}` ended with {status}", process::shown(&command));
    }
    progress.end(&format!("{} crates, {} of them compiled now", done.len(), compiled.len()));
    Ok(())
}

/// How many crates a build will go through; none where cargo does not say.
fn count_crates(tree: &[&str]) -> Option<usize> {
    let mut command = cargo("tree");
    command.args(["--prefix", "none", "--quiet", "--format", "{p}"]).args(tree);
    let text = process::capture(&mut command).ok()?;
    let crates: BTreeSet<&str> =
        text.lines().map(|line| line.trim_end_matches(" (*)")).filter(|line| !line.is_empty()).collect();
    Some(crates.len())
}
