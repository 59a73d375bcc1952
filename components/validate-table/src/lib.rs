//! Describes a table's columns and checks them against a schema and a reference table.
//! Never changes the table, and never holds more of it in memory than a batch and bounded samples.

mod cell;
mod check;
mod drift;
mod histogram;
mod infer;
mod profile;
mod report;
mod sample;
mod schema;
mod survey;
#[cfg(test)]
mod tests;

use sdk_guest::prelude::*;

use infer::Closeness;
use report::{Anomaly, DriftReport, FORMAT, MEDIA_TYPE, Report};
use schema::Schema;
use survey::Survey;

/// Anomalies that the failure message names.
const ANOMALIES_NAMED_MAX: usize = 5;

/// Describes a table's columns and checks them against a schema and a reference table.
///
/// `schema` is a JSON document: `{"columns": {"age": {"type": "integer", "min": 0}}}`. A column may
/// have `type` (boolean, integer, number or string), `required`, `min`, `max`, `allowed`,
/// `maxMissingFraction` and `pattern`; beside `columns` there may be `additionalColumns`, `minRows`,
/// `maxRows` and `drift`. Without a schema one is inferred from the reference, and without a
/// reference from the table itself. Columns that `reference` has too are compared with it.
///
/// The report is JSON and holds statistics of every column, drift, and all anomalies; `anomalies` is
/// their number. With `fail-on-anomaly` the step fails when there is one.
#[step(outputs(report, anomalies))]
fn validate_table(
    table: &DataSet,
    schema: Option<String>,
    reference: Option<&DataSet>,
    fail_on_anomaly: Option<bool>,
) -> Result<(Artifact, u64), Failure> {
    let schema = schema.as_deref().map(Schema::read).transpose()?;
    let report = validate(table, schema, reference)?;
    for anomaly in &report.anomalies {
        log::warn!("{}", sentence(anomaly));
    }
    log::info!("{} rows, {} columns, {} anomalies", report.rows, report.columns.len(), report.anomalies.len());
    if fail_on_anomaly.unwrap_or(false) && !report.anomalies.is_empty() {
        return Err(refusal(&report.anomalies));
    }
    let mut writer = Artifact::writer(MEDIA_TYPE);
    writer.set_metadata("rows", &report.rows.to_string())?;
    writer.set_metadata("anomalies", &report.anomalies.len().to_string())?;
    serde_json::to_writer(&mut writer, &report).context("cannot write the report")?;
    Ok((writer.finish()?, report.anomalies.len() as u64))
}

fn validate(table: &DataSet, given: Option<Schema>, reference: Option<&DataSet>) -> Result<Report> {
    let reference = match reference {
        Some(reference) => Some(Survey::take(reference, None).context("cannot read the reference")?),
        None => None,
    };
    let schema_inferred = given.is_none();
    let asked = given.or_else(|| Some(infer::infer(&reference.as_ref()?.profiles, Closeness::SameSource)));
    let mut survey = Survey::take(table, asked.as_ref())?;
    let schema = asked.unwrap_or_else(|| infer::infer(&survey.profiles, Closeness::Exact));
    let histograms = survey::histograms(table, &survey.profiles)?;
    let mut anomalies = check::check_shape(&schema, &survey.names(), survey.rows);
    anomalies.append(&mut survey.anomalies);
    let drift = reference.map(|reference| compare(&survey, &reference, &schema, &mut anomalies));
    let columns =
        survey.profiles.iter().zip(histograms).map(|(profile, histogram)| profile.report(histogram)).collect();
    Ok(Report {
        format: FORMAT,
        rows: survey.rows,
        schema: serde_json::to_value(&schema).context("cannot write the schema")?,
        schema_inferred,
        columns,
        drift,
        anomalies,
    })
}

fn compare(survey: &Survey, reference: &Survey, schema: &Schema, anomalies: &mut Vec<Anomaly>) -> DriftReport {
    let thresholds = schema.drift.clone();
    let mut columns = Vec::new();
    for profile in &survey.profiles {
        let counterpart = reference.profiles.iter().find(|other| other.name == profile.name);
        let Some(column) = counterpart.and_then(|other| drift::compare(profile, other, &thresholds)) else {
            continue;
        };
        if column.drifted {
            anomalies.push(drift::anomaly(&column, &thresholds, survey.rows));
        }
        columns.push(column);
    }
    DriftReport { reference_rows: reference.rows, thresholds, columns }
}

/// The anomaly as a sentence for logs and failures.
fn sentence(anomaly: &Anomaly) -> String {
    let place = anomaly.column.as_ref().map_or_else(|| "the table".to_owned(), |column| format!("column `{column}`"));
    let kind = anomaly.kind.name();
    let rows = match (anomaly.rows, anomaly.first_row) {
        (1, Some(row)) => format!(" in row {row}"),
        (rows, Some(row)) => format!(" in {rows} rows, the first is row {row}"),
        (_, None) => String::new(),
    };
    format!("{place}: {kind}: expected {}, found {}{rows}", anomaly.expected, anomaly.found)
}

fn refusal(anomalies: &[Anomaly]) -> Failure {
    let mut message = format!("the table has {} anomalies", anomalies.len());
    if anomalies.len() == 1 {
        message = "the table has an anomaly".to_owned();
    }
    for (at, anomaly) in anomalies.iter().take(ANOMALIES_NAMED_MAX).enumerate() {
        message.push_str(if at == 0 { ": " } else { "; " });
        message.push_str(&sentence(anomaly));
    }
    if anomalies.len() > ANOMALIES_NAMED_MAX {
        message.push_str(&format!("; and {} more", anomalies.len() - ANOMALIES_NAMED_MAX));
    }
    Failure::new(message).with_hint("mend the data or the schema, or leave fail-on-anomaly out to get the whole report")
}
