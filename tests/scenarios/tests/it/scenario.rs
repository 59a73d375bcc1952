//! What a scenario folder says: `pipeline.yaml` is submitted, `expect.yaml` tells what must come of it.
//! Never runs anything.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use host_base::{Failure, Value};
use serde::Deserialize;

/// A folder with a pipeline and what must come of it.
pub(crate) struct Scenario {
    pub(crate) name: String,
    pub(crate) document: String,
    pub(crate) expect: Expect,
}

/// `expect.yaml`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Expect {
    /// Plain parameters of the run.
    #[serde(default)]
    pub(crate) parameters: BTreeMap<String, serde_json::Value>,
    /// The submission is refused with just these problems, in any order.
    #[serde(default)]
    pub(crate) refused: Vec<Problem>,
    /// How the run ends.
    pub(crate) status: Option<String>,
    /// Cancel the run once this step runs.
    pub(crate) cancel_once_running: Option<String>,
    /// How steps end. Steps that are not named are not looked at.
    #[serde(default)]
    pub(crate) steps: BTreeMap<String, StepExpect>,
    /// What the run's log must hold, anywhere.
    #[serde(default)]
    pub(crate) log_says: Vec<String>,
}

/// A failure that must come.
#[derive(Deserialize, Debug)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Problem {
    pub(crate) code: String,
    /// Texts that message and hint together must hold.
    #[serde(default)]
    pub(crate) says: Vec<String>,
}

/// How a step must end.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct StepExpect {
    pub(crate) status: String,
    pub(crate) attempts: Option<u32>,
    pub(crate) failure: Option<Problem>,
    /// Plain outputs.
    #[serde(default)]
    pub(crate) outputs: BTreeMap<String, serde_json::Value>,
}

impl Problem {
    pub(crate) fn matches(&self, failure: &Failure) -> bool {
        let text = format!("{} {}", failure.message, failure.hint.as_deref().unwrap_or_default());
        failure.code.as_str() == self.code && self.says.iter().all(|part| text.contains(part.as_str()))
    }
}

impl Scenario {
    /// All folders beside `tests/` that hold a `pipeline.yaml` and an `expect.yaml`.
    pub(crate) fn all() -> Vec<Self> {
        let room = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut folders: Vec<PathBuf> = std::fs::read_dir(room).unwrap().map(|entry| entry.unwrap().path()).collect();
        let is_scenario =
            |folder: &PathBuf| ["pipeline.yaml", "expect.yaml"].iter().all(|file| folder.join(file).exists());
        folders.retain(is_scenario);
        folders.sort();
        folders.iter().map(|folder| Self::read(folder)).collect()
    }

    fn read(folder: &Path) -> Self {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let document = std::fs::read_to_string(folder.join("pipeline.yaml")).unwrap();
        let expect = std::fs::read_to_string(folder.join("expect.yaml")).unwrap();
        let expect: Expect =
            serde_saphyr::from_str(&expect).unwrap_or_else(|error| panic!("{name}/expect.yaml: {error}"));
        let says_one = expect.refused.is_empty() != expect.status.is_none();
        assert!(says_one, "{name}/expect.yaml must say either `refused` or `status`");
        Self { name, document, expect }
    }

    pub(crate) fn parameters(&self) -> BTreeMap<String, Value> {
        self.expect.parameters.iter().map(|(name, value)| (name.clone(), Value::Plain(value.clone()))).collect()
    }
}
