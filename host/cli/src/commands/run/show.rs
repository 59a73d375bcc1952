//! `sandmill run show`: a run, its steps, and why they failed.
//! Never hides a problem behind a width.

use std::collections::{BTreeMap, BTreeSet};

use host_api::artifact::Value;
use host_api::run::{Run, RunDetail, Step};
use host_client::Client;

use super::list::took;
use crate::format::{self, short_digest};
use crate::printer::{Printer, Style, clean, problem_text};
use crate::table::{Table, cell, number, status_style};
use crate::trouble::Outcome;

/// Longest plain value that is shown in full, in characters.
const VALUE_CHARACTERS_MAX: usize = 60;

/// Prints a run.
pub async fn show(client: &Client, run: &str, printer: &Printer) -> Outcome {
    let detail = client.run(run).await?;
    printer.either(&detail, || text(&detail, printer.colours))
}

fn text(detail: &RunDetail, colours: bool) -> String {
    let RunDetail { run, steps, next: _, position: _ } = detail;
    let mut parts = vec![head(run, colours), step_table(steps).render(colours)];
    let outputs = outputs(steps);
    if !outputs.is_empty() {
        parts.push(outputs.join("\n"));
    }
    let failures = failures(steps, colours);
    if !failures.is_empty() {
        parts.push(failures.join("\n"));
    }
    parts.extend(run.failure.as_ref().map(|failure| problem_text(failure, "", colours)));
    parts.join("\n\n")
}

fn head(run: &Run, colours: bool) -> String {
    let status = status_style(&run.status).paint(&run.status, colours);
    let took = took(run).map(|millis| format!(" in {}", format::span(millis))).unwrap_or_default();
    let mut lines = vec![
        format!("run        {}", Style::Bold.paint(&run.id, colours)),
        format!("pipeline   {}", clean(&run.pipeline)),
        format!("status     {status}{took}"),
        format!("submitted  {}", format::moment(run.submitted_at_millis)),
    ];
    lines.extend(named_values(&run.parameters).map(|(name, value)| format!("parameter  {name} = {value}")));
    lines.join("\n")
}

/// Steps in the order in which they ended; those that have not, last.
pub fn in_order_of_work(steps: &[Step]) -> Vec<&Step> {
    let mut steps: Vec<&Step> = steps.iter().collect();
    steps.sort_by_key(|step| (step.finished_at_millis.unwrap_or(u64::MAX), step.started_at_millis.unwrap_or(u64::MAX)));
    steps
}

/// From a step's first attempt to its end.
pub fn millis(step: &Step) -> Option<u64> {
    Some(step.finished_at_millis?.saturating_sub(step.started_at_millis?))
}

fn step_table(steps: &[Step]) -> Table {
    let signed = steps.iter().any(|step| step.signer.is_some());
    let mut heads = vec!["STEP", "STATUS", "CACHED", "ATTEMPTS", "MS", "CPU MS", "MEMORY", "COMPONENT"];
    heads.extend(signed.then_some("SIGNED BY"));
    let mut table = Table::new(&heads);
    let or_dash = |text: Option<String>| number(text.unwrap_or_else(|| "-".to_owned()));
    for step in in_order_of_work(steps) {
        let mut row = vec![
            cell(&step.name),
            cell(&step.status).styled(status_style(&step.status)),
            cell(if step.reused { "yes" } else { "-" }),
            number(step.attempts.to_string()),
            or_dash(millis(step).map(|millis| millis.to_string())),
            or_dash(step.usage.map(|usage| usage.cpu_millis.to_string())),
            or_dash(step.usage.map(|usage| format::bytes(usage.memory_bytes_peak))),
            cell(component(&step.component)).styled(Style::Faint),
        ];
        row.extend(signed.then(|| cell(step.signer.as_ref().map_or("-", |signer| &signer.name))));
        table.row(row);
    }
    table
}

/// The author's reference, with as much of the digest as tells components apart.
fn component(text: &str) -> String {
    match text.rsplit_once('@') {
        Some((reference, digest)) => format!("{reference} {}", short_digest(digest)),
        None => text.to_owned(),
    }
}

fn outputs(steps: &[Step]) -> Vec<String> {
    let mut table = Table::new(&["OUTPUT", "VALUE"]);
    let mut any = false;
    for step in in_order_of_work(steps) {
        for (name, value) in step.outputs.iter().flat_map(named_values) {
            any = true;
            table.row(vec![cell(format!("{}.{name}", step.name)), cell(value)]);
        }
    }
    if any { vec![table.render(false)] } else { Vec::new() }
}

fn named_values(values: &BTreeMap<String, Value>) -> impl Iterator<Item = (&String, String)> {
    values.iter().map(|(name, value)| (name, value_text(value)))
}

fn value_text(value: &Value) -> String {
    match value {
        Value::Artifact(artifact) => {
            format!("{} {} {}", artifact.digest, artifact.media_type, format::bytes(artifact.size_bytes))
        }
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(value_text).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Plain(json) => {
            let text = clean(&json.to_string());
            if text.chars().count() <= VALUE_CHARACTERS_MAX {
                return text;
            }
            let beginning: String = text.chars().take(VALUE_CHARACTERS_MAX).collect();
            format!("{beginning}…")
        }
    }
}

/// Why steps failed, each under its step's name.
pub fn failures(steps: &[Step], colours: bool) -> Vec<String> {
    let mut failed = in_order_of_work(steps);
    failed.retain(|step| step.status != "succeeded" && step.failure.is_some());
    // What holds steps failed because one of them did; only that one is told, unless there is none.
    let around: BTreeSet<&str> = failed.iter().filter_map(|step| step.parent.as_deref()).collect();
    let causes = failed.iter().filter(|step| !around.contains(step.name.as_str()));
    let failures = causes.filter_map(|step| {
        let failure = step.failure.as_ref()?;
        Some(format!("{}\n{}", Style::Bold.paint(&step.name, colours), problem_text(failure, "  ", colours)))
    });
    failures.collect()
}

#[cfg(test)]
mod tests;
