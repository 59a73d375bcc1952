//! The `sandmill` binary, built if need be.
//! Never takes one that lies around elsewhere on the machine.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

static BUILT: OnceLock<PathBuf> = OnceLock::new();

/// The binary of this tree. `SANDMILL_BIN` names one that is built already; otherwise cargo brings it
/// up to date once per process.
///
/// # Panics
/// When it cannot be built: no test could go on.
#[must_use]
pub fn path() -> &'static Path {
    BUILT.get_or_init(|| match std::env::var_os("SANDMILL_BIN") {
        Some(path) => PathBuf::from(path),
        None => build(),
    })
}

fn build() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // The whole workspace is selected, so that features are those of the tests and nothing is built twice.
    let status = cargo.current_dir(&root).args(["build", "--quiet", "--workspace", "--bin", "sandmill"]).status();
    assert!(matches!(&status, Ok(status) if status.success()), "`{cargo:?}` failed: {status:?}");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    target.join("debug").join(format!("sandmill{}", std::env::consts::EXE_SUFFIX))
}
