//! Where the scripts of Jupyter's clients lie, and the Python that has these clients.
//! Never a client of its own.

use std::path::{Path, PathBuf};

/// Where tests look for a Python that has Jupyter's clients; `cargo xtask test` makes one.
pub const PYTHON_VARIABLE: &str = "SANDMILL_JUPYTER_PYTHON";

/// A Python that has the clients; none, with the reason, where there is none.
///
/// # Errors
/// What to do to get one.
pub fn python() -> Result<PathBuf, String> {
    let path = std::env::var_os(PYTHON_VARIABLE).map(PathBuf::from).filter(|path| path.exists());
    path.ok_or_else(|| {
        format!("no Python with Jupyter's clients; `cargo xtask test` makes one, or set {PYTHON_VARIABLE}")
    })
}

/// Where tests look for the folder with the clients that run in Node; `cargo xtask test` fills it.
pub const NODE_VARIABLE: &str = "SANDMILL_JUPYTER_NODE";

/// The folder of the clients in Node; none, with the reason, where they are not installed.
///
/// # Errors
/// What to do to get them.
pub fn node_clients() -> Result<PathBuf, String> {
    let path = std::env::var_os(NODE_VARIABLE).map(PathBuf::from).filter(|path| path.join("node_modules").exists());
    path.ok_or_else(|| format!("no clients in Node; `cargo xtask test` installs them, or set {NODE_VARIABLE}"))
}

/// One of the scripts under `client/`.
#[must_use]
pub fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("client").join(name)
}
