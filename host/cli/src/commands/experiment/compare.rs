//! `sandmill experiment compare`: parameters that differ and numbers that were measured, run beside run.
//! Never judges which is better.

use std::collections::BTreeMap;

use host_api::artifact::{ArtifactKind, Value};
use host_api::run::{RunDetail, Step};
use host_client::Client;
use serde::Serialize;

use crate::printer::Printer;
use crate::table::{Table, cell, number};
use crate::trouble::Outcome;

/// Characters of a run's id in a heading: as many as tell apart runs of the same minute.
const ID_CHARACTERS: usize = 18;
/// What stands where a run has no such value.
const NOTHING: &str = "-";

/// The comparison: for each name one value per run, in the order of the runs.
#[derive(Debug, PartialEq, Serialize)]
struct Comparison {
    runs: Vec<String>,
    statuses: Vec<String>,
    /// Only those that differ.
    parameters: BTreeMap<String, Vec<Option<serde_json::Value>>>,
    metrics: BTreeMap<String, Vec<Option<f64>>>,
}

/// Prints the runs side by side.
pub async fn compare(client: &Client, runs: &[String], printer: &Printer) -> Outcome {
    let mut details = Vec::with_capacity(runs.len());
    for run in runs {
        details.push(client.run(run).await?);
    }
    let comparison = comparison(&details);
    printer.either(&comparison, || text(&comparison, printer.colours))
}

fn comparison(details: &[RunDetail]) -> Comparison {
    let parameters = details.iter().map(|detail| {
        let named = detail.run.parameters.iter().map(|(name, value)| (name.clone(), plain(value)));
        named.collect::<BTreeMap<_, _>>()
    });
    let mut parameters = side_by_side(&parameters.collect::<Vec<_>>());
    parameters.retain(|_, values| values.windows(2).any(|pair| pair[0] != pair[1]));
    Comparison {
        runs: details.iter().map(|detail| detail.run.id.clone()).collect(),
        statuses: details.iter().map(|detail| detail.run.status.clone()).collect(),
        parameters,
        metrics: side_by_side(&details.iter().map(|detail| metrics(&detail.steps)).collect::<Vec<_>>()),
    }
}

fn side_by_side<T: Clone>(runs: &[BTreeMap<String, T>]) -> BTreeMap<String, Vec<Option<T>>> {
    let mut rows: BTreeMap<String, Vec<Option<T>>> = BTreeMap::new();
    for name in runs.iter().flat_map(BTreeMap::keys) {
        rows.entry(name.clone()).or_insert_with(|| runs.iter().map(|run| run.get(name).cloned()).collect());
    }
    rows
}

fn plain(value: &Value) -> serde_json::Value {
    match value {
        Value::Plain(json) => json.clone(),
        Value::Artifact(artifact) => serde_json::Value::from(artifact.digest.as_str()),
        Value::List(items) => items.iter().map(plain).collect(),
    }
}

/// Every number that a step gave: as an output, or attached to its metrics.
fn metrics(steps: &[Step]) -> BTreeMap<String, f64> {
    let mut found = BTreeMap::new();
    for step in steps {
        for (output, value) in step.outputs.iter().flatten() {
            match value {
                Value::Plain(json) => {
                    found.extend(json.as_f64().map(|number| (format!("{}.{output}", step.name), number)));
                }
                Value::Artifact(artifact) if artifact.kind == ArtifactKind::Metrics => {
                    let numbers = artifact.metadata.iter().filter_map(|(name, text)| Some((name, text.parse().ok()?)));
                    found.extend(numbers.map(|(name, number)| (format!("{}.{name}", step.name), number)));
                }
                Value::Artifact(_) | Value::List(_) => {}
            }
        }
    }
    found
}

fn text(comparison: &Comparison, colours: bool) -> String {
    let heading = |run: &String| run.chars().take(ID_CHARACTERS).collect::<String>();
    let runs: Vec<String> = comparison.runs.iter().map(heading).collect();
    let headings: Vec<&str> = std::iter::once("").chain(runs.iter().map(String::as_str)).collect();
    let mut table = Table::new(&headings);
    table.row(std::iter::once(cell("status")).chain(comparison.statuses.iter().map(cell)).collect());
    for (name, values) in &comparison.parameters {
        let shown = |value: &Option<serde_json::Value>| match value {
            Some(value) => cell(value.to_string()),
            None => cell(NOTHING),
        };
        table.row(std::iter::once(cell(format!("parameter {name}"))).chain(values.iter().map(shown)).collect());
    }
    for (name, values) in &comparison.metrics {
        let shown = |value: &Option<f64>| number(value.map_or_else(|| NOTHING.to_owned(), |number| number.to_string()));
        table.row(std::iter::once(cell(name)).chain(values.iter().map(shown)).collect());
    }
    table.render(colours)
}

#[cfg(test)]
mod tests;
