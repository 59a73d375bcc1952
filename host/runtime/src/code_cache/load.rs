//! Turns compiled code from the cache into a component: the one unsafe act of the sandbox.
//! Never called with bytes that this program did not write and hash itself.

#![expect(unsafe_code, reason = "wasmtime cannot check machine code, so loading it is unsafe by nature")]

use std::path::Path;

use wasmtime::Engine;
use wasmtime::component::Component;

/// Above this, mapping the file lazily is quicker than copying it.
const MAPPED_BYTES_MIN: usize = 4 << 20;

/// Loads compiled code. `code` is the file's content, whose hash the caller has checked.
pub(super) fn load(engine: &Engine, file: &Path, code: &[u8]) -> wasmtime::Result<Component> {
    if code.len() < MAPPED_BYTES_MIN {
        // SAFETY: `code` hashes to what this program noted when it compiled the component with this
        // engine's own compiler; wasmtime itself refuses code of another version or other settings.
        unsafe { Component::deserialize(engine, code) }
    } else {
        // SAFETY: as above. The folder is mode 0700 and this program replaces files only by renaming,
        // so the mapped file stays the one whose content was checked a moment ago.
        unsafe { Component::deserialize_file(engine, file) }
    }
}
