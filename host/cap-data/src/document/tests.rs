//! What goes into a metrics document comes out of it, and what it cannot hold is refused.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;

fn scores(precision: f64) -> ClassScores {
    ClassScores { label: "seven".to_owned(), precision, recall: 0.5, f1: 0.5, support: 12 }
}

fn matrix(counts: Vec<Vec<u64>>) -> ConfusionMatrix {
    ConfusionMatrix { labels: vec!["a".to_owned(), "b".to_owned()], counts }
}

#[test]
fn a_document_gives_back_what_was_set() {
    let writer = MetricsWriterHandle {
        scalars: BTreeMap::from([("loss".to_owned(), 0.25), ("accuracy".to_owned(), 0.1)]),
        classes: Some(classes_to_json(&[scores(1.0)]).unwrap()),
        confusion: Some(confusion_to_json(&matrix(vec![vec![3, 0], vec![1, u64::MAX]])).unwrap()),
        size_bytes: 0,
    };
    let metrics = Metrics::from_bytes(&to_bytes(writer)).unwrap();
    assert_eq!(metrics.scalars(), [("accuracy".to_owned(), 0.1), ("loss".to_owned(), 0.25)]);
    assert_eq!(metrics.classes()[0].label, "seven");
    assert_eq!(metrics.classes()[0].support, 12);
    assert_eq!(metrics.confusion().unwrap().counts, vec![vec![3, 0], vec![1, u64::MAX]]);
}

#[test]
fn empty_metrics_are_metrics() {
    let metrics = Metrics::from_bytes(&to_bytes(MetricsWriterHandle::default())).unwrap();
    assert!(metrics.scalars().is_empty() && metrics.classes().is_empty() && metrics.confusion().is_none());
}

#[test]
fn scores_outside_of_0_to_1_are_refused() {
    for score in [1.01, -0.01, f64::NAN, f64::INFINITY] {
        assert!(classes_to_json(&[scores(score)]).is_err(), "{score}");
    }
}

#[test]
fn a_matrix_that_is_not_square_is_refused() {
    assert!(confusion_to_json(&matrix(vec![vec![1, 2]])).is_err());
    assert!(confusion_to_json(&matrix(vec![vec![1, 2], vec![3]])).is_err());
}
