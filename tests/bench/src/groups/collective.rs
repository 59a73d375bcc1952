//! What workers do together: all-reduce over buffers of several sizes, beside copying on the same machine, how much of a
//! second worker's core a data-parallel step keeps, and what gradients cost on their way.
//! Never counts a worker's start: groups are formed and guests are warm before anything is measured.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};
use host_collective::{Buffer, Operation, Reduction, SameProcess};

use crate::figure::Figure;
use crate::local_node::LocalNode;
use crate::statistics::median;

/// Numbers in each worker's buffer: 64 KiB, 4 MiB, 64 MiB.
const ELEMENTS: [(usize, &str); 3] = [(16 << 10, "64KiB"), (1 << 20, "4MiB"), (16 << 20, "64MiB")];
const WORKERS: u32 = 2;
const WARM_UP: usize = 3;
const MEASURED: usize = 15;
const BYTES_PER_GIGABYTE: f64 = 1e9;

/// Rows of one step of the training that is measured: enough for the sums to be a small part of it.
const JOB: &str = "apiVersion: sandmill.dev/v1\nkind: TrainJob\nmetadata: {name: bench}\nspec:\n  \
                   component: programs/train-line:1\n  seed: 1\n  settings: {rows: 65536, batch: 65536, steps: 1000000}\n  \
                   stepsMax: 300\n  checkpoint: {everySteps: 1000000}\n  workers: ";

/// Two workers whose gradients, four megabytes of them, are averaged each step; which way they go stands at the end.
const TENSOR_JOB: &str = "apiVersion: sandmill.dev/v1\nkind: TrainJob\nmetadata: {name: bench}\nspec:\n  \
                          component: programs/train-tensors:1\n  seed: 1\n  stepsMax: 60\n  workers: 2\n  \
                          checkpoint: {everySteps: 1000000}\n  grants: {device: {memory: 1GiB}}\n  \
                          settings: {width: 1024, through-guest: ";

/// Bandwidth first, then efficiency.
pub async fn measure() -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for (elements, size) in ELEMENTS {
        let copying = copy_bandwidth(elements);
        let reducing = all_reduce_bandwidth(elements).await?;
        figures.push(Figure::plain(&format!("memcpy-{size}"), copying, "GB/s"));
        figures.push(Figure::plain(&format!("all-reduce-{size}-busbw-of-2"), reducing, "GB/s"));
        figures.push(Figure::plain(&format!("all-reduce-{size}-of-memcpy"), 100.0 * reducing / copying, "%"));
    }
    let one = step_millis(&format!("{JOB}1\n")).await?;
    let two = step_millis(&format!("{JOB}2\n")).await?;
    figures.push(Figure::plain("train-step-1-worker", one, "ms"));
    figures.push(Figure::plain("train-step-2-workers", two, "ms"));
    // The same batch by twice the workers takes half the time at best.
    figures.push(Figure::plain("data-parallel-efficiency-of-2", 100.0 * one / (2.0 * two), "%"));
    let through_guest = step_millis(&format!("{TENSOR_JOB}true}}\n")).await?;
    let on_host = step_millis(&format!("{TENSOR_JOB}false}}\n")).await?;
    figures.push(Figure::beside("gradients-4MiB-step-of-2", on_host, "ms", "through the guest", through_guest));
    Ok(figures)
}

/// Bytes copied a second by one core, from one buffer into another.
fn copy_bandwidth(elements: usize) -> f64 {
    let source = vec![1.0f32; elements];
    let mut target = vec![0.0f32; elements];
    let mut samples = Vec::new();
    for round in 0..WARM_UP + MEASURED {
        let begun = Instant::now();
        target.copy_from_slice(black_box(&source));
        black_box(&mut target);
        if round >= WARM_UP {
            samples.push(gigabytes_a_second(elements, 1.0, begun.elapsed()));
        }
    }
    median(&samples)
}

/// The bus bandwidth of all-reduce, S/t × 2(n−1)/n, as NCCL's tests count it.
async fn all_reduce_bandwidth(elements: usize) -> Result<f64> {
    let group = SameProcess::group(WORKERS, 1, 60_000);
    let workers: Vec<_> = (0..WORKERS)
        .map(|rank| {
            let group = group.clone();
            tokio::spawn(async move {
                let buffer = Arc::new(Buffer::of(&vec![rank as f32 + 0.5; elements]));
                let mut samples = Vec::new();
                for round in 0..WARM_UP + MEASURED {
                    group.run(rank, Operation::Barrier).await?;
                    let begun = Instant::now();
                    let (buffer, reduction) = (buffer.clone(), Reduction::Mean);
                    group.run(rank, Operation::AllReduce { buffer, reduction }).await?;
                    if round >= WARM_UP {
                        let share = 2.0 * f64::from(WORKERS - 1) / f64::from(WORKERS);
                        samples.push(gigabytes_a_second(elements, share, begun.elapsed()));
                    }
                }
                Ok::<_, host_collective::CollectiveError>(median(&samples))
            })
        })
        .collect();
    let mut slowest = f64::INFINITY;
    for worker in workers {
        slowest = slowest.min(worker.await.context("a worker of the group")??);
    }
    Ok(slowest)
}

#[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
fn gigabytes_a_second(elements: usize, share: f64, took: Duration) -> f64 {
    (elements * size_of::<f32>()) as f64 * share / took.as_secs_f64() / BYTES_PER_GIGABYTE
}

/// Milliseconds of one step of a job, from its first step to its last.
async fn step_millis(document: &str) -> Result<f64> {
    let node = LocalNode::start().await?;
    for program in ["train-line", "train-tensors"] {
        node.push(&format!("programs/{program}:1"), program).await?;
    }
    let executor = node.executor();
    let given = host_node::Given::default();
    let told = |failures: Vec<host_base::Failure>| anyhow!("the job was refused: {failures:?}");
    let job = executor.submit_job(document, given, None, None).await.map_err(told)?;
    while executor.job_record(&job).await?.finished_at_millis.is_none() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let points = executor.metrics(&job, 0, 10_000).await?;
    let times: Vec<(u64, u64)> =
        points.iter().filter(|point| point.step == "worker-0").map(|point| (point.index, point.at_millis)).collect();
    node.stop().await;
    let (Some((first, begun)), Some((last, ended))) = (times.first(), times.last()) else {
        bail!("the job measured nothing: {document}");
    };
    #[expect(clippy::cast_precision_loss, reason = "a few hundred steps and seconds")]
    Ok((ended - begun) as f64 / (last - first) as f64)
}
