//! What a step may use up, every limit with its unit in the name.
//! Never enforces anything; the runtime does.

use serde::{Deserialize, Serialize};

/// One attempt's limits. Reaching one is a typed failure of that attempt that names the limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Limits {
    /// Linear memory of all the guest's instances together.
    pub memory_bytes_max: u64,
    /// Elements of all the guest's tables together.
    pub table_elements_max: u64,
    /// Core instances that one component may be made of.
    pub instances_max: u32,
    /// From start to end of the attempt, waiting included.
    pub wall_millis_max: u64,
    /// Ticks of 10 ms during which the guest was computing.
    pub cpu_ticks_max: u64,
    /// All artifacts and files that the attempt writes, together.
    pub output_bytes_max: u64,
    /// Log text that is kept; what comes after is counted and dropped.
    pub log_bytes_max: u64,
    /// Bytes that one call into the host may carry.
    pub host_call_bytes_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes_max: 1 << 30,
            table_elements_max: 200_000,
            instances_max: 64,
            wall_millis_max: 60 * 60 * 1000,
            cpu_ticks_max: 60 * 60 * 100,
            output_bytes_max: 4 << 30,
            log_bytes_max: 1 << 20,
            host_call_bytes_max: 8 << 20,
        }
    }
}
