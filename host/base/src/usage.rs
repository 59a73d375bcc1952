//! What one attempt used of its limits.
//! Never decides anything.

use serde::{Deserialize, Serialize};

/// Measured by the runtime, kept with the attempt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Usage {
    /// From start to end of the guest call, in microseconds.
    pub wall_micros: u64,
    /// Ticks of 10 ms during which the guest was computing.
    pub cpu_ticks: u64,
    /// Most linear memory held at once.
    pub memory_bytes_peak: u64,
    /// Artifacts and files written.
    pub output_bytes: u64,
    /// Log text kept.
    pub log_bytes: u64,
    /// Log messages dropped past the limit.
    pub log_messages_dropped: u64,
}
