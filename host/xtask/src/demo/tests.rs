//! Tests of what the demo reads from the server's answers.
//! Never starts a server.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use serde_json::json;

use super::report::{Run, accuracy, run_id};

fn shown() -> String {
    json!({
        "id": "019a5c1e-7f3a-7c3e-9d52-0b1c2d3e4f50",
        "status": "succeeded",
        "steps": [
            {
                "name": "report", "status": "succeeded", "reused": false,
                "startedAtMillis": 30, "finishedAtMillis": 42,
                "outputs": { "output": { "artifact": {
                    "digest": "sha256:aa", "kind": "artifact", "mediaType": "text/html; charset=utf-8", "sizeBytes": 1
                } } },
            },
            {
                "name": "evaluate", "status": "succeeded", "reused": true,
                "startedAtMillis": 10, "finishedAtMillis": 30,
                "outputs": { "output": { "artifact": {
                    "digest": "sha256:bb", "kind": "metrics", "mediaType": "application/json", "sizeBytes": 1
                } } },
            },
        ],
    })
    .to_string()
}

#[test]
fn finds_artifacts_by_kind_and_by_media_type() {
    let run = Run::from_json(&shown()).unwrap();
    assert_eq!(run.artifact_of_kind("metrics"), Some("sha256:bb"));
    assert_eq!(run.artifact_of_media_type("text/html"), Some("sha256:aa"));
    assert_eq!(run.artifact_of_kind("model"), None);
}

#[test]
fn reads_the_run_from_one_object_or_from_the_last_line_of_many() {
    assert_eq!(run_id("{\n  \"id\": \"a\"\n}\n").unwrap(), "a");
    assert_eq!(run_id("{\"event\": 1}\n{\"run\": \"b\"}\n").unwrap(), "b");
    assert!(run_id("{}").is_err());
}

#[test]
fn reads_the_accuracy_and_says_so_where_there_is_none() {
    assert!((accuracy("{\"scalars\": {\"accuracy\": 0.97}}").unwrap() - 0.97).abs() < 1e-9);
    assert!(accuracy("{}").is_err());
}
