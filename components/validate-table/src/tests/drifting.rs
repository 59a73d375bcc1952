//! Drift: found where there is some, not found where chance explains it.
//! Never uses randomness that differs between runs.

use super::*;

/// Numbers that look random: the fractional parts of multiples of an irrational number.
fn spread(rows: u32, start: f64) -> Vec<f64> {
    (0..rows).map(|row| (start + f64::from(row) * 0.618_033_988_749_894_9).fract()).collect()
}

#[test]
fn two_parts_of_the_digits_do_not_drift() {
    for name in ["validation-a", "validation-b"] {
        let report = report_of(&digits::table(name), None, Some(&digits::table("train")));
        assert_eq!(report.anomalies, [], "{name}");
        let drift = report.drift.unwrap();
        assert_eq!((drift.reference_rows, drift.columns.len()), (1_397, 65));
    }
}

#[test]
fn a_table_does_not_differ_from_itself() {
    let train = digits::table("train");
    let drift = report_of(&train, None, Some(&train)).drift.unwrap();
    for column in &drift.columns {
        assert!(column.population_stability_index.abs() < 1e-12, "{column:?}");
        assert!(column.jensen_shannon_distance.abs() < 1e-6 && column.kolmogorov_smirnov == Some(0.0), "{column:?}");
    }
}

#[test]
fn a_shifted_column_drifts_and_the_others_do_not() {
    let made = |shift: f64, rows: u32| {
        let moved = spread(rows, 0.1).into_iter().map(|value| Some(value + shift));
        table(vec![("moved", numbers(moved)), ("still", numbers(spread(rows, 0.7).into_iter().map(Some)))])
    };
    let report = report_of(&made(0.4, 500), None, Some(&made(0.0, 2_000)));
    assert_eq!(anomalies(&report), [(AnomalyKind::Drift, "moved", 500, None)]);
    let drift = report.drift.unwrap();
    // Uniform on [0, 1] against uniform on [0.4, 1.4]: the cumulative distributions are 0.4 apart.
    assert!((drift.columns[0].kolmogorov_smirnov.unwrap() - 0.4).abs() < 0.01, "{drift:?}");
    assert!(drift.columns[1].population_stability_index < 0.1, "{drift:?}");
}

#[test]
fn shares_of_categories_and_of_missing_values_are_compared() {
    let made = |gold: usize, missing: usize| {
        let plans = (0..1_000).map(move |row| Some(if row < gold { "gold" } else { "free" }));
        let ages = (0..1_000).map(move |row| (row >= missing).then_some(row as i64 % 50));
        table(vec![("plan", texts(plans)), ("age", integers(ages))])
    };
    let quiet = report_of(&made(120, 60), None, Some(&made(100, 50)));
    assert_eq!(quiet.anomalies, []);
    let loud = report_of(&made(600, 500), None, Some(&made(100, 50)));
    let columns: Vec<_> = loud.anomalies.iter().map(|anomaly| (anomaly.kind, anomaly.column.as_deref())).collect();
    assert_eq!(columns, [(AnomalyKind::Drift, Some("plan")), (AnomalyKind::Drift, Some("age"))]);
    // By hand: shares 0.6 and 0.4 against 0.1 and 0.9.
    let by_hand = 0.5 * (6.0_f64).ln() + 0.5 * (0.9_f64 / 0.4).ln();
    let index = loud.drift.unwrap().columns[0].population_stability_index;
    assert!((index - by_hand).abs() < 0.02, "{index} is not {by_hand}");
}

#[test]
fn a_few_rows_are_no_proof() {
    let made = |rows: u32, start: f64| table(vec![("x", numbers(spread(rows, start).into_iter().map(Some)))]);
    let report = report_of(&made(4, 0.3), None, Some(&made(1_000, 0.0)));
    assert_eq!(report.anomalies, []);
}

#[test]
fn thresholds_come_from_the_schema() {
    let made =
        |shift: f64| table(vec![("x", numbers(spread(1_000, 0.1).into_iter().map(|value| Some(value + shift))))]);
    let strict = serde_json::json!({"drift": {"kolmogorovSmirnovMax": 0.1}});
    assert_eq!(report_of(&made(0.15), None, Some(&made(0.0))).drift.unwrap().thresholds.kolmogorov_smirnov_max, 0.2);
    let report = report_of(&made(0.15), Some(strict), Some(&made(0.0)));
    assert_eq!(anomalies(&report), [(AnomalyKind::Drift, "x", 1_000, None)]);
}

#[test]
fn without_a_schema_the_reference_says_which_columns_and_types() {
    let reference = table(vec![("a", integers([Some(1), Some(2)])), ("b", texts([Some("x"), Some("y")]))]);
    let made = table(vec![("a", texts([Some("1"), Some("two")]))]);
    let report = report_of(&made, None, Some(&reference));
    assert_eq!(
        anomalies(&report),
        [(AnomalyKind::MissingColumn, "b", 2, None), (AnomalyKind::WrongType, "a", 1, Some(2))]
    );
}
