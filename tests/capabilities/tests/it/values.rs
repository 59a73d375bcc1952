//! Every WIT type there and back, and what does not fit.
//! Never tests a type by its Rust side alone: the guest gives back what crossed twice.

use host_base::Code;
use serde_json::{Value as Json, json};

use crate::programs::{ECHO, FIBONACCI};
use crate::support::function;

#[tokio::test]
async fn every_type_comes_back_as_it_went() {
    let cases = [
        ("bool", json!(true)),
        ("u8", json!(255)),
        ("u16", json!(65535)),
        ("u32", json!(4_294_967_295_u32)),
        ("u64", json!(u64::MAX)),
        ("s8", json!(-128)),
        ("s16", json!(-32768)),
        ("s32", json!(i32::MIN)),
        ("s64", json!(i64::MIN)),
        ("f32", json!(0.1)),
        ("f64", json!(1.0e300)),
        ("f64", json!("NaN")),
        ("f64", json!("-Infinity")),
        ("f32", json!("Infinity")),
        ("char", json!("ß")),
        ("string", json!("grüße\n\u{1F980}")),
        ("bytes", json!([0, 127, 255])),
        ("bytes", json!([])),
        ("list", json!([["a"], [], ["b", "c"]])),
        ("option", json!(null)),
        ("option", json!(7)),
        ("tuple", json!([1, "one"])),
        ("record", json!({"x": -1, "label": "here", "inner": [0.5, 0.25]})),
        ("record", json!({"x": -1, "label": null, "inner": [0.5, 0.25]})),
        ("variant", json!("dot")),
        ("variant", json!({"circle": 2.5})),
        ("variant", json!({"path": [{"x": 1, "label": null, "inner": [0.0, 0.0]}]})),
        ("enum", json!("dark-green")),
        ("flags", json!(["read", "run-it"])),
        ("results", json!([{"ok": 1}, {"err": "no"}])),
    ];
    for (kind, value) in cases {
        let ended = function(ECHO, &format!("echo-{kind}")).plain(value.clone()).run().await;
        match ended.outputs().get("output") {
            Some(host_base::Value::Plain(output)) => assert_eq!(*output, value, "{kind}"),
            // A record is one output per field.
            _ => {
                let fields = serde_json::to_value(ended.outputs()).unwrap();
                for (name, field) in value.as_object().unwrap() {
                    assert_eq!(fields[name]["plain"], *field, "{kind}");
                }
            }
        }
    }
}

async fn refused(kind: &str, value: Json) -> String {
    function(ECHO, &format!("echo-{kind}")).plain(value).run().await.failure(Code::TypeMismatch).message
}

#[tokio::test]
async fn what_does_not_fit_is_refused_with_its_place() {
    let cases = [
        ("u8", json!(256), "argument `value`: expected a whole number from 0 to 255 (u8), got 256"),
        ("u8", json!(-1), "argument `value`: expected a whole number from 0 to 255 (u8), got -1"),
        ("u8", json!(1.5), "argument `value`: expected a whole number from 0 to 255 (u8), got 1.5"),
        ("s64", json!(9_223_372_036_854_775_808_u64), "(s64), got 9223372036854775808"),
        ("f32", json!(1.0e300), "expected a number (f32)"),
        ("f64", json!("nan"), "expected a number (f64), got \"nan\""),
        ("char", json!("ab"), "expected a string of one character (char), got \"ab\""),
        ("string", json!(7), "argument `value`: expected a string, got 7"),
        ("list", json!([["a"], ["b", 3]]), "argument `value[1][1]`: expected a string, got 3"),
        ("tuple", json!([1]), "expected a list of exactly 2 items (tuple), got [1]"),
        ("record", json!({"x": 1, "inner": [0.0, "0"]}), "argument `value.inner[1]`: expected a number (f64)"),
        ("record", json!({"x": 1}), "argument `value`: field `inner` is missing"),
        ("record", json!({"x": 1, "y": 2}), "argument `value`: there is no field `y`; there are x, label, inner"),
        ("variant", json!("square"), "expected one of the cases dot, circle, path (variant), got \"square\""),
        ("variant", json!("circle"), "expected one of the cases"),
        ("variant", json!({"circle": "wide"}), "argument `value.circle`: expected a number (f64), got \"wide\""),
        ("enum", json!("blue"), "expected one of red, dark-green (enum), got \"blue\""),
        (
            "flags",
            json!(["read", "fly"]),
            "argument `value[1]`: expected a list with any of read, write, run-it (flags)",
        ),
        ("results", json!([{"maybe": 1}]), "argument `value[0]`: expected an object with `ok` or `err` (result)"),
    ];
    for (kind, value, expected) in cases {
        let message = refused(kind, value.clone()).await;
        assert!(message.contains(expected), "{kind} {value}: {message}");
    }
}

#[tokio::test]
async fn a_whole_float_is_a_whole_number_and_an_option_may_be_left_out() {
    let ended = function(ECHO, "echo-u8").plain(json!(3.0)).run().await;
    assert_eq!(ended.output(), json!(3));
    let ended = function(ECHO, "echo-record").plain(json!({"x": 1, "inner": [0, 1]})).run().await;
    assert_eq!(serde_json::to_value(ended.outputs()).unwrap()["label"], json!({"plain": null}));
}

#[tokio::test]
async fn arguments_are_taken_in_order_and_counted() {
    let ended = function(ECHO, "add").plain(json!(2)).plain(json!(40)).run().await;
    assert_eq!(ended.output(), json!(42));
    let failure = function(ECHO, "add").plain(json!(2)).run().await.failure(Code::TypeMismatch);
    assert_eq!(failure.message, "function `add` takes 2 arguments, but 1 were given");
}

#[tokio::test]
async fn what_the_bench_computes_is_right() {
    let ended = function(FIBONACCI, "run").plain(json!(20)).run().await;
    assert_eq!(ended.output(), json!(6765));
}
