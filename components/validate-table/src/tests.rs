//! validate-table as a plain function, on the digits and on made-up tables.
//! Never checks a figure against another run of the same code.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

#[path = "../../train-classifier/src/tests/digits.rs"]
mod digits;
mod drifting;
mod schemas;

use std::sync::Arc;

use sdk_guest::prelude::*;
use sdk_guest::table::arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use serde_json::json;

use crate::report::{AnomalyKind, Report};
use crate::validate_table;

/// A table of one batch.
fn table(columns: Vec<(&str, ArrayRef)>) -> DataSet {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)));
    let batch = batch.unwrap();
    DataSet::from_batches(&batch.schema(), [batch]).unwrap()
}

fn integers(values: impl IntoIterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(values.into_iter().collect::<Int64Array>())
}

fn numbers(values: impl IntoIterator<Item = Option<f64>>) -> ArrayRef {
    Arc::new(values.into_iter().collect::<Float64Array>())
}

fn texts<'a>(values: impl IntoIterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(values.into_iter().collect::<StringArray>())
}

fn report_of(table: &DataSet, schema: Option<serde_json::Value>, reference: Option<&DataSet>) -> Report {
    let (report, anomalies) = validate_table(table, schema.map(|schema| schema.to_string()), reference, None).unwrap();
    assert_eq!(report.describe().media_type, "application/vnd.sandmill.validation+json");
    let report: Report = serde_json::from_slice(&report.read_to_end().unwrap()).unwrap();
    assert_eq!(report.anomalies.len() as u64, anomalies);
    report
}

/// Kind, column, rows and first row of each anomaly.
fn anomalies(report: &Report) -> Vec<(AnomalyKind, &str, u64, Option<u64>)> {
    let brief = |anomaly: &'_ crate::report::Anomaly| (anomaly.kind, anomaly.rows, anomaly.first_row);
    report
        .anomalies
        .iter()
        .map(|anomaly| {
            let (kind, rows, first) = brief(anomaly);
            (kind, anomaly.column.as_deref().unwrap_or("-"), rows, first)
        })
        .collect()
}

#[test]
fn the_digits_satisfy_their_schema() {
    for name in ["train", "validation-a", "validation-b"] {
        let schema = serde_json::from_str(&digits::read_file("schema.json")).unwrap();
        let report = report_of(&digits::table(name), Some(schema), None);
        assert_eq!(report.anomalies, [], "{name}");
        assert_eq!(report.columns.len(), 65);
        assert!(!report.schema_inferred);
    }
}

#[test]
fn the_digits_pipeline_carries_their_schema() {
    let pipeline = digits::read_file("../../scenarios/pipeline-digits/pipeline.yaml");
    let schema: String = digits::read_file("schema.json").lines().map(|line| format!("        {line}\n")).collect();
    assert!(pipeline.contains(&schema), "pipeline.yaml and schema.json differ");
}

#[test]
fn statistics_of_the_digits_are_those_of_the_file() {
    let report = report_of(&digits::table("train"), None, None);
    assert_eq!(report.rows, 1_397);
    assert!(report.schema_inferred);
    let label = report.columns.last().unwrap();
    assert_eq!((label.name.as_str(), label.kind.as_str(), label.distinct), ("label", "integer", 10));
    let text = digits::read_file("train.csv");
    let values: Vec<f64> = text.lines().skip(1).map(|line| line.split(',').nth(20).unwrap().parse().unwrap()).collect();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let numbers = report.columns[20].numbers.clone().unwrap();
    assert!((numbers.mean - mean).abs() < 1e-9);
    assert!((numbers.standard_deviation - (squares / 1_396.0).sqrt()).abs() < 1e-9);
    assert_eq!(numbers.histogram.counts.len(), 17);
    for (value, count) in numbers.histogram.counts.iter().enumerate() {
        assert_eq!(*count, values.iter().filter(|at| **at == value as f64).count() as u64, "value {value}");
    }
    let mut sorted = values;
    sorted.sort_by(f64::total_cmp);
    assert_eq!(numbers.quantiles["0.5"], sorted[698]);
    assert_eq!(numbers.quantiles["0.25"], sorted[349]);
}

#[test]
fn the_same_table_gives_the_same_bytes() {
    let digits = digits::table("validation-a");
    let digest = || validate_table(&digits, None, Some(&digits), None).unwrap().0.describe().digest;
    assert_eq!(digest(), digest());
}

#[test]
fn missing_values_nan_and_text_are_counted_apart() {
    let made = table(vec![
        ("x", numbers([Some(1.0), None, Some(f64::NAN), Some(3.0), Some(f64::INFINITY)])),
        ("name", texts([Some("a"), Some("b"), Some("a"), None, None])),
    ]);
    let report = report_of(&made, None, None);
    let x = &report.columns[0];
    assert_eq!((x.count, x.missing), (4, 1));
    let numbers = x.numbers.as_ref().unwrap();
    assert_eq!((numbers.min, numbers.max, numbers.mean, numbers.not_finite), (1.0, 3.0, 2.0, 2));
    assert!((numbers.standard_deviation - std::f64::consts::SQRT_2).abs() < 1e-12);
    let name = &report.columns[1];
    assert_eq!((name.count, name.missing, name.distinct), (3, 2, 2));
    assert_eq!((name.top_values[0].value.as_str(), name.top_values[0].count), ("a", 2));
}

#[test]
fn an_inferred_schema_accepts_its_own_table() {
    let digits = digits::table("validation-b");
    let inferred = report_of(&digits, None, None).schema;
    assert_eq!(report_of(&digits, Some(inferred), None).anomalies, []);
}

#[test]
fn a_long_column_is_sampled_and_its_histogram_stays_exact() {
    let rows = 50_000_i64;
    let made = table(vec![("x", integers((0..rows).map(Some)))]);
    let report = report_of(&made, None, None);
    let x = &report.columns[0];
    assert!(x.distinct_capped && x.top_values.is_empty());
    let numbers = x.numbers.as_ref().unwrap();
    assert!(numbers.quantiles_sampled);
    assert!((numbers.quantiles["0.5"] - 25_000.0).abs() < 1_000.0, "{:?}", numbers.quantiles);
    assert_eq!(numbers.histogram.counts, vec![2_500; 20]);
}

#[test]
fn an_empty_table_has_a_report() {
    let report = report_of(&table(vec![("x", integers([]))]), Some(json!({"minRows": 1})), None);
    assert_eq!(anomalies(&report), [(AnomalyKind::TooFewRows, "-", 0, None)]);
    assert_eq!(report.columns[0].numbers, None);
}

#[test]
fn extreme_numbers_stay_json() {
    let made = table(vec![("x", numbers([Some(f64::MAX), Some(f64::MIN), Some(0.0)]))]);
    let numbers = report_of(&made, None, None).columns[0].numbers.clone().unwrap();
    assert_eq!((numbers.min, numbers.max), (f64::MIN, f64::MAX));
    assert_eq!(numbers.histogram.counts.iter().sum::<u64>(), 3);
}
