//! A component whose compiled code is on disk, in an engine that has never seen it.
//! Never compiles while the clock runs.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use host_artifacts::Artifacts;
use host_base::{Failure, Limits};
use host_runtime::call::{CallRequest, CallTarget, Lent, LogStream, StepContext, StepObserver};
use host_runtime::{Capability, Sandbox, SandboxConfig};
use registry_cas::FolderBlobs;
use registry_oci::{Algorithm, Digest, Hasher};
use sdk_spec::Grants;
use tokio_util::sync::CancellationToken;

use crate::figure::Figure;
use crate::local_node::scratch;
use crate::statistics::{median, millis};

const SAMPLES: usize = 30;
const TARGET_MILLIS: f64 = 5.0;

/// Hears nothing: a no-op says nothing.
struct Deaf;

impl StepObserver for Deaf {
    fn log(&self, _: LogStream, _: &str) {}
    fn progress(&self, _: u64, _: Option<u64>, _: &str) {}
    fn metric(&self, _: &str, _: u64, _: f64) {}
}

/// A new engine per sample, so that only the disk remembers the component.
pub async fn measure() -> Result<Vec<Figure>> {
    let folder = scratch()?;
    let bytes = tests_kit::guests::program("noop");
    let mut hasher = Hasher::new(Algorithm::Sha256);
    hasher.update(&bytes);
    let digest = hasher.finish();
    // Compiles, and leaves the code on disk.
    first_result(folder.path(), &digest, Some(&bytes)).await?;

    let (mut engines, mut results) = (Vec::new(), Vec::new());
    for _ in 0..SAMPLES {
        let (engine, result) = first_result(folder.path(), &digest, None).await?;
        engines.push(millis(engine));
        results.push(millis(result));
    }
    Ok(vec![
        Figure::against_target("cold-start", median(&results), "ms", TARGET_MILLIS),
        Figure::plain("cold-start-engine", median(&engines), "ms"),
    ])
}

/// How long the engine took to be built, and then the component from disk to its result.
async fn first_result(folder: &Path, digest: &Digest, bytes: Option<&[u8]>) -> Result<(Duration, Duration)> {
    let blobs = Arc::new(FolderBlobs::open(&folder.join("blobs")).await?);
    let bytes = bytes.map(<[u8]>::to_vec);
    let begun = Instant::now();
    let capabilities: Vec<Arc<dyn Capability>> = vec![
        Arc::new(host_cap_data::DataCapability),
        Arc::new(host_cap_step::StepCapability),
        Arc::new(host_cap_wasi::WasiCapability::new(host_cap_wasi::http::HttpLimits::default(), &[])?),
    ];
    let sandbox = Sandbox::new(SandboxConfig::under(folder), Artifacts::new(blobs), capabilities)?;
    let engine = begun.elapsed();

    let begun = Instant::now();
    let load = || async move { bytes.ok_or_else(not_cached) };
    let component = sandbox.prepare(digest, load).await?;
    let report = sandbox.call(&component, request()?, Arc::new(Deaf), CancellationToken::new()).await;
    report.outcome?;
    Ok((engine, begun.elapsed()))
}

fn not_cached() -> Failure {
    Failure::new(host_base::Code::Internal, "the compiled code was not on disk")
}

fn request() -> Result<CallRequest> {
    let interface = host_runtime::interface::interface(&tests_kit::guests::program("noop"))?;
    let signature = interface.functions.into_iter().next().context("the no-op guest exports no function")?;
    Ok(CallRequest {
        target: CallTarget::Function { signature, arguments: Vec::new() },
        grants: Grants::default(),
        limits: Limits::default(),
        context: StepContext { run: "bench".into(), pipeline: "bench".into(), step: "noop".into(), attempt: 1 },
        lent: Lent::default(),
    })
}
