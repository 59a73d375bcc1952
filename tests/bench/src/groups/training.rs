//! Training through the tensor interface, beside the same Burn program run natively and beside PyTorch.
//! Never compares other models, batches or threads: the native program is the same source, PyTorch's the same layers.

mod gpu;
mod memory;

use std::time::Instant;

use anyhow::{Context, Result, bail};
use host_base::Value;
use serde_json::{Value as Json, json};
use tests_programs::training;

use crate::figure::Figure;
use crate::guest::Guest;
use crate::peer;
use crate::statistics::median;

const SAMPLES: usize = 5;
const MLP_STEPS: u32 = 60;
const TRANSFORMER_STEPS: u32 = 20;
const PRODUCT_SIZE: u32 = 1024;
const PRODUCTS: u32 = 20;
const CONTENT_BYTES: u32 = 64 << 20;
const ROUND_TRIPS: u32 = 4;
/// Steps whose losses are compared bit by bit, and tensors of a mebibyte that are held.
const REPEATED_STEPS: u32 = 40;
const HELD_TENSORS: u32 = 256;

/// The boundary may cost a tenth of a training step.
const STEP_SHARE_MIN: f64 = 1.0 / 1.1;
/// Of the same product natively, of PyTorch's steps, of memcpy's speed.
const PRODUCT_SHARE_MIN: f64 = 0.9;
const TORCH_SHARE_MIN: f64 = 0.8;
const MEMCPY_SHARE_MIN: f64 = 0.8;
/// Of what tensors take, the share of what holding them takes.
const HELD_SHARE_MIN: f64 = 0.9;

const MILLIS: f64 = 1e3;

/// The timed programs, in the sandbox.
struct Timed(Guest);

/// In milliseconds each: a step or a product, in the sandbox and natively.
struct Pair {
    guest: f64,
    native: f64,
}

/// Ours and the native program in turn, so that both see the same machine; then the peers.
pub async fn measure() -> Result<Vec<Figure>> {
    let guest = Timed(Guest::new("tensors").await?);
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
    figures.push(guest.repeated().await?);
    figures.push(guest.held().await?);
    figures.push(Figure::plain("device-open", guest.open_millis().await?, "ms"));
    figures.extend(gpu::figures().await?);
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

impl Timed {
    async fn call(&self, function: &str, arguments: &[Json]) -> Result<Json> {
        self.0.call(function, arguments.iter().cloned().map(Value::Plain).collect()).await
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

    /// How many losses differ between two trainings from one seed.
    async fn repeated(&self) -> Result<Figure> {
        let arguments = [json!(REPEATED_STEPS), json!(1)];
        let (first, second) = (self.call("train", &arguments).await?, self.call("train", &arguments).await?);
        let losses = |told: &Json| told.as_array().map(Vec::len);
        if losses(&first) != Some(REPEATED_STEPS as usize) || losses(&second) != losses(&first) {
            bail!("a training of {REPEATED_STEPS} steps told other losses: {first} and {second}");
        }
        let pairs = first.as_array().into_iter().flatten().zip(second.as_array().into_iter().flatten());
        let differing = pairs.filter(|(first, second)| first != second).count();
        #[expect(clippy::cast_precision_loss, reason = "a few dozen")]
        let differing = differing as f64;
        Ok(Figure::against_target("losses-that-differ-of-40", differing, "", 0.0))
    }

    /// By how much the node's and its workers' memory grows while tensors are held, beside what these take.
    async fn held(&self) -> Result<Figure> {
        let (one, more) = ([json!(1)], [json!(1 + HELD_TENSORS)]);
        self.call("hoard", &one).await?;
        let (few, told) = memory::peak_while(self.call("hoard", &one)).await?;
        told?;
        let (many, told) = memory::peak_while(self.call("hoard", &more)).await?;
        told?;
        let tensors = f64::from(HELD_TENSORS);
        if many - few < tensors / 2.0 {
            bail!("{tensors} MiB of tensors took {:.0} MiB: the device's worker was not seen", many - few);
        }
        Ok(Figure::beside("memory-of-256-MiB-held", many - few, "MiB", "tensors", tensors).at_least(HELD_SHARE_MIN))
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
