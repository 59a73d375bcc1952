//! Products on a graphics adapter, and which share that is of the adapter's peak, measured by a kernel of nothing but
//! multiplications with additions.
//! Never takes a data sheet's word: the peak is what the same adapter does in the same run.

use std::time::Instant;

use anyhow::{Context, Result};
use host_base::Value;
use host_gpu::protocol::Command;
use host_gpu::{Backend, ComputeDevice, DeviceError, DeviceLimits, GuestDevices, WorkerProgram};
use serde_json::json;

use crate::figure::Figure;
use crate::guest::{Guest, worker_program};

const SAMPLES: usize = 5;
const PRODUCT_SIZE: u32 = 1024;
const PRODUCTS: u32 = 10;

/// Eight chains of four numbers, none of which waits for another; fewer rounds than software adapters stop at.
const KERNEL: &str = "
@group(0) @binding(0) var<storage, read_write> sums: array<f32>;
override ROUNDS: u32 = 1;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3<u32>) {
    let factor = vec4<f32>(0.999);
    let addend = vec4<f32>(f32(at.x));
    var a = addend; var b = addend + 1.0; var c = addend + 2.0; var d = addend + 3.0;
    var e = addend + 4.0; var f = addend + 5.0; var g = addend + 6.0; var h = addend + 7.0;
    for (var round = 0u; round < ROUNDS; round += 1u) {
        a = fma(a, factor, addend); b = fma(b, factor, addend); c = fma(c, factor, addend); d = fma(d, factor, addend);
        e = fma(e, factor, addend); f = fma(f, factor, addend); g = fma(g, factor, addend); h = fma(h, factor, addend);
    }
    sums[at.x] = dot(a + b + c + d + e + f + g + h, vec4<f32>(1.0));
}
";
const ROUNDS: u32 = 1024;
const GROUPS: u32 = 1024;
const GROUP_INVOCATIONS: u32 = 64;
/// A multiplication and an addition for each of four numbers of eight chains.
const ROUND_OPERATIONS: f64 = 2.0 * 4.0 * 8.0;

const LIMITS: DeviceLimits = DeviceLimits { memory_bytes_max: 1 << 30, submit_millis_max: 60_000 };
const OPERATIONS_PER_GIGA: f64 = 1e9;

/// Nothing where there is no adapter; one that is only software is measured like any other, and named.
pub async fn figures() -> Result<Vec<Figure>> {
    let program = worker_program(Backend::Gpu)?;
    let mut devices = GuestDevices::granted(program.clone(), LIMITS);
    let device = match ComputeDevice::open(&mut devices).await {
        Ok(device) => device,
        Err(DeviceError::Unsupported(reason)) => {
            eprintln!("measuring on no graphics adapter: {reason}");
            return Ok(Vec::new());
        }
        Err(error) => return Err(error).context("opening the graphics adapter"),
    };
    let adapter = device.description().adapter.clone();
    let peak = peak_gigaflops(&device).await.context("measuring the adapter's peak")?;
    let product = product_gigaflops(program).await?;
    eprintln!("measuring on the graphics adapter {adapter}");
    Ok(vec![
        Figure::plain("gpu-peak", peak, "GF/s"),
        Figure::plain("gpu-product-1024", product, "GF/s"),
        Figure::plain("gpu-product-1024-of-peak", 100.0 * product / peak, "%"),
    ])
}

async fn peak_gigaflops(device: &ComputeDevice) -> Result<f64> {
    let invocations = GROUPS * GROUP_INVOCATIONS;
    let buffer = device.create_buffer(u64::from(invocations) * 4).await?;
    let constants = vec![("ROUNDS".to_owned(), f64::from(ROUNDS))];
    let kernel = device.create_kernel(KERNEL, "main".to_owned(), constants).await?;
    let dispatch = || Command::Dispatch { kernel: kernel.id(), buffers: vec![buffer.id()], groups: [GROUPS, 1, 1] };
    let mut best = 0.0_f64;
    // The first one is also the compiler's.
    for round in 0..=SAMPLES {
        let begun = Instant::now();
        device.submit(vec![dispatch()]).await?;
        buffer.read(0, 4).await?;
        let operations = f64::from(invocations) * f64::from(ROUNDS) * ROUND_OPERATIONS;
        if round > 0 {
            best = best.max(operations / begun.elapsed().as_secs_f64() / OPERATIONS_PER_GIGA);
        }
    }
    Ok(best)
}

async fn product_gigaflops(program: WorkerProgram) -> Result<f64> {
    let guest = Guest::on(program, "tensors").await?;
    let operations = 2.0 * f64::from(PRODUCT_SIZE).powi(3) * f64::from(PRODUCTS);
    let mut best = 0.0_f64;
    for _ in 0..SAMPLES {
        let arguments = [json!(PRODUCT_SIZE), json!(PRODUCTS)].map(Value::Plain).to_vec();
        let seconds = guest.call("time-products", arguments).await?;
        let seconds = seconds.as_f64().context("no number of seconds")?;
        best = best.max(operations / seconds / OPERATIONS_PER_GIGA);
    }
    Ok(best)
}
