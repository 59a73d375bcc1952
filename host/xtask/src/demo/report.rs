//! What came out of the demo, read from the server's JSON and told to people and programs.
//! Never talks to the server.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::server::Addresses;

/// The step whose accuracy counts: it scores rows that neither the training nor the test split held.
const EVALUATION: &str = "evaluate";

/// One run, as far as the demo tells of it.
#[derive(Debug)]
pub struct Run {
    /// Its id.
    pub id: String,
    /// How it ended.
    pub state: String,
    steps: Vec<Step>,
    /// Each step's outputs, in the order of `steps`.
    outputs: Vec<Option<Value>>,
}

/// One step of the `--json` report.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
struct Step {
    name: String,
    state: String,
    millis: u64,
    cached: bool,
}

/// What the server's JSON says of a step, as far as it is read here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ShownStep {
    name: String,
    status: String,
    reused: bool,
    started_at_millis: Option<u64>,
    finished_at_millis: Option<u64>,
    outputs: Option<Value>,
}

/// What the server's JSON says of a run.
#[derive(Deserialize)]
struct ShownRun {
    id: String,
    status: String,
    steps: Vec<ShownStep>,
}

impl Run {
    /// Reads `sandmill run show --json`.
    pub fn from_json(text: &str) -> Result<Self> {
        let mut shown: ShownRun = serde_json::from_str(text).context("reading `sandmill run show --json`")?;
        // In the order of work, which is also the order to read them in.
        shown.steps.sort_by_key(|step| step.finished_at_millis);
        let steps = shown.steps.iter().map(ShownStep::to_step).collect();
        let outputs = shown.steps.into_iter().map(|step| step.outputs).collect();
        Ok(Self { id: shown.id, state: shown.status, steps, outputs })
    }

    /// What the evaluation found on the validation set.
    pub fn accuracy(&self) -> Result<f64> {
        let evaluation = self.steps.iter().zip(&self.outputs).find(|(step, _)| step.name == EVALUATION);
        let accuracy = evaluation.and_then(|(_, outputs)| outputs.as_ref()?["accuracy"]["plain"].as_f64());
        accuracy.with_context(|| format!("run {} {}: its step `{EVALUATION}` found no accuracy", self.id, self.state))
    }

    /// Digest of the last artifact of this media type that a step made.
    pub fn artifact_of_media_type(&self, media_type: &str) -> Option<&str> {
        self.outputs.iter().rev().flatten().find_map(|outputs| find_digest(outputs, media_type))
    }
}

impl ShownStep {
    fn to_step(&self) -> Step {
        let millis = match (self.started_at_millis, self.finished_at_millis) {
            (Some(started), Some(finished)) => finished.saturating_sub(started),
            _ => 0,
        };
        Step { name: self.name.clone(), state: self.status.clone(), millis, cached: self.reused }
    }
}

/// Looks for an artifact of this media type among a step's outputs.
fn find_digest<'a>(outputs: &'a Value, media_type: &str) -> Option<&'a str> {
    let artifacts = outputs.as_object()?.values().filter_map(|output| output.get("artifact"));
    // A media type may have parameters behind a semicolon.
    let is_wanted = |artifact: &&Value| {
        artifact["mediaType"]
            .as_str()
            .and_then(|text| text.split(';').next())
            .is_some_and(|text| text.trim() == media_type)
    };
    artifacts.into_iter().find(is_wanted)?["digest"].as_str()
}

/// The run's id in what `sandmill pipeline run --watch --json` said; the last line tells of the whole run.
pub fn run_id(text: &str) -> Result<String> {
    let value: Value = serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(text.trim_end().lines().next_back().unwrap_or_default()))
        .context("reading `sandmill pipeline run --json`")?;
    let id = ["id", "run"].iter().find_map(|key| value.get(key).and_then(Value::as_str));
    Ok(id.with_context(|| format!("`sandmill pipeline run --json` names no run: {text}"))?.to_owned())
}

/// Everything there is to tell.
pub struct Outcome {
    /// The run with the first validation set.
    pub first: Run,
    /// The run with the other one.
    pub second: Run,
    /// What the evaluation of the first run found.
    pub accuracy: f64,
    /// What the evaluation of the second run found.
    pub second_accuracy: f64,
    /// Where the first run's HTML report is.
    pub report: PathBuf,
}

impl Outcome {
    /// One object for programs.
    pub fn to_json(&self) -> Value {
        let told = |run: &Run, accuracy: f64| json!({ "run": run.id, "state": run.state, "steps": run.steps, "accuracy": accuracy });
        let mut value = told(&self.first, self.accuracy);
        value["second"] = told(&self.second, self.second_accuracy);
        value["report"] = json!(self.report);
        value
    }

    /// A few lines for people.
    pub fn print(&self, addresses: &Addresses, took: &str) {
        println!();
        print_run("first run", &self.first, self.accuracy);
        print_run("second run, another validation set", &self.second, self.second_accuracy);
        println!("report    {}", self.report.display());
        println!("server    {}", addresses.server);
        println!("registry  {}", addresses.registry);
        println!("took      {took}");
    }
}

fn print_run(title: &str, run: &Run, accuracy: f64) {
    println!("{title}: {} {}", run.id, run.state);
    let width = run.steps.iter().map(|step| step.name.len()).max().unwrap_or(0);
    for step in &run.steps {
        let cached = if step.cached { "  cached" } else { "" };
        println!("  {:width$}  {:>7} ms  {}{cached}", step.name, step.millis, step.state);
    }
    println!("  accuracy {accuracy:.4} on rows that the training never saw\n");
}
