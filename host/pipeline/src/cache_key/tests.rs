//! What makes two calls the same, and what does not.
//! Never compares a key with a literal, but once: to hold it still.

use std::collections::BTreeMap;

use host_base::{ArtifactKind, ArtifactRef, FunctionSignature, Value};
use registry_oci::Digest;
use sdk_spec::Grants;
use serde_json::json;

use super::cache_key;
use crate::{Call, ResolvedInputs};

fn function(name: &str) -> Call {
    let signature = FunctionSignature { name: name.to_owned(), parameters: vec![], outputs: vec![], fallible: false };
    Call::Function { signature, arguments: vec![] }
}

fn artifact(content: &[u8]) -> ArtifactRef {
    ArtifactRef {
        digest: Digest::sha256(content),
        kind: ArtifactKind::DataSet,
        media_type: "text/csv".to_owned(),
        size_bytes: content.len() as u64,
        metadata: BTreeMap::new(),
    }
}

fn key(component: &[u8], name: &str, arguments: &[Value], grants: &Grants) -> Digest {
    let inputs = ResolvedInputs::Function { arguments: arguments.to_vec() };
    cache_key(&Digest::sha256(component), &function(name), &inputs, grants, None)
}

#[test]
fn everything_that_matters_makes_another_key() {
    let none = Grants::default();
    let clock = Grants { clock: true, ..Grants::default() };
    let data = Value::Artifact(artifact(b"a,b"));
    let model = Value::Artifact(ArtifactRef { kind: ArtifactKind::Model, ..artifact(b"a,b") });
    let parquet = Value::Artifact(ArtifactRef { media_type: "application/parquet".to_owned(), ..artifact(b"a,b") });
    let digest = artifact(b"a,b").digest.to_string();
    let keys = [
        key(b"one", "f", &[], &none),
        key(b"two", "f", &[], &none),
        key(b"one", "g", &[], &none),
        key(b"one", "f", &[], &clock),
        key(b"one", "f", &[Value::Plain(json!(1))], &none),
        key(b"one", "f", &[Value::Plain(json!("1"))], &none),
        key(b"one", "f", &[Value::Plain(json!([1]))], &none),
        key(b"one", "f", &[Value::Plain(json!(null))], &none),
        key(b"one", "f", &[Value::Plain(json!(digest))], &none),
        key(b"one", "f", &[data], &none),
        key(b"one", "f", &[model], &none),
        key(b"one", "f", &[parquet], &none),
        key(b"one", "f", &[Value::Artifact(artifact(b"a,c"))], &none),
    ];
    for (index, key) in keys.iter().enumerate() {
        assert!(!keys[index + 1..].contains(key), "number {index} has the key of a later one");
    }
}

#[test]
fn commands_are_told_apart_by_arguments_inputs_and_outputs() {
    let key = |args: &[&str], input: &[u8], output: &str| {
        let call = Call::Command {
            args: vec![],
            inputs: BTreeMap::new(),
            outputs: BTreeMap::from([(output.to_owned(), "text/html".to_owned())]),
        };
        let inputs = ResolvedInputs::Command {
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            inputs: BTreeMap::from([("table".to_owned(), Value::Artifact(artifact(input)))]),
        };
        cache_key(&Digest::sha256(b"component"), &call, &inputs, &Grants::default(), None)
    };
    let keys =
        [key(&["a"], b"x", "out"), key(&["a", ""], b"x", "out"), key(&["a"], b"y", "out"), key(&["a"], b"x", "other")];
    for (index, key) in keys.iter().enumerate() {
        assert!(!keys[index + 1..].contains(key), "number {index} has the key of a later one");
    }
}

#[test]
fn names_order_and_metadata_do_not_matter() {
    let none = Grants::default();
    let object = |text: &str| Value::Plain(serde_json::from_str(text).unwrap_or_default());
    let left = object("{\"a\": 1, \"b\": {\"c\": 2, \"d\": 3}}");
    let right = object("{\"b\": {\"d\": 3, \"c\": 2}, \"a\": 1}");
    assert_eq!(key(b"one", "f", &[left], &none), key(b"one", "f", &[right], &none));
    let named = ArtifactRef { metadata: BTreeMap::from([("name".to_owned(), "x".to_owned())]), ..artifact(b"a,b") };
    let (plain, named) = (Value::Artifact(artifact(b"a,b")), Value::Artifact(named));
    assert_eq!(key(b"one", "f", &[plain], &none), key(b"one", "f", &[named], &none));
}

#[test]
fn the_key_stays_what_it_is() {
    // Results that users have cached are lost when this changes; then the version has to change too.
    let arguments = [Value::Plain(json!({"rows": 3, "ratio": 0.1})), Value::Artifact(artifact(b"a,b"))];
    let found = key(b"one", "f", &arguments, &Grants::default()).to_string();
    assert_eq!(found, "sha256:2ebe1b092c945febc6b912de070e9ce6bfb659b89c30e5f6b9bb5e8f2a01f297");
}

#[test]
fn what_the_node_keeps_counts_by_its_hash() {
    let key = |kept| {
        let inputs = ResolvedInputs::Function { arguments: Vec::new() };
        cache_key(&Digest::sha256(b"component"), &function("f"), &inputs, &Grants::default(), kept)
    };
    assert_ne!(key(None), key(Some("a")));
    assert_ne!(key(Some("a")), key(Some("b")));
    assert_eq!(key(Some("a")), key(Some("a")));
}
