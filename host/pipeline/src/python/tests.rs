//! What an attempt at a function sees, and reports of what it returned, sound and otherwise.
//! Never runs any Python.

use std::collections::BTreeMap;

use host_base::artifact::METADATA_BYTES_MAX;
use host_base::{ArtifactKind, ArtifactRef, Code, Failure, FunctionSignature, NamedType, Value, ValueType};
use registry_oci::Digest;
use serde_json::{Value as Json, json};

use super::{PackageRequest, PythonCall, PythonFunction, layout, outputs};
use crate::layout::{Collected, LayoutContent};

fn named(name: &str, value_type: ValueType) -> NamedType {
    NamedType { name: name.to_owned(), value_type }
}

fn signature(outputs: Vec<NamedType>) -> FunctionSignature {
    let parameters = vec![named("least", ValueType::S64), named("text", ValueType::Artifact(ArtifactKind::Artifact))];
    FunctionSignature { name: "count".to_owned(), parameters, outputs, fallible: true }
}

fn artifact(text: &str) -> ArtifactRef {
    ArtifactRef {
        digest: Digest::sha256(text.as_bytes()),
        kind: ArtifactKind::Artifact,
        media_type: "application/octet-stream".to_owned(),
        size_bytes: text.len() as u64,
        metadata: BTreeMap::new(),
    }
}

fn collected(report: &Json, files: &[&str]) -> Collected {
    let artifacts = files.iter().map(|name| (format!("artifact/{name}"), artifact(name))).collect();
    Collected { artifacts, texts: BTreeMap::from([("python/report".to_owned(), report.to_string())]) }
}

/// What becomes of a function that promises one value of a type, and is said to have returned this.
fn returned(value_type: ValueType, said: &Json) -> Result<Value, Failure> {
    let report = json!({ "returned": { "output": said } });
    let signature = signature(vec![named("output", value_type)]);
    outputs(&signature, &collected(&report, &["output"])).map(|mut outputs| outputs.remove("output").expect("one"))
}

#[test]
fn an_attempt_sees_its_call_and_its_files() {
    let call = PythonCall {
        signature: signature(vec![
            named("words", ValueType::U32),
            named("table", ValueType::Artifact(ArtifactKind::DataSet)),
        ]),
        arguments: Vec::new(),
        function: PythonFunction {
            name: "count".to_owned(),
            source: "def count(text, least): ...".to_owned(),
            packages: PackageRequest::default(),
            wheels: Vec::new(),
        },
    };
    let text = artifact("some words");
    let layout = layout(&call, &[Value::Plain(json!(3)), Value::Artifact(text.clone())]).expect("a layout");
    assert_eq!(layout.argv, ["run-python", "step", "/step/call.json", "/step/report.json"]);
    assert_eq!(layout.files[0].guest_path, "/inputs/text");
    assert_eq!(layout.files[0].content, LayoutContent::Artifact(text.clone()));
    let LayoutContent::Text(file) = &layout.files[1].content else { panic!("text") };
    let file: Json = serde_json::from_str(file).expect("JSON");
    assert_eq!(file["arguments"]["least"], json!({ "value": 3 }));
    assert_eq!(file["arguments"]["text"]["file"]["path"], "/inputs/text");
    assert_eq!(file["arguments"]["text"]["file"]["digest"], text.digest.to_string());
    assert_eq!(file["results"], json!({ "words": "/outputs/words", "table": "/outputs/table" }));
    assert_eq!(file["single"], false);
    let looked_for: Vec<&str> = layout.outputs.keys().map(String::as_str).collect();
    assert_eq!(looked_for, ["artifact/table", "python/report"]);
}

#[test]
fn values_are_checked_against_what_was_promised() {
    let sound = returned(ValueType::S64, &json!({ "pythonType": "int", "value": 7 }));
    assert_eq!(sound, Ok(Value::Plain(json!(7))));
    let option = ValueType::Option(Box::new(ValueType::S64));
    assert_eq!(returned(option, &json!({ "pythonType": "NoneType", "value": null })), Ok(Value::Plain(Json::Null)));
    let rows = [
        (
            json!({ "pythonType": "str", "value": "seven" }),
            "function `count`, result `output` wants s64, a whole number from -9223372036854775808 to 9223372036854775807, but got \"seven\" (a Python `str`)",
        ),
        (json!({ "pythonType": "set" }), "function `count`, result `output` wants s64, but got a Python `set`"),
        (
            json!({ "pythonType": "Artifact", "file": { "kind": "artifact", "mediaType": "text/plain" } }),
            "function `count`, result `output` wants s64, but got a Python `Artifact`",
        ),
    ];
    for (said, expected) in rows {
        let failure = returned(ValueType::S64, &said).expect_err(expected);
        assert_eq!((failure.code, failure.message.as_str()), (Code::TypeMismatch, expected));
    }
}

#[test]
fn files_are_what_the_function_says_within_what_was_promised() {
    let model = ValueType::Artifact(ArtifactKind::Model);
    let said = |kind: &str, media_type: &str, metadata: Json| json!({ "pythonType": "Model", "file": { "kind": kind, "mediaType": media_type, "metadata": metadata } });
    let found = returned(model.clone(), &said("model", "text/csv", json!({ "rows": "3" })));
    let Ok(Value::Artifact(found)) = found else { panic!("{found:?}") };
    assert_eq!((found.kind, found.media_type.as_str()), (ArtifactKind::Model, "text/csv"));
    assert_eq!(found.metadata["rows"], "3");
    let refused = |said: &Json| returned(model.clone(), said).expect_err("refused").message;
    let told = refused(&said("artifact", "text/csv", json!({})));
    assert_eq!(told, "function `count`, result `output` wants model, but got a Python `Model`");
    assert!(refused(&said("model", "csv", json!({}))).ends_with("`csv` is no media type"));
    let told = refused(&said("model", "text/csv", json!({ "x": "y".repeat(METADATA_BYTES_MAX) })));
    assert!(told.ends_with("its metadata has 65537 bytes; at most 65536 are kept"), "{told}");
    assert!(
        returned(model.clone(), &said("model", "text/csv", json!({ "x": "y".repeat(METADATA_BYTES_MAX - 1) }))).is_ok()
    );
    assert_eq!(
        refused(&json!({ "pythonType": "NoneType", "value": null })),
        "function `count`, result `output` wants model, but got a Python `NoneType`"
    );
}

#[test]
fn exceptions_and_missing_results_are_failures() {
    let signature = signature(vec![named("words", ValueType::U32)]);
    let failed = |report: &Json| outputs(&signature, &collected(report, &[])).expect_err("a failure");
    let failure = failed(&json!({ "failed": { "message": "ValueError: no words", "retryable": true } }));
    assert_eq!((failure.code, failure.message.as_str()), (Code::StepFailed, "ValueError: no words"));
    assert!(failure.retryable, "{failure:?}");
    let said = json!({ "failed": { "message": "x".repeat(5_000), "hint": "wait", "retryable": false } });
    let failure = failed(&said);
    assert_eq!((failure.message.chars().count(), failure.hint.as_deref()), (4_097, Some("wait")));
    assert!(!failure.retryable, "{failure:?}");
    assert_eq!(failed(&json!({ "returned": {} })).message, "function `count` returned no `words`, which it promises");
    assert_eq!(failed(&json!({ "gone": {} })).code, Code::MissingOutput);
    let nothing = outputs(&signature, &Collected::default()).expect_err("no report");
    assert_eq!(nothing.message, "function `count` ended the whole program before it returned");
}
