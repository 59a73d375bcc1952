//! Finds the wasm files of components and test programs, and builds them where they are missing or old.
//! Never builds when `SANDMILL_GUESTS_DIR` names a folder where that has been done already.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// Where the guests lie when whoever runs the tests has built them all.
const FOLDER_VARIABLE: &str = "SANDMILL_GUESTS_DIR";
const TARGET: &str = "wasm32-wasip2";
const PROGRAMS: &str = "tests-programs";

/// The bytes of a component of this workspace, by its folder's name: `split-rows`.
///
/// # Panics
/// When it cannot be built or read.
#[must_use]
pub fn component(name: &str) -> Vec<u8> {
    read(&component_path(name))
}

/// The bytes of a component that is written in Python. None where it could not be built, because pip
/// could not fetch what it is made from; the caller says that it skips.
///
/// # Panics
/// When it was built and cannot be read.
#[must_use]
pub fn python_component(name: &str) -> Option<Vec<u8>> {
    python_component_path(name).map(|path| read(&path))
}

/// Where the file of a component lies that no test run builds; none where nobody has built it.
#[must_use]
pub fn optional_component_path(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os(FOLDER_VARIABLE).map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/guests").join(TARGET).join("guest")
    });
    let path = folder.join(format!("component_{}.wasm", name.replace('-', "_")));
    path.is_file().then_some(path)
}

/// Where that component's file lies, built if need be; none where it could not be built.
#[must_use]
pub fn python_component_path(name: &str) -> Option<PathBuf> {
    static BUILT: Mutex<()> = Mutex::new(());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let file = format!("component_{}.wasm", name.replace('-', "_"));
    let folder = std::env::var_os(FOLDER_VARIABLE).map(PathBuf::from);
    let path = folder.clone().unwrap_or_else(|| root.join("target/guests").join(TARGET).join("guest")).join(file);
    let _building = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if folder.is_none() && !path.is_file() {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        // What it cannot do it says itself, on stderr.
        let _ = cargo
            .current_dir(&root)
            .args(["run", "--quiet", "--package", "host-xtask", "--"])
            .args(["components", name])
            .status();
    }
    path.is_file().then_some(path)
}

/// Where that component's file lies, built if need be.
///
/// # Panics
/// When it cannot be built.
#[must_use]
pub fn component_path(name: &str) -> PathBuf {
    let package = format!("component-{name}");
    folder(&package, &[]).join(format!("{}.wasm", package.replace('-', "_")))
}

/// The bytes of a test program, by its file's name: `endless-loop`.
///
/// # Panics
/// When it cannot be built or read.
#[must_use]
pub fn program(name: &str) -> Vec<u8> {
    read(&program_path(name))
}

/// Where that program's file lies, built if need be: a command, else a component with typed functions.
///
/// # Panics
/// When it cannot be built.
#[must_use]
pub fn program_path(name: &str) -> PathBuf {
    let folder = folder(PROGRAMS, &["--bins", "--examples"]);
    let command = folder.join(format!("{name}.wasm"));
    if command.is_file() { command } else { folder.join("examples").join(format!("{}.wasm", name.replace('-', "_"))) }
}

/// The folder of built guests, with this package's among them.
fn folder(package: &str, kinds: &[&str]) -> PathBuf {
    if let Some(folder) = std::env::var_os(FOLDER_VARIABLE) {
        return folder.into();
    }
    static BUILT: Mutex<Option<HashSet<String>>> = Mutex::new(None);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = root.join("target/guests");
    // Held while building: two tests of one process must not both do it. Between processes, cargo's
    // own lock on the target folder does the same.
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if built.get_or_insert_default().insert(package.to_owned()) {
        build(&root, &target, package, kinds);
    }
    target.join(TARGET).join("guest")
}

fn build(root: &Path, target: &Path, package: &str, kinds: &[&str]) {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).args(["build", "--profile", "guest", "--target", TARGET, "--package", package]).args(kinds);
    // What `cargo test` was started with is meant for this machine's code, not for guests.
    cargo.arg("--target-dir").arg(target).env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    let status = cargo.status();
    assert!(
        matches!(&status, Ok(status) if status.success()),
        "`{cargo:?}` failed ({status:?}); the target comes with `rustup target add {TARGET}`, \
         or build the guests with `cargo xtask components --programs` and name their folder in {FOLDER_VARIABLE}"
    );
}

fn read(path: &Path) -> Vec<u8> {
    match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => panic!("guest {} cannot be read: {error}", path.display()),
    }
}
