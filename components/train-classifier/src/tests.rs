//! train-classifier as a plain function, on the digits and on bad input.
//! Never scores on rows that the training saw.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

mod digits;

use std::sync::Arc;

use sdk_guest::prelude::*;
use sdk_guest::table::arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};

use crate::classifier::{Classifier, MEDIA_TYPE};
use crate::rows::Rows;
use crate::train_classifier;

fn table(columns: Vec<(&str, ArrayRef)>) -> DataSet {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)));
    let batch = batch.unwrap();
    DataSet::from_batches(&batch.schema(), [batch]).unwrap()
}

fn train(table: &DataSet, target: &str, algorithm: Option<&str>, seed: Option<u64>) -> Result<Model> {
    train_classifier(table, target.to_owned(), algorithm.map(str::to_owned), seed)
}

/// The share of a validation set's rows that the stored model gets right.
fn accuracy(model: &Model, validation_set: &str) -> f64 {
    let classifier = Classifier::load(model).unwrap();
    let table = digits::table(validation_set);
    let rows = Rows::read(&table, Some(&classifier.features), &classifier.target, &classifier.classes).unwrap();
    let predicted = classifier.predict(&rows).unwrap();
    let right = predicted.iter().zip(&rows.places).filter(|(one, other)| **one == **other as usize).count();
    right as f64 / rows.count() as f64
}

fn numbers(values: &[Option<f64>]) -> ArrayRef {
    Arc::new(values.iter().copied().collect::<Float64Array>())
}

fn texts(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(values.iter().copied().collect::<StringArray>())
}

fn refused(columns: Vec<(&str, ArrayRef)>, target: &str, algorithm: Option<&str>, says: &[&str]) {
    let failure = train(&table(columns), target, algorithm, None).unwrap_err();
    for text in says {
        assert!(failure.to_string().contains(text), "`{failure}` does not say `{text}`");
    }
}

#[test]
fn unseen_digits_are_recognised() {
    // A little less than each of them reaches on 200 unseen rows.
    let train_set = digits::table("train");
    for (algorithm, least) in [("k-nearest-neighbours", 0.98), ("random-forest", 0.92)] {
        let model = train(&train_set, "label", Some(algorithm), Some(1)).unwrap();
        let found = ["validation-a", "validation-b"].map(|set| accuracy(&model, set));
        assert!(found.iter().all(|accuracy| *accuracy >= least), "{algorithm}: {found:?}");
    }
}

#[test]
fn logistic_regression_learns_from_a_few_rows() {
    let model = train(&digits::table("validation-a"), "label", Some("logistic-regression"), None).unwrap();
    let found = accuracy(&model, "validation-b");
    assert!(found >= 0.88, "{found}");
}

#[test]
fn the_model_says_what_it_is() {
    let model = train(&digits::table("validation-a"), "label", Some("k-nearest-neighbours"), Some(7)).unwrap();
    assert_eq!(model.describe().media_type, MEDIA_TYPE);
    let metadata = ["algorithm", "target", "classes", "features", "rows"].map(|name| model.metadata(name).unwrap());
    assert_eq!(metadata, ["k-nearest-neighbours", "label", "10", "64", "200"]);
    let classifier = Classifier::load(&model).unwrap();
    assert_eq!(classifier.classes, (0..10).map(|digit| digit.to_string()).collect::<Vec<_>>());
    assert_eq!((classifier.features[0].name.as_str(), classifier.seed), ("pixel_0_0", 7));
}

#[test]
fn the_seed_decides_the_forest() {
    let table = digits::table("validation-a");
    let digest = |seed| train(&table, "label", None, seed).unwrap().describe().digest;
    assert_eq!(digest(Some(0)), digest(None));
    assert_ne!(digest(Some(1)), digest(Some(2)));
}

#[test]
fn a_forest_reports_how_far_it_is() {
    let _ = sdk_guest::testing::take_recorded();
    train(&digits::table("validation-b"), "label", Some("random-forest"), None).unwrap();
    let said = sdk_guest::testing::take_recorded();
    assert_eq!(said.progress.last().map(|last| (last.done, last.total)), Some((100, Some(100))));
    let points: Vec<u64> = said.points.iter().map(|point| point.index).collect();
    assert_eq!(points, (1..=10).map(|tens| tens * 10).collect::<Vec<_>>());
    assert!(said.points.iter().all(|point| point.name == "training-accuracy" && point.value > 0.9));
}

#[test]
fn booleans_and_texts_are_classes_and_booleans_are_features() {
    let flags: ArrayRef = Arc::new(BooleanArray::from(vec![true, true, false, false]));
    let sizes: ArrayRef = Arc::new(Int64Array::from(vec![9, 8, 1, 2]));
    let names = texts(&[Some("big"), Some("big"), Some("small"), Some("small")]);
    let made = table(vec![("flag", flags), ("size", sizes), ("name", names)]);
    let by_name = train(&made, "name", Some("k-nearest-neighbours"), None).unwrap();
    assert_eq!(Classifier::load(&by_name).unwrap().classes, ["big", "small"]);
    let numeric = made.read_table().unwrap().project(&[0, 1]).unwrap();
    let numeric = DataSet::from_batches(&numeric.schema(), [numeric]).unwrap();
    let by_flag = train(&numeric, "flag", Some("random-forest"), None).unwrap();
    assert_eq!(Classifier::load(&by_flag).unwrap().classes, ["false", "true"]);
}

#[test]
fn whole_number_classes_are_in_the_order_of_numbers() {
    let classes: ArrayRef = Arc::new(Int64Array::from(vec![10, 9, -1, 10]));
    let made = table(vec![("x", numbers(&[Some(1.0), Some(2.0), Some(3.0), Some(4.0)])), ("class", classes)]);
    let model = train(&made, "class", Some("k-nearest-neighbours"), None).unwrap();
    assert_eq!(Classifier::load(&model).unwrap().classes, ["-1", "9", "10"]);
}

#[test]
fn unusable_tables_and_arguments_are_refused_with_the_place() {
    let x = || ("x", numbers(&[Some(1.0), Some(2.0)]));
    let good = || texts(&[Some("a"), Some("b")]);
    refused(
        vec![x(), ("label", good())],
        "lable",
        None,
        &["the target is missing", "`lable`", "did you mean `label`?"],
    );
    refused(vec![x(), ("label", good())], "species", None, &["no column `species`", "it has `x`, `label`"]);
    refused(vec![x(), ("city", good()), ("label", good())], "label", None, &["column `city`", "Utf8", "numbers"]);
    refused(vec![x(), ("label", texts(&[Some("a"), Some("a")]))], "label", None, &["`a`", "at least two classes"]);
    refused(vec![x(), ("label", texts(&[Some("a"), None]))], "label", None, &["`label`, row 2", "no class"]);
    refused(vec![("label", good())], "label", None, &["no column beside the target"]);
    refused(
        vec![x(), ("y", numbers(&[None, Some(1.0)])), ("label", good())],
        "label",
        None,
        &["`y`, row 1", "no value"],
    );
    let measure = numbers(&[Some(0.5), Some(1.5)]);
    refused(vec![x(), ("price", measure)], "price", None, &["`price`, row 1", "0.5", "measure"]);
    refused(vec![("x", numbers(&[])), ("label", texts(&[]))], "label", None, &["no rows"]);
    refused(vec![x(), ("label", good())], "label", Some("forest"), &["`forest`", "random-forest"]);
    let infinite = numbers(&[Some(1.0), Some(f64::INFINITY)]);
    refused(vec![("x", infinite), ("label", good())], "label", None, &["column `x`, row 2", "finite"]);
}
