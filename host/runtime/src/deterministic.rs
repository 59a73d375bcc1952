//! Time and randomness for guests that were granted neither: the same in every run.
//! Never asks the machine for anything.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::SeedableRng;
use wasmtime_wasi::{HostMonotonicClock, HostWallClock, WasiCtxBuilder};

/// 2000-01-01T00:00:00Z. Any fixed point would do; this one is plainly not the present.
const START: Duration = Duration::from_secs(946_684_800);
/// How far time moves on each time it is read, so that loops that wait for time to pass come to an end.
const STEP: Duration = Duration::from_millis(1);
/// Changing a seed changes the results of every step that draws random numbers.
const SEED_SECURE: u64 = 0x5a4d_0001;
const SEED_INSECURE: u64 = 0x5a4d_0002;
const SEED_HASHES: u128 = 0x5a4d_0003;

/// Sets logical time and seeded randomness.
pub(crate) fn apply(wasi: &mut WasiCtxBuilder) {
    let clock = LogicalClock::default();
    wasi.wall_clock(clock.clone());
    wasi.monotonic_clock(clock);
    wasi.secure_random(ChaCha12Rng::seed_from_u64(SEED_SECURE));
    wasi.insecure_random(ChaCha12Rng::seed_from_u64(SEED_INSECURE));
    wasi.insecure_random_seed(SEED_HASHES);
}

/// Time that only moves on as it is read.
#[derive(Clone, Default)]
struct LogicalClock {
    reads: Arc<AtomicU64>,
}

impl LogicalClock {
    fn read(&self) -> Duration {
        let reads = self.reads.fetch_add(1, Ordering::Relaxed);
        STEP.saturating_mul(u32::try_from(reads).unwrap_or(u32::MAX))
    }
}

impl HostWallClock for LogicalClock {
    fn resolution(&self) -> Duration {
        STEP
    }

    fn now(&self) -> Duration {
        START + self.read()
    }
}

impl HostMonotonicClock for LogicalClock {
    fn resolution(&self) -> u64 {
        u64::try_from(STEP.as_nanos()).unwrap_or(u64::MAX)
    }

    fn now(&self) -> u64 {
        u64::try_from(self.read().as_nanos()).unwrap_or(u64::MAX)
    }
}
