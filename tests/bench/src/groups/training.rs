//! Training through the tensor interface, beside the same Burn program run natively and beside PyTorch.
//! Never compares other models, batches or threads: the native program is the same source, PyTorch's the same layers.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use host_artifacts::Artifacts;
use host_base::{Limits, Value};
use host_cap_tensor::TensorCapability;
use host_gpu::{Backend, WorkerProgram};
use host_runtime::call::{CallRequest, CallTarget, Lent, StepContext};
use host_runtime::{Capability, PreparedComponent, Sandbox, SandboxConfig};
use registry_cas::MemoryBlobs;
use registry_oci::Digest;
use sdk_spec::{ByteSize, DeviceGrant, Grants};
use serde_json::{Value as Json, json};
use tests_kit::RecordingObserver;
use tests_programs::training;
use tokio_util::sync::CancellationToken;

use crate::figure::Figure;
use crate::local_node::scratch;
use crate::peer;
use crate::statistics::median;

const SAMPLES: usize = 5;
const MLP_STEPS: u32 = 60;
const TRANSFORMER_STEPS: u32 = 20;
const PRODUCT_SIZE: u32 = 1024;
const PRODUCTS: u32 = 20;
const CONTENT_BYTES: u32 = 64 << 20;
const ROUND_TRIPS: u32 = 4;

/// The boundary may cost a tenth of a training step.
const STEP_SHARE_MIN: f64 = 1.0 / 1.1;
/// Of the same product natively, of PyTorch's steps, of memcpy's speed.
const PRODUCT_SHARE_MIN: f64 = 0.9;
const TORCH_SHARE_MIN: f64 = 0.8;
const MEMCPY_SHARE_MIN: f64 = 0.8;

const MILLIS: f64 = 1e3;

/// The sandbox, and in it the timed programs.
struct Guest {
    sandbox: Arc<Sandbox>,
    component: Arc<PreparedComponent>,
    bytes: Vec<u8>,
}

/// In milliseconds each: a step or a product, in the sandbox and natively.
struct Pair {
    guest: f64,
    native: f64,
}

/// Ours and the native program in turn, so that both see the same machine; then the peers.
pub async fn measure() -> Result<Vec<Figure>> {
    let guest = Guest::new().await?;
    let mlp = guest.pair("time-mlp", &[json!(MLP_STEPS)], MLP_STEPS, || training::mlp(MLP_STEPS)).await?;
    let transformer = guest
        .pair("time-transformer", &[json!(TRANSFORMER_STEPS)], TRANSFORMER_STEPS, || {
            training::transformer(TRANSFORMER_STEPS)
        })
        .await?;
    let arguments = [json!(PRODUCT_SIZE), json!(PRODUCTS)];
    let product = guest
        .pair("time-products", &arguments, PRODUCTS, || training::products(PRODUCT_SIZE as usize, PRODUCTS))
        .await?;
    let mut figures = vec![
        Figure::beside("training-mlp-step", mlp.guest, "ms", "native Burn", mlp.native).at_least(STEP_SHARE_MIN),
        Figure::beside("training-transformer-step", transformer.guest, "ms", "native Burn", transformer.native)
            .at_least(STEP_SHARE_MIN),
        Figure::beside("product-1024", product.guest, "ms", "native Burn", product.native).at_least(PRODUCT_SHARE_MIN),
        Figure::plain("product-1024-gflops", 2.0 * f64::from(PRODUCT_SIZE).powi(3) / product.guest / 1e6, "GF/s"),
    ];
    figures.extend(guest.round_trips().await?);
    figures.push(Figure::plain("device-open", guest.open_millis().await?, "ms"));
    if let Some(torch) = peer::torch_training(MLP_STEPS, TRANSFORMER_STEPS, PRODUCT_SIZE, PRODUCTS)? {
        let beside = |name: &str, own: f64, peer: f64| {
            Figure::beside(name, own, "ms", &torch.name, peer).at_least(TORCH_SHARE_MIN)
        };
        figures.push(beside("training-mlp-step-vs-torch", mlp.guest, torch.mlp_millis));
        figures.push(beside("training-transformer-vs-torch", transformer.guest, torch.transformer_millis));
        figures.push(Figure::beside(
            "product-1024-vs-numpy",
            product.guest,
            "ms",
            &torch.numpy,
            torch.numpy_product_millis,
        ));
    }
    Ok(figures)
}

impl Guest {
    async fn new() -> Result<Self> {
        let folder = scratch()?.keep();
        let program = std::env::var_os("SANDMILL_BIN").map(PathBuf::from).context("SANDMILL_BIN names no binary")?;
        let worker = WorkerProgram::new(program, Backend::Cpu);
        let capabilities: Vec<Arc<dyn Capability>> = vec![
            Arc::new(host_cap_data::DataCapability),
            Arc::new(host_cap_step::StepCapability),
            Arc::new(TensorCapability::new(worker, 60_000)),
            Arc::new(host_cap_wasi::WasiCapability::new(host_cap_wasi::http::HttpLimits::default(), &[])?),
        ];
        let artifacts = Artifacts::new(Arc::new(MemoryBlobs::new(1 << 20)));
        let sandbox = Sandbox::new(SandboxConfig::under(folder), artifacts, capabilities)?;
        let bytes = tests_kit::guests::program("tensors");
        let load = bytes.clone();
        let component = sandbox.prepare(&Digest::sha256(&bytes), || async { Ok(load) }).await?;
        Ok(Self { sandbox, component, bytes })
    }

    async fn call(&self, function: &str, arguments: &[Json]) -> Result<Json> {
        let interface = host_runtime::interface::interface(&self.bytes)?;
        let signature = interface.function(function).with_context(|| format!("there is no `{function}`"))?.clone();
        let arguments = arguments.iter().cloned().map(Value::Plain).collect();
        let request = CallRequest {
            target: CallTarget::Function { signature, arguments },
            grants: Grants {
                clock: true,
                device: Some(DeviceGrant { memory: ByteSize(1 << 30) }),
                ..Grants::default()
            },
            limits: Limits::default(),
            context: StepContext { run: "bench".into(), pipeline: "bench".into(), step: function.into(), attempt: 1 },
            lent: Lent::default(),
        };
        let observer = Arc::new(RecordingObserver::default());
        let report = self.sandbox.call(&self.component, request, observer, CancellationToken::new()).await;
        match report.outcome?.remove("output") {
            Some(Value::Plain(json)) => Ok(json),
            other => bail!("`{function}` gave {other:?}"),
        }
    }

    async fn pair(&self, function: &str, arguments: &[Json], times: u32, native: impl Fn() -> f64) -> Result<Pair> {
        let (mut guest, mut natively) = (Vec::new(), Vec::new());
        for _ in 0..SAMPLES {
            let seconds = self.call(function, arguments).await?.as_f64().context("no number of seconds")?;
            guest.push(seconds * MILLIS / f64::from(times));
            natively.push(native() * MILLIS / f64::from(times));
        }
        Ok(Pair { guest: median(&guest), native: median(&natively) })
    }

    /// A content up and down, beside memcpy into memory that is as new.
    async fn round_trips(&self) -> Result<Vec<Figure>> {
        let arguments = [json!(CONTENT_BYTES), json!(ROUND_TRIPS)];
        let (mut up, mut down, mut copied) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..SAMPLES {
            let seconds = self.call("time-round-trips", &arguments).await?;
            let seconds: (f64, f64) = serde_json::from_value(seconds).context("no two numbers of seconds")?;
            up.push(seconds.0 * MILLIS / f64::from(ROUND_TRIPS));
            down.push(seconds.1 * MILLIS / f64::from(ROUND_TRIPS));
            copied.push(memcpy_millis(CONTENT_BYTES as usize));
        }
        let memcpy = median(&copied);
        let beside =
            |name: &str, own: f64| Figure::beside(name, own, "ms", "memcpy", memcpy).at_least(MEMCPY_SHARE_MIN);
        Ok(vec![beside("upload-64-MiB", median(&up)), beside("read-back-64-MiB", median(&down))])
    }

    /// From opening a device to the first number read from it.
    async fn open_millis(&self) -> Result<f64> {
        let mut samples = Vec::new();
        for _ in 0..SAMPLES {
            let begun = Instant::now();
            self.call("time-products", &[json!(2), json!(1)]).await?;
            samples.push(begun.elapsed().as_secs_f64() * MILLIS);
        }
        Ok(median(&samples))
    }
}

fn memcpy_millis(bytes: usize) -> f64 {
    let content = vec![1_u8; bytes];
    let mut copies = Vec::new();
    for _ in 0..ROUND_TRIPS {
        let begun = Instant::now();
        let copy = std::hint::black_box(content.clone());
        copies.push(begun.elapsed().as_secs_f64() * MILLIS);
        drop(copy);
    }
    median(&copies)
}
