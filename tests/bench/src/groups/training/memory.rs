//! Resident memory of this process and of the processes that it started, sampled while something is done.
//! Never below what was there at any sample.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};

const BETWEEN_SAMPLES: Duration = Duration::from_millis(1);
const KIB_PER_MIB: f64 = 1024.0;
/// Workers of what was done before are waited for this long.
const END_SECONDS_MAX: u64 = 10;

/// The most that was resident while `work` was done, in MiB, and what came of it. Processes of what was done before are
/// waited for: they end behind their guests' backs, and their memory is not this work's.
pub async fn peak_while<T>(work: impl Future<Output = T>) -> Result<(f64, T)> {
    let waited = Instant::now();
    while !children()?.is_empty() {
        ensure!(waited.elapsed().as_secs() < END_SECONDS_MAX, "a device's worker outlives its guest");
        tokio::time::sleep(BETWEEN_SAMPLES).await;
    }
    let done = Arc::new(AtomicBool::new(false));
    let ended = done.clone();
    let sampling = std::thread::spawn(move || -> Result<f64> {
        let mut most = 0.0_f64;
        while !ended.load(Ordering::Relaxed) {
            most = most.max(family_mib()?);
            std::thread::sleep(BETWEEN_SAMPLES);
        }
        Ok(most)
    });
    let came = work.await;
    done.store(true, Ordering::Relaxed);
    let most = sampling.join().map_err(|_| anyhow!("the sampling thread panicked"))??;
    Ok((most, came))
}

/// What this process has, and the most that each of its children has had: they are this work's own, and a short peak
/// of one may lie between two samples.
fn family_mib() -> Result<f64> {
    let own = resident_mib("self", "VmRSS:").context("this process has no resident memory")?;
    // One may have ended meanwhile.
    let begun = children()?.into_iter().filter(|child| has_begun(child));
    Ok(own + begun.filter_map(|child| resident_mib(&child, "VmHWM:")).sum::<f64>())
}

/// Whether a child is its own program by now. Until then it has this process's memory, which would be counted twice.
fn has_begun(child: &str) -> bool {
    let program = |process: &str| std::fs::read_link(format!("/proc/{process}/exe")).ok();
    program(child).is_some_and(|program_of_child| Some(program_of_child) != program("self"))
}

fn children() -> Result<Vec<String>> {
    let mut found = Vec::new();
    for thread in std::fs::read_dir("/proc/self/task").context("reading /proc/self/task")? {
        // A thread may have ended meanwhile.
        let Ok(thread) = thread else { continue };
        let children = std::fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        found.extend(children.split_whitespace().map(str::to_owned));
    }
    Ok(found)
}

fn resident_mib(process: &str, which: &str) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(which))?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib / KIB_PER_MIB)
}
