//! Arguments of every kind, followed in the outermost graph of a run.
//! Never about what a step does with them.

use std::collections::BTreeMap;
use std::sync::Arc;

use host_base::{ArtifactKind, ArtifactRef};
use registry_oci::Digest;

use super::*;
use crate::sample::{plain, plan};
use crate::{Plan, start};

fn artifact(content: &[u8]) -> Value {
    Value::Artifact(ArtifactRef {
        digest: Digest::sha256(content),
        kind: ArtifactKind::Model,
        media_type: "application/octet-stream".to_owned(),
        size_bytes: content.len() as u64,
        metadata: BTreeMap::new(),
    })
}

fn check(argument: &Argument, expected: impl Into<Option<Value>>) {
    let parameters = BTreeMap::from([
        ("text".to_owned(), Value::Plain(json!("{\"a\": [1, {\"b\": 2}]}"))),
        ("models".to_owned(), Value::List(vec![artifact(b"one"), artifact(b"two")])),
    ]);
    let state = start(Arc::new(Plan { parameters, ..plan(&[("a", &[])]) }));
    let scope = Scope { state: &state, at: None };
    assert_eq!(scope.resolve(argument), expected.into(), "{argument:?}");
}

fn input(name: &str) -> Argument {
    Argument::Input(name.to_owned())
}

fn field(of: Argument, path: &[&str]) -> Argument {
    Argument::Field { of: Box::new(of), path: path.iter().map(|name| (*name).to_owned()).collect() }
}

#[test]
fn parts_of_json_of_text_and_of_lists() {
    let plain_value = |json| Some(Value::Plain(json));
    check(&field(plain(json!({ "a": [1, { "b": 2 }] })), &["a", "1", "b"]), plain_value(json!(2)));
    check(&field(input("text"), &["a", "1", "b"]), plain_value(json!(2)));
    check(&field(input("text"), &[]), plain_value(json!("{\"a\": [1, {\"b\": 2}]}")));
    check(&field(input("models"), &["1"]), Some(artifact(b"two")));
    for missing in [&["b"][..], &["a", "2"], &["a", "x"], &["a", "0", "deeper"]] {
        check(&field(input("text"), missing), None);
    }
    check(&field(input("models"), &["2"]), None);
    check(&field(input("nobody"), &["a"]), None);
}

#[test]
fn a_list_is_json_unless_an_artifact_is_in_it() {
    check(&Argument::List(vec![plain(json!(1)), plain(json!([2]))]), Some(Value::Plain(json!([1, [2]]))));
    let mixed = Argument::List(vec![plain(json!(1)), field(input("models"), &["0"])]);
    check(&mixed, Some(Value::List(vec![Value::Plain(json!(1)), artifact(b"one")])));
    check(&Argument::List(vec![input("nobody")]), None);
}

#[test]
fn what_has_not_ended_has_neither_outputs_nor_a_status() {
    check(&crate::sample::output("a", "out"), None);
    check(&Argument::FinalStatus { step: "a".into() }, None);
    check(
        &Argument::FirstOf(vec![crate::sample::output("a", "out"), plain(json!("else"))]),
        Some(Value::Plain(json!("else"))),
    );
}

#[test]
fn items_come_from_lists_only() {
    let name = StepName::from("l");
    let items = items_of(&name, Some(Value::List(vec![artifact(b"one")])));
    assert_eq!(items.ok(), Some(vec![artifact(b"one")]));
    let wrong = |value| items_of(&name, value).err().map(|failure| failure.message).unwrap_or_default();
    assert_eq!(wrong(Some(artifact(b"x"))), "loop `l` goes over a list, but got an artifact of kind model");
    assert_eq!(wrong(None), "loop `l` goes over a list, but got nothing: what it refers to has no such output");
}
