//! The peer programs, each run in the same session as what is compared with it.
//! Never installs one: `cargo xtask bench` makes them ready.

use std::env;
use std::ffi::OsString;
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
    let scratch = local_node::scratch()?;
    let result = scratch.path().join("result.json");
    let root = scratch.path().join("pipeline-root");
    let mut arguments = vec![steps.to_string().into(), root.into(), result.clone().into()];
    arguments.extend(bare.then(|| "--bare".into()));
    if !run("kfp_chain.py", &arguments)? {
        return Ok(None);
    }
    let text = read(&result)?;
    let chain: KfpChain = serde_json::from_str(&text).context("reading kfp's result")?;
    let how = if bare { "bare" } else { "default" };
    Ok(Some(PeerSteps { name: format!("kfp.local {} {how}", chain.version), step_millis: chain.step_millis }))
}

/// What kfp's SDK compiles a chain of Python steps to, each of which computes a number of Fibonacci's; none where kfp
/// is not there.
pub fn kfp_fibonacci(steps: usize, n: u32) -> Result<Option<String>> {
    let scratch = local_node::scratch()?;
    let result = scratch.path().join("fibonacci.yaml");
    let made = run("kfp_fibonacci.py", &[steps.to_string().into(), n.to_string().into(), result.clone().into()])?;
    if made { read(&result).map(Some) } else { Ok(None) }
}

/// Runs one of the scripts in `peers/`; false where kfp is not there.
fn run(script: &str, arguments: &[OsString]) -> Result<bool> {
    let Some(python) = env::var_os("SANDMILL_BENCH_PYTHON") else {
        eprintln!("kfp is not there: run through `cargo xtask bench`, which installs it");
        return Ok(false);
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers").join(script);
    let mut command = Command::new(python);
    command.arg("-W").arg("ignore").arg(path).args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
    let status = command.status().context("starting kfp's Python")?;
    if !status.success() {
        bail!("{script} ended with {status}");
    }
    Ok(true)
}

fn read(result: &Path) -> Result<String> {
    std::fs::read_to_string(result).with_context(|| format!("reading {}", result.display()))
}
