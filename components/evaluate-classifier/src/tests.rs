//! evaluate-classifier as a plain function: on the digits, on a table scored by hand, on bad input.
//! Never scores on rows that the training saw.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

#[path = "../../train-classifier/src/tests/digits.rs"]
mod digits;
#[path = "../../train-classifier/src/fit.rs"]
mod fit;

use std::sync::Arc;

use sdk_guest::prelude::*;
use sdk_guest::table::arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};

use crate::classifier::{Algorithm, Classifier};
use crate::evaluate_classifier;
use crate::rows::Rows;
use crate::scores::Scores;

fn table(columns: Vec<(&str, ArrayRef)>) -> DataSet {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)));
    let batch = batch.unwrap();
    DataSet::from_batches(&batch.schema(), [batch]).unwrap()
}

fn numbers(values: &[f64]) -> ArrayRef {
    Arc::new(Float64Array::from(values.to_vec()))
}

fn texts(values: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

fn train(table: &DataSet, target: &str) -> Model {
    let rows = Rows::read(table, None, target, &[]).unwrap();
    let algorithm = Algorithm::KNearestNeighbours;
    let learned = fit::fit(algorithm, &rows, 0).unwrap();
    Classifier::new(algorithm, target, &rows, 0, learned).store().unwrap()
}

/// Left of 5 is `low`, the rest is `high`.
fn low_or_high() -> Model {
    let plans = ["low", "low", "low", "high", "high", "high"];
    train(&table(vec![("x", numbers(&[0.0, 1.0, 2.0, 8.0, 9.0, 10.0])), ("class", texts(&plans))]), "class")
}

fn refused(model: &Model, table: &DataSet, says: &[&str]) {
    let failure = evaluate_classifier(model, table).unwrap_err();
    for text in says {
        assert!(failure.to_string().contains(text), "`{failure}` does not say `{text}`");
    }
}

#[test]
fn unseen_digits_are_recognised() {
    let model = train(&digits::table("train"), "label");
    for name in ["validation-a", "validation-b"] {
        let (metrics, accuracy) = evaluate_classifier(&model, &digits::table(name)).unwrap();
        assert!(accuracy >= 0.97, "{name}: {accuracy}");
        assert_eq!(metrics.scalar("accuracy"), Some(accuracy));
        assert_eq!(metrics.scalar("rows"), Some(200.0));
        let matrix = metrics.confusion().unwrap();
        assert_eq!(matrix.labels, (0..10).map(|digit| digit.to_string()).collect::<Vec<_>>());
        let right: u64 = (0..10).map(|digit| matrix.counts[digit][digit]).sum();
        assert_eq!(right as f64 / 200.0, accuracy);
        assert!(metrics.classes().iter().all(|class| class.support == 20));
    }
}

#[test]
fn scores_are_those_worked_out_by_hand() {
    let labels = ["a", "b", "c", "unused"].map(str::to_owned);
    // Truth: a a a b b c; predicted: a a b b b b.
    let scores = Scores::new(&labels, &[0, 0, 0, 1, 1, 2], &[0, 0, 1, 1, 1, 1]);
    let metrics = scores.store().unwrap();
    let classes: Vec<_> =
        metrics.classes().iter().map(|class| (class.precision, class.recall, class.f1, class.support)).collect();
    assert_eq!(classes, [(1.0, 2.0 / 3.0, 0.8, 3), (0.5, 1.0, 2.0 / 3.0, 2), (0.0, 0.0, 0.0, 1), (0.0, 0.0, 0.0, 0)]);
    let is = |name: &str, value: f64| {
        let found = metrics.scalar(name).unwrap();
        assert!((found - value).abs() < 1e-12, "{name} is {found}, not {value}");
    };
    is("accuracy", 4.0 / 6.0);
    // The unused class is left out of the plain means.
    is("macro-precision", 1.5 / 3.0);
    is("macro-recall", (2.0 / 3.0 + 1.0) / 3.0);
    is("macro-f1", (0.8 + 2.0 / 3.0) / 3.0);
    is("weighted-precision", (3.0 + 1.0) / 6.0);
    is("weighted-recall", 4.0 / 6.0);
    is("weighted-f1", (2.4 + 4.0 / 3.0) / 6.0);
    assert_eq!(metrics.confusion().unwrap().counts, [[2, 1, 0, 0], [0, 2, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]]);
}

#[test]
fn columns_are_found_by_name_and_others_are_not_looked_at() {
    let plans = texts(&["low", "high"]);
    let made = table(vec![("class", plans), ("note", texts(&["?", "?"])), ("x", numbers(&[0.5, 9.5]))]);
    assert_eq!(evaluate_classifier(&low_or_high(), &made).unwrap().1, 1.0);
}

#[test]
fn an_unknown_class_is_counted_as_wrong() {
    let made = table(vec![("x", numbers(&[0.5, 9.5])), ("class", texts(&["low", "middle"]))]);
    let (metrics, accuracy) = evaluate_classifier(&low_or_high(), &made).unwrap();
    assert_eq!(accuracy, 0.5);
    assert_eq!(metrics.confusion().unwrap().labels, ["high", "low", "middle"]);
    let said = sdk_guest::testing::take_recorded().log;
    assert!(said.iter().any(|(_, line)| line.contains("middle")), "{said:?}");
}

#[test]
fn tables_that_do_not_fit_are_refused() {
    let model = low_or_high();
    let two = || texts(&["low", "high"]);
    refused(&model, &table(vec![("y", numbers(&[1.0, 2.0])), ("class", two())]), &["no column `x`", "it has `y`"]);
    refused(&model, &table(vec![("x", numbers(&[1.0, 2.0])), ("klass", two())]), &["target", "`class`", "`klass`?"]);
    refused(&model, &table(vec![("x", two()), ("class", two())]), &["column `x`", "Utf8", "numbers"]);
    refused(&model, &table(vec![("x", numbers(&[1.0, f64::NAN])), ("class", two())]), &["column `x`, row 2", "NaN"]);
    refused(&model, &table(vec![("x", numbers(&[])), ("class", texts(&[]))]), &["no rows to score"]);
}

#[test]
fn what_is_no_classifier_is_refused() {
    let made = table(vec![("x", Arc::new(Int64Array::from(vec![1])) as ArrayRef), ("class", texts(&["low"]))]);
    refused(&Model::from_bytes("application/onnx", b"...").unwrap(), &made, &["application/onnx", "train-classifier"]);
    let kind = crate::classifier::MEDIA_TYPE;
    refused(&Model::from_bytes(kind, b"{").unwrap(), &made, &["the model cannot be read"]);
    let other = br#"{"format": 1, "library": "smartcore 0.1", "learned": {}}"#;
    refused(&Model::from_bytes(kind, other).unwrap(), &made, &["smartcore 0.1", "train it again"]);
}
