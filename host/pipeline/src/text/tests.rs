//! What a value looks like inside a text.
//! Never parses the text back: rendering goes one way.

use host_base::Value;
use serde_json::json;

#[test]
fn plain_values() {
    let check = |value: serde_json::Value, expected: &str| {
        assert_eq!(super::text_of(&Value::Plain(value.clone())), expected, "{value}");
    };
    check(json!("as it stands, \"quotes\" and all"), "as it stands, \"quotes\" and all");
    check(json!(3), "3");
    check(json!(3.0), "3");
    check(json!(-0.0), "0");
    check(json!(0.1), "0.1");
    check(json!(1e300), "1e+300");
    check(json!(u64::MAX), "18446744073709551615");
    check(json!(true), "true");
    check(json!(null), "");
    check(json!([1.0, { "a": 2.0, "b": 0.5 }]), "[1,{\"a\":2,\"b\":0.5}]");
    check(json!([1, "a", null]), "[1,\"a\",null]");
    check(json!({"b": 1, "a": [2]}), "{\"b\":1,\"a\":[2]}");
}
