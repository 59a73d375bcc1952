//! What can be chosen about a sandbox.
//! Never holds a part of it: settings are data, the sandbox is built from them.

use std::path::PathBuf;

/// Memory that the place of a step keeps for the next one: room for the image that CPython begins with.
const STEP_RESIDENT_BYTES_MAX: usize = 40 << 20;

/// Settings of one sandbox.
#[derive(Clone, Debug)]
pub struct SandboxConfig {
    /// Where compiled code is kept. Belongs to this program alone and is made readable by it alone.
    pub code_cache_folder: PathBuf,
    /// Compiled code kept on disk; past that the files unused for longest are deleted.
    pub code_cache_bytes_max: u64,
    /// Where commands find their folders while they run. What an earlier process left here is deleted.
    pub scratch_folder: PathBuf,
    /// Guests that the instance pool has room for at once. Where the address space is too small for
    /// the pool, memory is mapped for each guest anew and this has no meaning.
    pub pool_instances_max: u32,
    /// Bytes of memory that a place in the pool keeps from guest to guest, put back as they were. Guests that begin with
    /// a large image, as CPython does, then cause no page faults; each place that was ever taken keeps as much.
    pub pool_resident_bytes_max: usize,
    /// Components kept ready in memory; past that the one unused for longest is forgotten.
    pub prepared_components_max: usize,
    /// Components compiled at once; each compilation uses all cores.
    pub compilations_at_once_max: usize,
}

impl SandboxConfig {
    /// The defaults, with both folders under `folder`.
    #[must_use]
    pub fn under(folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        Self {
            code_cache_folder: folder.join("code"),
            code_cache_bytes_max: 4 << 30,
            scratch_folder: folder.join("scratch"),
            pool_instances_max: 500,
            pool_resident_bytes_max: 2 << 20,
            prepared_components_max: 256,
            compilations_at_once_max: 2,
        }
    }

    /// As [`SandboxConfig::under`], for guests that begin again and again in the same few places.
    #[must_use]
    pub fn for_steps_under(folder: impl Into<PathBuf>) -> Self {
        Self { pool_resident_bytes_max: STEP_RESIDENT_BYTES_MAX, ..Self::under(folder) }
    }
}
