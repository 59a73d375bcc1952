//! A Python step in the sandbox, warm, as kfp compiles one and with types: a fresh guest, its folders, the function, its
//! outputs.
//! Never counts compiling CPython, which happens once per node and ahead of the first step.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use host_artifacts::Artifacts;
use host_base::Limits;
use host_gpu::Backend;
use host_runtime::call::{CallRequest, CallTarget, Lent, StepContext};
use host_runtime::{Capability, CommandCall, FileContent, InputFile, OutputFile, OutputKind, Sandbox, SandboxConfig};
use registry_cas::FolderBlobs;
use registry_oci::Digest;
use sdk_spec::Grants;
use serde_json::json;
use tests_kit::RecordingObserver;
use tokio_util::sync::CancellationToken;

use crate::figure::Figure;
use crate::guest::{SUBMIT_MILLIS_MAX, worker_program};
use crate::local_node::scratch;
use crate::peer::{self, PeerSteps};
use crate::statistics::{median, millis, percentile};

const SAMPLES: usize = 40;
/// At most this, in the middle of all samples.
const TARGET_MILLIS: f64 = 50.0;
/// How many times slower the peer must be.
const PEER_FACTOR: f64 = 30.0;
const PEER_STEPS: usize = 10;

/// What the stock SDK compiles a function to that takes a number and returns its successor.
const SOURCE: &str = "
import kfp
from kfp import dsl
from kfp.dsl import *
from typing import *

def successor(number: int) -> int:
    return number + 1
";
const EXECUTOR_OUTPUT: &str = "/minio/bucket/run/executor_output.json";

/// Ours, then the peer's.
pub async fn measure() -> Result<Vec<Figure>> {
    let Some(component) = tests_kit::guests::python_component("run-python") else {
        eprintln!("run-python is not there: `cargo xtask components run-python` says why");
        return Ok(Vec::new());
    };
    let [own, typed] = own_steps(component).await?;
    let p50 = median(&own);
    let mut figures = vec![
        Figure::against_target("python-step-warm", p50, "ms", TARGET_MILLIS),
        Figure::plain("python-step-warm-p99", percentile(&own, 99), "ms"),
        // The same function with types of its own, beside the way through kfp.
        Figure::beside("python-step-typed", median(&typed), "ms", "the same through kfp", p50),
        Figure::plain("python-step-typed-p99", percentile(&typed, 99), "ms"),
    ];
    // Without a virtual environment per step: as kfp's manual writes components, and then with everything left out
    // that can be, which is the quickest way that kfp has.
    if let Some(PeerSteps { name, step_millis }) = peer::kfp_chain(PEER_STEPS, false)? {
        let figure = Figure::beside("python-step-vs-kfp", p50, "ms", &name, median(&step_millis));
        figures.push(figure.at_least(PEER_FACTOR));
    }
    if let Some(PeerSteps { name, step_millis }) = peer::kfp_chain(PEER_STEPS, true)? {
        figures.push(Figure::beside("python-step-vs-kfp-bare", p50, "ms", &name, median(&step_millis)));
    }
    Ok(figures)
}

/// Samples of the function as kfp compiles it, and of the same with types: in turns, so that neither has the quieter
/// machine.
async fn own_steps(component: Vec<u8>) -> Result<[Vec<f64>; 2]> {
    let folder = scratch()?;
    let blobs = Arc::new(FolderBlobs::open(&folder.path().join("blobs")).await?);
    let capabilities: Vec<Arc<dyn Capability>> = vec![
        Arc::new(host_cap_data::DataCapability),
        Arc::new(host_cap_device::DeviceCapability::new(worker_program(Backend::Cpu)?, SUBMIT_MILLIS_MAX)),
        Arc::new(host_cap_kernel::KernelCapability),
        Arc::new(host_cap_platform::PlatformCapability),
        Arc::new(host_cap_step::StepCapability),
        Arc::new(host_cap_wasi::WasiCapability::new(host_cap_wasi::http::HttpLimits::default(), &[])?),
    ];
    // As a node's steps have it.
    let places = SandboxConfig::for_steps_under(folder.path());
    let sandbox = Sandbox::new(places, Artifacts::new(blobs), capabilities)?;
    let digest = Digest::sha256(&component);
    let prepared = sandbox.prepare(&digest, || async { Ok(component) }).await?;
    let mut samples = [Vec::new(), Vec::new()];
    for _ in 0..=SAMPLES {
        for (samples, call) in samples.iter_mut().zip([kfp_call(), typed_call()]) {
            let begun = Instant::now();
            let observer = Arc::new(RecordingObserver::default());
            let report = sandbox.call(&prepared, request(call), observer, CancellationToken::new()).await;
            report.outcome?;
            samples.push(millis(begun.elapsed()));
        }
    }
    // The first ones map the image into memory.
    for samples in &mut samples {
        samples.remove(0);
    }
    Ok(samples)
}

/// As an attempt at a function with types is laid out.
fn typed_call() -> CommandCall {
    let call = json!({
        "function": "successor",
        "source": "def successor(number: int) -> int:\n    return number + 1\n",
        "arguments": { "number": { "value": 41 } },
        "results": { "output": "/outputs/output" },
        "single": true,
    });
    let report = "/step/report.json";
    let output =
        OutputFile { guest_path: report.to_owned(), kind: OutputKind::Text { bytes_max: 1 << 20 }, required: true };
    CommandCall {
        argv: ["run-python", "step", "/step/call.json", report].map(str::to_owned).into(),
        files: vec![InputFile {
            guest_path: "/step/call.json".to_owned(),
            content: FileContent::Text(call.to_string()),
        }],
        writable: ["/", "/tmp", "/outputs"].map(str::to_owned).into(),
        outputs: BTreeMap::from([("output".to_owned(), output)]),
        ..CommandCall::default()
    }
}

fn kfp_call() -> CommandCall {
    let executor_input = json!({
        "inputs": {"parameterValues": {"number": 41}},
        "outputs": {
            "parameters": {"Output": {"outputFile": "/tmp/kfp/outputs/Output"}},
            "outputFile": EXECUTOR_OUTPUT,
        },
    });
    let argv =
        ["run-python", "kfp", "--function_to_execute", "successor", "--executor_input", &executor_input.to_string()];
    let output = OutputFile {
        guest_path: EXECUTOR_OUTPUT.to_owned(),
        kind: OutputKind::Text { bytes_max: 1 << 20 },
        required: true,
    };
    CommandCall {
        argv: argv.map(str::to_owned).into(),
        files: vec![InputFile {
            guest_path: "/tmp/kfp/source.py".to_owned(),
            content: FileContent::Text(SOURCE.to_owned()),
        }],
        writable: vec!["/".to_owned()],
        outputs: BTreeMap::from([("output".to_owned(), output)]),
        ..CommandCall::default()
    }
}

fn request(call: CommandCall) -> CallRequest {
    CallRequest {
        target: CallTarget::Command(call),
        grants: Grants::default(),
        limits: Limits::default(),
        context: StepContext { run: "bench".into(), pipeline: "bench".into(), step: "python".into(), attempt: 1 },
        lent: Lent::default(),
    }
}
