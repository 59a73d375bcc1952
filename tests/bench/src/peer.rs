//! The peer programs, each run in the same session as what is compared with it.
//! Never installs one: `cargo xtask bench` makes them ready.

use std::env;
use std::ffi::{OsStr, OsString};
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

/// What `peers/torch_training.py` writes.
#[derive(Deserialize)]
struct TorchTraining {
    version: String,
    numpy_version: String,
    mlp_millis: f64,
    transformer_millis: f64,
    numpy_product_millis: f64,
}

/// What PyTorch and numpy take, in milliseconds for a step or a product.
pub struct PeerTraining {
    /// PyTorch with its version.
    pub name: String,
    /// numpy with its version.
    pub numpy: String,
    /// A step of the perceptron.
    pub mlp_millis: f64,
    /// A step of the transformer.
    pub transformer_millis: f64,
    /// A product of two matrices in numpy.
    pub numpy_product_millis: f64,
}

/// Trains the models of the training group in PyTorch; none where it is not there.
pub fn torch_training(mlp: u32, transformer: u32, size: u32, products: u32) -> Result<Option<PeerTraining>> {
    let Some(python) = env::var_os("SANDMILL_BENCH_TORCH") else {
        eprintln!("PyTorch is not there: run through `cargo xtask bench`, which installs it");
        return Ok(None);
    };
    let scratch = local_node::scratch()?;
    let result = scratch.path().join("result.json");
    let mut arguments: Vec<OsString> =
        [mlp, transformer, size, products].map(|number| number.to_string().into()).into();
    arguments.push(result.clone().into());
    run_with(&python, "torch_training.py", &arguments)?;
    let told: TorchTraining = serde_json::from_str(&read(&result)?).context("reading PyTorch's result")?;
    Ok(Some(PeerTraining {
        name: format!("PyTorch {}", told.version),
        numpy: format!("numpy {}", told.numpy_version),
        mlp_millis: told.mlp_millis,
        transformer_millis: told.transformer_millis,
        numpy_product_millis: told.numpy_product_millis,
    }))
}

/// What `peers/onnxruntime_inference.py` writes.
#[derive(Deserialize)]
struct OnnxruntimeInference {
    version: String,
    runs: Vec<PeerRun>,
}

/// A model, and what one run of it takes.
#[derive(Deserialize)]
pub struct PeerRun {
    /// The name of its file, without `.onnx`.
    pub name: String,
    /// Of its input, the batch first.
    pub shape: Vec<u64>,
    /// The median.
    pub millis: f64,
}

/// What onnxruntime takes for each model.
pub struct PeerInference {
    /// onnxruntime with its version.
    pub name: String,
    /// Each model with each batch.
    pub runs: Vec<PeerRun>,
}

/// Writes the models of the inference group to a folder and runs them in onnxruntime; none where it is not there.
pub fn onnxruntime_inference(runs: u32, folder: &Path) -> Result<Option<PeerInference>> {
    let Some(python) = env::var_os("SANDMILL_BENCH_ONNX") else {
        eprintln!("onnxruntime is not there: run through `cargo xtask bench`, which installs it");
        return Ok(None);
    };
    let result = folder.join("result.json");
    run_with(&python, "onnxruntime_inference.py", &[runs.to_string().into(), folder.into(), result.clone().into()])?;
    let told: OnnxruntimeInference = serde_json::from_str(&read(&result)?).context("reading onnxruntime's result")?;
    Ok(Some(PeerInference { name: format!("onnxruntime {}", told.version), runs: told.runs }))
}

/// In place of a server's address: Jupyter's own, with ipykernel.
pub const IPYKERNEL: &str = "ipykernel";

/// What `peers/notebook_session.py` writes.
#[derive(Deserialize)]
pub struct NotebookTimes {
    /// ipykernel's version, where it was that.
    pub version: String,
    /// From nothing to the first result, one sample a session.
    pub begun_millis: Vec<f64>,
    /// From a cell to everything that comes of it, one sample a cell.
    pub trip_millis: Vec<f64>,
    /// A loop in a cell.
    pub loop_millis: f64,
    /// The same loop in code that a cell compiles itself.
    pub unwatched_loop_millis: f64,
}

/// Times sessions of the server at an address; none where there is no Python with what the script needs.
pub fn notebook_session(url: &str, sessions: usize, cells: usize, turns: usize) -> Result<Option<NotebookTimes>> {
    let Some(python) = env::var_os("SANDMILL_BENCH_JUPYTER") else {
        eprintln!("Jupyter is not there: run through `cargo xtask bench`, which installs it");
        return Ok(None);
    };
    let scratch = local_node::scratch()?;
    let result = scratch.path().join("result.json");
    let mut arguments: Vec<OsString> = vec![url.into()];
    arguments.extend([sessions, cells, turns].map(|number| number.to_string().into()));
    arguments.push(result.clone().into());
    run_with(&python, "notebook_session.py", &arguments)?;
    serde_json::from_str(&read(&result)?).context("reading the times of sessions").map(Some)
}

/// Runs one of the scripts in `peers/`; false where kfp is not there.
fn run(script: &str, arguments: &[OsString]) -> Result<bool> {
    let Some(python) = env::var_os("SANDMILL_BENCH_PYTHON") else {
        eprintln!("kfp is not there: run through `cargo xtask bench`, which installs it");
        return Ok(false);
    };
    run_with(&python, script, arguments).map(|()| true)
}

fn run_with(python: &OsStr, script: &str, arguments: &[OsString]) -> Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers").join(script);
    let mut command = Command::new(python);
    command.arg("-W").arg("ignore").arg(path).args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
    let status = command.status().context("starting the peer's Python")?;
    if !status.success() {
        bail!("{script} ended with {status}");
    }
    Ok(())
}

fn read(result: &Path) -> Result<String> {
    std::fs::read_to_string(result).with_context(|| format!("reading {}", result.display()))
}
