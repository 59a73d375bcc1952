//! What attempts leave behind, whole and in part.

use std::collections::BTreeMap;

use host_base::{ArtifactKind, ArtifactRef, Value};
use registry_oci::Digest;
use sdk_spec::kfp::{ArtifactOutput, ParameterOutput, ParameterType};
use serde_json::{Value as Json, json};

use crate::kfp::ContainerCall;
use crate::kfp::artifact::RuntimeArtifact;
use crate::kfp::layout::tests::{call, inputs, laid_out};
use crate::layout::{Collected, Layout, Promised, outputs};

fn content(text: &str) -> ArtifactRef {
    ArtifactRef {
        digest: Digest::sha256(text.as_bytes()),
        kind: ArtifactKind::Artifact,
        media_type: "application/octet-stream".to_owned(),
        size_bytes: text.len() as u64,
        metadata: BTreeMap::new(),
    }
}

fn collected(description: Option<&Json>, texts: &[(&str, &str)]) -> Collected {
    let mut collected = Collected::default();
    collected.artifacts.insert("artifact/model".to_owned(), content("weights"));
    collected.texts.extend(texts.iter().map(|(name, text)| (format!("parameter/{name}"), (*text).to_owned())));
    if let Some(description) = description {
        collected.texts.insert("executor/output".to_owned(), description.to_string());
    }
    collected
}

fn model(layout: &Layout, collected: &Collected) -> RuntimeArtifact {
    match &outputs(layout, collected).expect("outputs")["model"] {
        Value::Artifact(artifact) => RuntimeArtifact::of(artifact, "model"),
        other => panic!("{other:?}"),
    }
}

/// A call that gives one parameter of a type.
fn giving(parameter_type: ParameterType) -> ContainerCall {
    let mut call = call();
    call.gives.parameters.insert("score".to_owned(), ParameterOutput { parameter_type, ..ParameterOutput::default() });
    call
}

#[test]
fn what_the_step_says_wins_over_the_files() {
    let layout = laid_out(&call(), &inputs());
    let said = json!({ "parameterValues": { "score": 2 }, "artifacts": {} });
    let found = outputs(&layout, &collected(Some(&said), &[("score", "1.5")])).expect("outputs");
    assert_eq!(found["score"], Value::Plain(json!(2)));
    let found = outputs(&layout, &collected(None, &[("score", "1.5")])).expect("outputs");
    assert_eq!(found["score"], Value::Plain(json!(1.5)));
}

#[test]
fn files_are_read_by_their_types() {
    for (parameter_type, text, expected) in [
        (ParameterType::String, "7\n", json!("7\n")),
        (ParameterType::NumberInteger, "7\n", json!(7)),
        (ParameterType::NumberDouble, "1e3", json!(1000.0)),
        (ParameterType::Boolean, "True", json!(true)),
        (ParameterType::List, "[1, 2]", json!([1, 2])),
        (ParameterType::Struct, "{\"a\": 1}", json!({ "a": 1 })),
    ] {
        let layout = laid_out(&giving(parameter_type), &inputs());
        let found = outputs(&layout, &collected(None, &[("score", text)])).expect("outputs");
        assert_eq!(found["score"], Value::Plain(expected), "{parameter_type:?}");
    }
}

#[test]
fn missing_and_mistyped_parameters_are_failures() {
    let layout = laid_out(&call(), &inputs());
    let failure = outputs(&layout, &collected(None, &[])).expect_err("nothing was written");
    assert_eq!(failure.message, "task `train` ended without its output parameter `score`");
    let failure = outputs(&layout, &collected(None, &[("score", "much")])).expect_err("text for a number");
    assert_eq!(failure.message, "task `train` gives a number as `score`, and wrote \"much\"");
    let mut broken = collected(None, &[("score", "1")]);
    broken.texts.insert("executor/output".to_owned(), "{".to_owned());
    assert!(outputs(&layout, &broken).is_err());
}

#[test]
fn metadata_and_metrics_are_kept_as_they_were_said() {
    let layout = laid_out(&call(), &inputs());
    let metadata = json!({
        "accuracy": 0.75,
        "confusionMatrix": { "annotationSpecs": [{ "displayName": "cat" }], "rows": [{ "row": [9] }] },
        "confidenceMetrics": [{ "confidenceThreshold": 0.5, "recall": 0.6, "falsePositiveRate": 0.1 }],
    });
    let said =
        json!({ "artifacts": { "model": { "artifacts": [{ "name": "model", "uri": "", "metadata": metadata }] } } });
    let model = model(&layout, &collected(Some(&said), &[("score", "1")]));
    assert_eq!(json!(model.metadata), metadata);
    assert!(model.uri.starts_with("minio://bucket/root/"));
}

#[test]
fn an_artifact_that_was_not_written_is_a_reference() {
    let layout = laid_out(&call(), &inputs());
    let mut without = collected(None, &[("score", "1")]);
    without.artifacts.clear();
    let Value::Artifact(artifact) = &outputs(&layout, &without).expect("outputs")["model"] else {
        panic!("no artifact")
    };
    assert_eq!(artifact.metadata["kfp.external"], "true");
    let elsewhere =
        json!({ "artifacts": { "model": { "artifacts": [{ "uri": "gs://other/model", "metadata": {} }] } } });
    let model = model(&layout, &collected(Some(&elsewhere), &[("score", "1")]));
    assert_eq!(model.uri, "gs://other/model");
}

#[test]
fn an_output_that_is_looked_for_elsewhere_is_named() {
    let layout = laid_out(&call(), &inputs());
    let Promised::Kfp(promise) = &layout.promised else { panic!("a task's promise") };
    let uri = promise.artifacts["model"].artifact.uri.replace("/model", "/other");
    for said in [json!({ "uri": uri, "metadata": {} }), json!({ "uri": "", "custom_path": "/tmp/x" })] {
        let said = json!({ "artifacts": { "model": { "artifacts": [said] } } });
        let failure = outputs(&layout, &collected(Some(&said), &[("score", "1")])).expect_err("another place");
        assert!(failure.message.contains("it is looked for at `/minio/bucket/root/"), "{}", failure.message);
    }
}

#[test]
fn a_list_of_artifacts_stays_a_list() {
    let mut call = call();
    call.gives
        .artifacts
        .insert("model".to_owned(), ArtifactOutput { is_artifact_list: true, ..ArtifactOutput::default() });
    let layout = laid_out(&call, &inputs());
    let found = outputs(&layout, &collected(None, &[("score", "1")])).expect("outputs");
    assert_eq!(found["model"], Value::List(Vec::new()));
}
