//! The pipelines under `pipelines/`, compiled by the stock SDK when tests ask for them.
//! Never holds a compiled file of its own: what the SDK writes today is what is tested.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::Value as Json;

/// Where tests look for a Python that has `kfp` and `kfp-kubernetes`; `cargo xtask test` makes one.
pub const PYTHON_VARIABLE: &str = "SANDMILL_KFP_PYTHON";

/// One pipeline of `pipelines/`, and what a run of it must show. `pipelines/cases.py` says what each means.
#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    /// The pipeline's name.
    #[serde(skip)]
    pub name: String,
    /// What the SDK wrote.
    #[serde(skip)]
    pub compiled: String,
    /// What the run is given.
    pub parameters: BTreeMap<String, Json>,
    /// How the run ends, in the API's words.
    pub state: String,
    /// The pipeline's own outputs.
    pub outputs: BTreeMap<String, Json>,
    /// How single tasks end, by path.
    pub states: BTreeMap<String, String>,
    /// Pairs of which the first ends before the second starts.
    pub order: Vec<(String, String)>,
    /// Parts of the refusal, where there is to be one.
    pub refused: Option<Vec<String>>,
}

/// A Python that has the SDK; none, with the reason, where there is none.
pub fn python() -> Result<PathBuf, String> {
    let path = match std::env::var_os(PYTHON_VARIABLE) {
        Some(path) => PathBuf::from(path),
        None => workspace().join("target/kfp/venv/bin/python"),
    };
    if path.exists() {
        return Ok(path);
    }
    Err(format!("no Python with kfp at {}; `cargo xtask test` makes one, or set {PYTHON_VARIABLE}", path.display()))
}

/// All cases, compiled once per test binary; none, with the reason, where the SDK is not there.
pub fn cases() -> Result<&'static [Case], &'static str> {
    static CASES: OnceLock<Result<Vec<Case>, String>> = OnceLock::new();
    CASES.get_or_init(compile).as_deref().map_err(String::as_str)
}

/// Says on stderr why a test is left out.
pub fn skip(reason: &str) {
    // Where stderr is closed, nobody reads the reason.
    let _ = writeln!(std::io::stderr(), "skipped: {reason}");
}

/// Where the compiled cases lie, `NAME.yaml` and `NAME.json` for each.
#[must_use]
pub fn compiled_folder() -> PathBuf {
    workspace().join("target/kfp/compiled")
}

fn compile() -> Result<Vec<Case>, String> {
    let python = python()?;
    let pipelines = workspace().join("tests/kfp/pipelines");
    let folder = compiled_folder();
    // A case that is gone must not be found from an earlier time.
    let _ = std::fs::remove_dir_all(&folder);
    let made = Command::new(&python)
        .args(["-B", "-W", "ignore", "compile.py"])
        .arg(&folder)
        .current_dir(&pipelines)
        .output()
        .unwrap_or_else(|error| panic!("{} cannot be run: {error}", python.display()));
    assert!(made.status.success(), "the SDK failed: {}", String::from_utf8_lossy(&made.stderr));
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    Ok(files.iter().map(|path| read(path)).collect())
}

fn read(expectation: &Path) -> Case {
    let text =
        |path: &Path| std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let case: Case =
        serde_json::from_str(&text(expectation)).unwrap_or_else(|error| panic!("{}: {error}", expectation.display()));
    let name = expectation.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Case { name, compiled: text(&expectation.with_extension("yaml")), ..case }
}

fn workspace() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}
