//! The peer programs, each run in the same session as what is compared with it.
//! Never installs one: `cargo xtask bench` makes them ready.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::local_node;

/// What `peers/kfp_chain.py` writes.
#[derive(Deserialize)]
struct KfpChain {
    version: String,
    step_millis: Vec<f64>,
}

/// A peer's name with its version, and what each step took in milliseconds.
pub struct PeerSteps {
    /// For people.
    pub name: String,
    /// One sample a step.
    pub step_millis: Vec<f64>,
}

/// Runs a chain under `kfp.local`; none where kfp is not there. `bare` leaves out what kfp does by
/// default before each step.
pub fn kfp_chain(steps: usize, bare: bool) -> Result<Option<PeerSteps>> {
    let Some(python) = env::var_os("SANDMILL_BENCH_PYTHON") else {
        eprintln!("kfp is not there: run through `cargo xtask bench`, which installs it");
        return Ok(None);
    };
    let scratch = local_node::scratch()?;
    let result = scratch.path().join("result.json");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/kfp_chain.py");
    let mut command = Command::new(python);
    command
        .arg("-W")
        .arg("ignore")
        .arg(script)
        .arg(steps.to_string())
        .arg(scratch.path().join("pipeline-root"))
        .arg(&result);
    if bare {
        command.arg("--bare");
    }
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status().context("starting kfp's Python")?;
    if !status.success() {
        bail!("kfp's chain ended with {status}");
    }
    let text = std::fs::read_to_string(&result).with_context(|| format!("reading {}", result.display()))?;
    let chain: KfpChain = serde_json::from_str(&text).context("reading kfp's result")?;
    let how = if bare { "bare" } else { "default" };
    Ok(Some(PeerSteps { name: format!("kfp.local {} {how}", chain.version), step_millis: chain.step_millis }))
}
