//! The pipelines under `pipelines/`, written with the Python SDK; this machine's Python makes their documents.
//! Never holds a document of its own: what the SDK writes today is what is tested.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// This machine's Python, where it is one that the SDK works with; else the reason why not.
pub fn python() -> Result<PathBuf, String> {
    let check = "import sys; sys.exit(sys.version_info < (3, 11))";
    match Command::new("python3").args(["-c", check]).status() {
        Ok(status) if status.success() => Ok(PathBuf::from("python3")),
        Ok(_) => Err("python3 is older than 3.11, which the SDK needs".to_owned()),
        Err(error) => Err(format!("python3 cannot be run: {error}")),
    }
}

/// Runs Python in a folder of this workspace, with the SDK to be imported.
#[must_use]
pub fn run(python: &Path, folder: &str, arguments: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let made = Command::new(python)
        .arg("-B")
        .args(arguments)
        .current_dir(root.join(folder))
        .env("PYTHONPATH", root.join("sdk/python/src"))
        .output();
    made.unwrap_or_else(|error| panic!("{} cannot be run: {error}", python.display()))
}

/// The document that a pipeline of `pipelines/` comes to.
#[must_use]
pub fn document(python: &Path, file: &str, pipeline: &str) -> String {
    let made = run(python, "tests/python/pipelines", &[file, pipeline]);
    assert!(made.status.success(), "{file} {pipeline}: {}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8_lossy(&made.stdout).into_owned()
}
