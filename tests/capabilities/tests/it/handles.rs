//! Artifacts, data sets, models and metrics: in as handles, out as references.
//! Never compares handles: content and digests are what counts.

use host_base::{ArtifactKind, ArtifactRef, Code, Value};
use registry_oci::Digest;
use serde_json::json;

use crate::programs::HANDLES;
use crate::support::{content, function, keep};

#[tokio::test]
async fn an_artifact_is_copied_with_its_metadata() {
    let input = keep(ArtifactKind::Artifact, b"twelve bytes").await;
    let ended = function(HANDLES, "copy-artifact").artifact(&input).run().await;
    let output = ended.artifact("output");
    assert_eq!(content(&output).await, b"twelve bytes");
    assert_eq!(output.digest, input.digest);
    assert_eq!(
        (output.kind, output.media_type.as_str(), output.size_bytes),
        (ArtifactKind::Artifact, "text/plain", 12)
    );
    assert_eq!(output.metadata["made-by"], "test");
    assert_eq!(output.metadata["copied-from"], input.digest.to_string());
    assert_eq!(ended.usage.output_bytes, 12);
}

#[tokio::test]
async fn an_empty_artifact_is_an_artifact() {
    let input = keep(ArtifactKind::Artifact, b"").await;
    let output = function(HANDLES, "copy-artifact").artifact(&input).run().await.artifact("output");
    assert_eq!((output.size_bytes, output.digest), (0, Digest::sha256(b"")));
}

#[tokio::test]
async fn a_data_set_becomes_two_outputs_and_a_number() {
    let input = keep(ArtifactKind::DataSet, b"leftright!").await;
    let ended = function(HANDLES, "split").artifact(&input).run().await;
    let (left, right) = (ended.artifact("left"), ended.artifact("right"));
    assert_eq!((left.kind, content(&left).await), (ArtifactKind::DataSet, b"leftr".to_vec()));
    assert_eq!((right.media_type.as_str(), content(&right).await), ("text/csv", b"ight!".to_vec()));
    assert_eq!(ended.outputs()["rows"], Value::Plain(json!(10)));
}

#[tokio::test]
async fn an_owned_model_is_taken_and_given_back() {
    let input = keep(ArtifactKind::Model, b"weights").await;
    let output = function(HANDLES, "copy-model").artifact(&input).run().await.artifact("output");
    assert_eq!((output.kind, output.digest), (ArtifactKind::Model, input.digest));
}

#[tokio::test]
async fn metrics_are_written_and_read() {
    let written = function(HANDLES, "evaluate").plain(json!(0.97)).run().await.artifact("output");
    assert_eq!((written.kind, written.media_type.as_str()), (ArtifactKind::Metrics, host_cap_data::METRICS_MEDIA_TYPE));
    let again = function(HANDLES, "evaluate").plain(json!(0.97)).run().await.artifact("output");
    assert_eq!(written.digest, again.digest, "equal metrics have equal bytes");
    let read = function(HANDLES, "read-metrics").artifact(&written).run().await;
    assert_eq!(read.outputs()["accuracy"], Value::Plain(json!(0.97)));
    assert_eq!(read.outputs()["classes"], Value::Plain(json!(1)));
    assert_eq!(read.outputs()["diagonal"], Value::Plain(json!(7)));
    assert_eq!(read.outputs()["digest"], Value::Plain(json!(written.digest.to_string())));
}

#[tokio::test]
async fn a_handle_may_be_optional() {
    let input = keep(ArtifactKind::Artifact, b"maybe").await;
    let ended = function(HANDLES, "maybe").artifact(&input).run().await;
    assert_eq!(ended.artifact("output").digest, input.digest);
    let ended = function(HANDLES, "maybe").plain(json!(null)).run().await;
    assert_eq!(ended.output(), json!(null));
}

#[tokio::test]
async fn the_wrong_kind_is_refused() {
    let model = keep(ArtifactKind::Model, b"weights").await;
    let failure = function(HANDLES, "split").artifact(&model).run().await.failure(Code::TypeMismatch);
    assert_eq!(failure.message, "argument `input`: expected a data-set, got a model");
    let failure = function(HANDLES, "evaluate").artifact(&model).run().await.failure(Code::TypeMismatch);
    assert_eq!(failure.message, "argument `accuracy`: expected a number (f64), got a model");
    let failure = function(HANDLES, "split").plain(json!("text")).run().await.failure(Code::TypeMismatch);
    assert_eq!(failure.message, "argument `input`: expected a data-set, got \"text\"");
}

#[tokio::test]
async fn no_plain_value_passes_for_an_artifact() {
    let forged = json!({"artifact": {"digest": Digest::sha256(b"").to_string(), "kind": "artifact"}});
    let failure = function(HANDLES, "copy-artifact").plain(forged.clone()).run().await.failure(Code::TypeMismatch);
    assert!(failure.message.starts_with("argument `input`: expected an artifact"), "{}", failure.message);
    let failure = function(HANDLES, "pass-list").plain(json!([forged])).run().await.failure(Code::TypeMismatch);
    assert!(failure.message.starts_with("argument `input[0]`: expected an artifact"), "{}", failure.message);
}

#[tokio::test]
async fn an_artifact_that_is_gone_is_named() {
    let digest = Digest::sha256(b"never kept");
    let gone = ArtifactRef {
        digest: digest.clone(),
        kind: ArtifactKind::Artifact,
        media_type: "text/plain".to_owned(),
        size_bytes: 10,
        metadata: Default::default(),
    };
    let failure = function(HANDLES, "copy-artifact").artifact(&gone).run().await.failure(Code::ArtifactNotFound);
    assert_eq!(failure.message, format!("argument `input`: no artifact {digest} is stored here"));
}

#[tokio::test]
async fn misuse_is_answered_not_trapped() {
    let input = keep(ArtifactKind::Artifact, b"12345").await;
    let ended = function(HANDLES, "misuse").artifact(&input).run().await;
    let answers = ended.output();
    let expected = [
        "Err(Error::OutOfRange(5))",
        "Ok([])",
        "is not a media type",
        "one write may carry 1048576 bytes, not 1048577",
        "Err(Error::LimitExceeded(\"metadata of one artifact may have 65536 bytes\"))",
        "scalar `loss` is NaN, which metrics cannot hold",
        "the confusion matrix is not square over its 1 labels",
    ];
    for (index, expected) in expected.iter().enumerate() {
        let answer = answers[index].as_str().unwrap();
        assert!(answer.contains(expected), "{index}: {answer}");
    }
}
