//! Many steps at once: time to the durable end, and how much memory the whole node ever held.
//! Never shares its process with another group, or the memory would not be its own.

use anyhow::{Context, Result};

use crate::figure::Figure;
use crate::local_node::{LocalNode, document};

const STEPS: usize = 1_000;
const TARGET_SECONDS: f64 = 3.0;
const TARGET_MIB: f64 = 300.0;

/// One run, the guest's compilation included, as someone meets it who submits it for the first time.
pub async fn measure() -> Result<Vec<Figure>> {
    let node = LocalNode::start().await?;
    let took = node.run(&document(STEPS, false)).await?;
    node.stop().await;
    Ok(vec![
        Figure::against_target("fan-out", took.as_secs_f64(), "s", TARGET_SECONDS),
        Figure::against_target("fan-out-peak-memory", peak_memory_mib()?, "MiB", TARGET_MIB),
    ])
}

/// The most memory that this process ever had resident, in MiB.
fn peak_memory_mib() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status").context("reading /proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("the kernel tells no VmHWM")?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse().context("reading VmHWM")?;
    Ok(kib / 1024.0)
}
