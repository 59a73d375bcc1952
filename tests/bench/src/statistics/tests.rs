//! Tests of the sample statistics.
//! Never measures time.

use super::{median, percentile};

fn is(value: f64, expected: f64) -> bool {
    (value - expected).abs() < 1e-9
}

#[test]
fn picks_samples_in_order_of_size() {
    let samples = [9.0, 1.0, 5.0, 3.0, 7.0];
    assert!(is(median(&samples), 5.0));
    assert!(is(percentile(&samples, 0), 1.0));
    assert!(is(percentile(&samples, 100), 9.0));
    assert!(is(percentile(&samples, 99), 9.0));
}

#[test]
fn no_samples_are_no_trouble() {
    assert!(is(median(&[]), 0.0));
}
