//! How much of the machine this node takes, sampled while it runs and kept for an hour in memory.
//! Never keeps a sample anywhere else: whoever wants more history scrapes the node.

mod devices;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use host_base::Millis;
use host_gpu::{DevicesInUse, WorkerProgram};

use crate::Executor;
use crate::executor::Shared;
pub use devices::NodeDevices;

/// Between two samples.
const SAMPLE_SECONDS: u64 = 5;
/// An hour of them.
const SAMPLES_MAX: usize = 720;
/// Storage is measured once per this many samples.
const SAMPLES_PER_MEASURE: u64 = 6;
/// A folder of more files than this is measured in part, so that measuring never takes long.
const FILES_MEASURED_MAX: usize = 200_000;
/// What the kernel counts processor time in, for programs: a hundredth of a second on every architecture.
const TICKS_PER_SECOND: f64 = 100.0;

/// What the node was at, at one time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LoadSample {
    /// When.
    pub at_millis: Millis,
    /// Cores in use since the sample before.
    pub cores_used: f64,
    /// Memory that the process holds.
    pub memory_bytes: u64,
    /// Attempts under way.
    pub attempts_running: usize,
    /// Attempts that wait for their turn.
    pub attempts_waiting: usize,
    /// Runs at work.
    pub runs: usize,
    /// Devices that steps have open.
    pub devices: DevicesInUse,
}

/// The node's load.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeLoad {
    /// Attempts that may be under way at once.
    pub attempts_at_once_max: usize,
    /// Oldest first.
    pub samples: Vec<LoadSample>,
    /// Bytes by the place's name.
    pub storage: Vec<(String, u64)>,
    /// What steps' devices compute on.
    pub devices: NodeDevices,
}

/// What was sampled so far.
#[derive(Default)]
pub(crate) struct LoadHistory {
    kept: Mutex<Kept>,
    waiting: AtomicUsize,
    devices: Arc<devices::Devices>,
}

#[derive(Default)]
struct Kept {
    samples: VecDeque<LoadSample>,
    storage: Vec<(String, u64)>,
    /// Processor time at the sample before, and when that was.
    before: Option<(f64, Millis)>,
}

/// Counts an attempt that waits for its turn, for as long as it is held.
pub(crate) struct Waiting(Arc<Shared>);

impl Waiting {
    pub(crate) fn begin(shared: &Arc<Shared>) -> Self {
        shared.load.waiting.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(shared))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.load.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

impl LoadHistory {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        // Each change is one call, so that a panic cannot have left half of one.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Executor {
    /// Samples the load until the node stops. `places` are folders by the names that they are shown under, `worker`
    /// is what works as a device.
    pub fn watch_load(&self, places: Vec<(&'static str, PathBuf)>, worker: WorkerProgram) {
        self.shared.load.devices.are_of(worker);
        let shared = Arc::clone(&self.shared);
        let stopping = shared.stopping.clone();
        let watch = async move {
            for number in 0.. {
                if number % SAMPLES_PER_MEASURE == 0 {
                    measure(&shared, places.clone()).await;
                }
                sample(&shared).await;
                tokio::time::sleep(Duration::from_secs(SAMPLE_SECONDS)).await;
            }
        };
        self.shared.tasks.spawn(async move { stopping.run_until_cancelled(watch).await });
    }

    /// The load as it was sampled, and a sample of this moment.
    pub async fn load(&self) -> NodeLoad {
        sample(&self.shared).await;
        let devices = self.shared.load.devices.told(self.shared.config.policy.device_memory_bytes_max);
        let kept = self.shared.load.lock();
        NodeLoad {
            attempts_at_once_max: self.shared.config.attempts_at_once_max,
            samples: kept.samples.iter().copied().collect(),
            storage: kept.storage.clone(),
            devices,
        }
    }
}

async fn sample(shared: &Arc<Shared>) {
    let (seconds, memory_bytes) = tokio::task::spawn_blocking(of_this_process).await.unwrap_or_default();
    let at_millis = shared.clock.now_millis();
    let runs = shared.drives().len();
    let max = shared.config.attempts_at_once_max;
    let attempts_running = max.saturating_sub(shared.permits.available_permits());
    let attempts_waiting = shared.load.waiting.load(Ordering::Relaxed);
    let devices = shared.load.devices.in_use();
    let mut kept = shared.load.lock();
    let cores_used = match kept.before {
        Some((before, then)) if at_millis > then => {
            // Precise enough: an hour has few enough milliseconds for a float.
            #[expect(clippy::cast_precision_loss, reason = "differences of milliseconds are small")]
            let passed = (at_millis - then) as f64 / 1000.0;
            ((seconds - before) / passed).max(0.0)
        }
        _ => 0.0,
    };
    kept.before = Some((seconds, at_millis));
    kept.samples.push_back(LoadSample {
        at_millis,
        cores_used,
        memory_bytes,
        attempts_running,
        attempts_waiting,
        runs,
        devices,
    });
    while kept.samples.len() > SAMPLES_MAX {
        kept.samples.pop_front();
    }
}

async fn measure(shared: &Arc<Shared>, places: Vec<(&'static str, PathBuf)>) {
    let measured = tokio::task::spawn_blocking(move || {
        let mut files_left = FILES_MEASURED_MAX;
        places.into_iter().map(|(name, place)| (name.to_owned(), size(&place, &mut files_left))).collect()
    });
    if let Ok(storage) = measured.await {
        shared.load.lock().storage = storage;
    }
}

/// All files in a folder together. What goes away meanwhile counts nothing.
fn size(place: &Path, files_left: &mut usize) -> u64 {
    let Ok(entries) = std::fs::read_dir(place) else {
        return std::fs::metadata(place).map_or(0, |metadata| metadata.len());
    };
    let mut bytes = 0;
    for entry in entries.flatten() {
        if *files_left == 0 {
            break;
        }
        *files_left -= 1;
        bytes += match entry.file_type() {
            Ok(kind) if kind.is_dir() => size(&entry.path(), files_left),
            Ok(kind) if kind.is_file() => entry.metadata().map_or(0, |metadata| metadata.len()),
            _ => 0,
        };
    }
    bytes
}

/// Processor time in seconds and memory in bytes, as Linux tells them; nothing elsewhere.
fn of_this_process() -> (f64, u64) {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    (processor_seconds(&stat), memory_bytes(&status))
}

/// The fields behind the program's name, which may itself hold spaces and brackets.
fn processor_seconds(stat: &str) -> f64 {
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks = |field: Option<&str>| field.and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or(0.0);
    let mut fields = fields.split_ascii_whitespace().skip(11);
    (ticks(fields.next()) + ticks(fields.next())) / TICKS_PER_SECOND
}

fn memory_bytes(status: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_ascii_whitespace().next().and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) * 1024
}

#[cfg(test)]
mod tests;
