//! Numbers at the edges of what is one.
//! Never about who reads them.

use serde_json::json;

use super::*;

#[test]
fn whole_numbers() {
    let check = |json: Json, expected: Option<i128>| assert_eq!(whole(&json), expected, "{json}");
    check(json!(3), Some(3));
    check(json!(3.0), Some(3));
    check(json!(-3.0), Some(-3));
    check(json!(3.5), None);
    check(json!(u64::MAX), Some(i128::from(u64::MAX)));
    check(json!(i64::MIN), Some(i128::from(i64::MIN)));
    check(json!(9_007_199_254_740_992.0), Some(9_007_199_254_740_992));
    check(json!(9_007_199_254_740_994.0), None);
    check(json!("3"), None);
    check(json!(null), None);
}

#[test]
fn floats() {
    assert_eq!(float(&json!(3)), Some(3.0));
    assert_eq!(float(&json!("-Infinity")), Some(f64::NEG_INFINITY));
    assert!(float(&json!("NaN")).is_some_and(f64::is_nan));
    assert_eq!(float(&json!("3")), None);
    assert_eq!(single(&json!(0.5)), Some(0.5));
    assert_eq!(single(&json!(1e300)), None);
    assert_eq!(single(&json!("Infinity")), Some(f32::INFINITY));
}
