//! What the SDK writes, what its users may mean, and what is refused.

use std::collections::BTreeMap;

use host_base::Value;
use serde_json::{Value as Json, json};

use super::{Expression, evaluate};

fn holds(text: &str, inputs: Json) -> bool {
    try_holds(text, inputs).unwrap_or_else(|message| panic!("{text}: {message}"))
}

fn try_holds(text: &str, inputs: Json) -> Result<bool, String> {
    let expression = Expression::parse(text)?;
    let Json::Object(inputs) = inputs else { panic!("inputs are an object") };
    let inputs: BTreeMap<String, Value> = inputs.into_iter().map(|(name, json)| (name, Value::Plain(json))).collect();
    evaluate(&expression, &inputs).map_err(|failure| failure.to_string())
}

#[test]
fn what_the_sdk_writes_holds_or_not() {
    let text = "inputs.parameter_values['pipelinechannel--flip-Output'] == 'heads'";
    assert!(holds(text, json!({ "pipelinechannel--flip-Output": "heads" })));
    assert!(!holds(text, json!({ "pipelinechannel--flip-Output": "tails" })));
    let elif = "!(inputs.parameter_values['x'] == 'heads') && inputs.parameter_values['x'] == 'draw'";
    for (x, expected) in [("heads", false), ("draw", true), ("tails", false)] {
        assert_eq!(holds(elif, json!({ "x": x })), expected, "{x}");
    }
    assert!(holds("int(inputs.parameter_values['n']) > 5", json!({ "n": "6" })));
    assert!(holds("int(inputs.parameter_values['n']) <= 5", json!({ "n": 5.0 })));
    assert!(holds("inputs.parameter_values['a'] == inputs.parameter_values['b']", json!({ "a": 2, "b": 2.0 })));
    assert!(holds("inputs.parameter_values['flag'] == true", json!({ "flag": true })));
}

#[test]
fn or_binds_less_than_and_and_brackets_bind_most() {
    assert!(holds("true || false && false", json!({})));
    assert!(!holds("(true || false) && false", json!({})));
    assert!(holds("!(1 == 2) && !!true", json!({})));
    assert!(!holds("!true || 1 > 2", json!({})));
}

#[test]
fn what_is_right_of_a_decided_side_is_not_looked_at() {
    assert!(holds("true || 1 < 'x'", json!({})));
    assert!(!holds("false && 1 < 'x'", json!({})));
}

#[test]
fn comparisons_of_all_types() {
    for text in [
        "1 < 2",
        "2.5 >= 2",
        "-1 < 0",
        "-1.5e2 == -150",
        "'a' < 'b'",
        "false < true",
        "null == null",
        "1 != '1'",
        "\"it's\" == 'it\\'s'",
        "'\\u0041\\n' == \"A\\n\"",
        "double('1.5') == 1.5",
        "string(2.0) == '2'",
        "bool('True') == true",
        "int(2.9) == 2",
        "inputs.parameter_values['missing'] == null",
        "9007199254740993 > 9007199254740992",
    ] {
        assert!(holds(text, json!({})), "{text}");
    }
    assert!(holds(
        "inputs.parameter_values['l'] == inputs.parameter_values['m']",
        json!({ "l": [1, 2], "m": [1.0, 2] })
    ));
}

#[test]
fn what_types_do_not_allow_is_a_failure() {
    for (text, part) in [
        ("1 < 'x'", "puts 1 and \"x\" in order"),
        ("int('x') == 1", "makes a whole number of \"x\""),
        ("1", "neither true nor false"),
        ("!'x'", "neither true nor false"),
        ("bool('maybe')", "makes true or false"),
    ] {
        let message = try_holds(text, json!({})).expect_err(text);
        assert!(message.contains(part), "{text}: {message}");
    }
}

#[test]
fn what_is_not_understood_is_named_with_its_place() {
    for (text, part) in [
        ("", "expected a value at the end"),
        ("1 ==", "expected a value at the end"),
        ("1 == 1 1", "nothing may follow before character 8"),
        ("size('x') == 1", "`size` at character 1 is not known"),
        ("inputs.artifacts['x']", "expected `parameter_values` at character 8"),
        ("inputs.parameter_values[x]", "an input's name in quotes at character 25"),
        ("(1 == 1", "expected `)` at the end"),
        ("'x", "character 1 has no end"),
        ("1 # 2", "`#` at character 3"),
        ("1.2.3 > 1", "no number at character 1"),
        ("-'x'", "expected a number"),
    ] {
        let message = Expression::parse(text).expect_err(text);
        assert!(message.contains(part), "{text}: {message}");
    }
}

#[test]
fn depth_is_limited() {
    let nested = |depth: usize| format!("{}true{}", "(".repeat(depth), ")".repeat(depth));
    assert!(Expression::parse(&nested(63)).is_ok());
    assert!(Expression::parse(&nested(64)).expect_err("too deep").contains("more than 64"));
    assert!(Expression::parse(&"!".repeat(1_000_000)).is_err());
}

#[test]
fn parameters_are_found_wherever_they_stand() {
    let text = "!(inputs.parameter_values['a'] == 1) || int(inputs.parameter_values['b']) > 2 && true";
    assert_eq!(Expression::parse(text).expect("sound").parameters(), ["a", "b"]);
}
