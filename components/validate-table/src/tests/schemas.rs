//! Schemas: what they find in a table, and which of them are refused.
//! Never tests drift.

use serde_json::json;

use super::*;

#[test]
fn each_rule_names_its_column_rows_and_first_row() {
    let made = table(vec![
        ("age", integers([Some(30), Some(-1), Some(200), None, Some(-7)])),
        ("plan", texts([Some("free"), Some("gold"), Some("free"), Some("free"), Some("paid")])),
        ("mail", texts([Some("a@b"), Some("nobody"), None, Some("c@d"), Some("x")])),
        ("score", numbers([Some(0.5), Some(f64::NAN), Some(0.25), Some(1.0), Some(0.0)])),
        ("extra", integers([Some(1), Some(2), Some(3), Some(4), Some(5)])),
    ]);
    let schema = json!({
        "additionalColumns": false,
        "maxRows": 4,
        "columns": {
            "age": {"type": "integer", "min": 0, "max": 120},
            "plan": {"allowed": ["free", "paid"]},
            "mail": {"pattern": "^[^@]+@[^@]+$", "maxMissingFraction": 0.2},
            "score": {"type": "number"},
            "country": {"type": "string"},
            "note": {"required": false},
        },
    });
    let report = report_of(&made, Some(schema), None);
    assert_eq!(
        anomalies(&report),
        [
            (AnomalyKind::TooManyRows, "-", 5, None),
            (AnomalyKind::MissingColumn, "country", 5, None),
            (AnomalyKind::UnexpectedColumn, "extra", 5, None),
            (AnomalyKind::MissingValues, "age", 1, Some(4)),
            (AnomalyKind::BelowMinimum, "age", 2, Some(2)),
            (AnomalyKind::AboveMaximum, "age", 1, Some(3)),
            (AnomalyKind::NotAllowed, "plan", 1, Some(2)),
            (AnomalyKind::PatternMismatch, "mail", 2, Some(2)),
            (AnomalyKind::NotFinite, "score", 1, Some(2)),
        ]
    );
    let below = report.anomalies.iter().find(|anomaly| anomaly.kind == AnomalyKind::BelowMinimum).unwrap();
    assert_eq!((below.expected.as_str(), below.found.as_str()), ("at least 0", "-1"));
    let not_allowed = report.anomalies.iter().find(|anomaly| anomaly.kind == AnomalyKind::NotAllowed).unwrap();
    assert_eq!((not_allowed.expected.as_str(), not_allowed.found.as_str()), ("one of `free`, `paid`", "`gold`"));
}

#[test]
fn a_word_in_a_column_of_numbers_is_pointed_at() {
    let made = table(vec![("x", texts([Some("1"), Some("2.5"), Some("n/a"), Some("4")]))]);
    let report = report_of(&made, Some(json!({"columns": {"x": {"type": "number"}}})), None);
    assert_eq!(anomalies(&report), [(AnomalyKind::WrongType, "x", 1, Some(3))]);
    assert_eq!(report.anomalies[0].found, "string, for example `n/a`");
}

#[test]
fn whole_numbers_in_a_number_column_pass_for_integers() {
    let whole = table(vec![("x", numbers([Some(1.0), Some(2.0)]))]);
    let schema = json!({"columns": {"x": {"type": "integer"}}});
    assert_eq!(anomalies(&report_of(&whole, Some(schema.clone()), None)), []);
    let broken = table(vec![("x", numbers([Some(1.0), Some(2.5)]))]);
    assert_eq!(anomalies(&report_of(&broken, Some(schema), None)), [(AnomalyKind::WrongType, "x", 1, Some(2))]);
}

#[test]
fn fail_on_anomaly_names_the_first_ones() {
    let made = table(vec![("x", integers([Some(1), Some(99)]))]);
    let schema = Some(json!({"columns": {"x": {"max": 16}}}).to_string());
    let failure = validate_table(&made, schema.clone(), None, Some(true)).unwrap_err();
    assert_eq!(
        failure.message,
        "the table has an anomaly: column `x`: above-maximum: expected at most 16, found 99 in row 2"
    );
    assert!(validate_table(&made, schema, None, Some(false)).is_ok());
}

#[test]
fn unusable_schemas_are_refused_with_the_place() {
    let made = table(vec![("x", integers([Some(1)]))]);
    let refused = |schema: &str, says: &[&str]| {
        let failure = validate_table(&made, Some(schema.to_owned()), None, None).unwrap_err();
        for text in says {
            assert!(failure.to_string().contains(text), "{schema}: `{failure}` does not say `{text}`");
        }
    };
    refused("{", &["the schema is not JSON"]);
    refused("[]", &["the schema cannot be used"]);
    refused(r#"{"columns": {"x": []}}"#, &["column `x`", "is no object"]);
    refused(r#"{"colums": {}}"#, &["colums", "columns"]);
    refused(r#"{"columns": []}"#, &["`columns` is no object"]);
    refused(r#"{"columns": {"x": {"mim": 1}}}"#, &["column `x`", "mim", "min"]);
    refused(r#"{"columns": {"x": {"type": "int"}}}"#, &["column `x`", "int", "integer"]);
    refused(r#"{"columns": {"x": {"min": 2, "max": 1}}}"#, &["column `x`", "min 2 is greater than max 1"]);
    refused(r#"{"columns": {"x": {"type": "string", "min": 2}}}"#, &["min and max are for numbers"]);
    refused(r#"{"columns": {"x": {"maxMissingFraction": 2}}}"#, &["maxMissingFraction is 2"]);
    refused(r#"{"columns": {"x": {"pattern": "("}}}"#, &["no regular expression"]);
    refused(r#"{"columns": {"x": {"allowed": [null]}}}"#, &["allowed holds null"]);
    refused(r#"{"drift": {"psi": 1}}"#, &["psi", "populationStabilityIndexMax"]);
}

#[test]
fn what_is_no_table_is_refused() {
    let csv = DataSet::from_bytes("text/csv", b"a,b\n").unwrap();
    let failure = validate_table(&csv, None, None, None).unwrap_err();
    assert!(failure.message.contains("text/csv"), "{failure}");
}
