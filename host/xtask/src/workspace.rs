//! Where things are in this checkout.
//! Never creates anything.

use std::env;
use std::path::PathBuf;

/// The checkout's root.
pub fn root() -> PathBuf {
    // Set by `cargo run`; the compiled-in folder serves a binary that was started by hand.
    let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let manifest = PathBuf::from(manifest);
    manifest.ancestors().nth(2).map_or_else(|| manifest.clone(), PathBuf::from)
}

/// Cargo's target folder.
pub fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// Where guests are built: apart from the host, so that neither waits for the other's lock.
pub fn guests_target() -> PathBuf {
    target().join("guests")
}

/// The one binary, as the demo and the tests use it.
pub fn sandmill() -> PathBuf {
    target().join("debug/sandmill")
}
