//! Tests of what the demo reads from the server's answers.
//! Never starts a server.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use serde_json::json;

use super::report::{Run, run_id};

fn shown() -> String {
    json!({
        "id": "019a5c1e-7f3a-7c3e-9d52-0b1c2d3e4f50",
        "status": "succeeded",
        "steps": [
            {
                "name": "report", "status": "succeeded", "reused": false,
                "startedAtMillis": 30, "finishedAtMillis": 42,
                "outputs": { "report": { "artifact": {
                    "digest": "sha256:aa", "kind": "artifact", "mediaType": "text/html; charset=utf-8", "sizeBytes": 1
                } } },
            },
            {
                "name": "evaluate", "status": "succeeded", "reused": true,
                "startedAtMillis": 10, "finishedAtMillis": 30,
                "outputs": { "accuracy": { "plain": 0.97 } },
            },
            {
                "name": "evaluate-test", "status": "skipped", "reused": false,
                "startedAtMillis": null, "finishedAtMillis": null, "outputs": null,
            },
        ],
    })
    .to_string()
}

#[test]
fn finds_the_report_by_its_media_type() {
    let run = Run::from_json(&shown()).unwrap();
    assert_eq!(run.artifact_of_media_type("text/html"), Some("sha256:aa"));
    assert_eq!(run.artifact_of_media_type("text/csv"), None);
}

#[test]
fn the_accuracy_is_that_of_the_step_that_scores_unseen_rows() {
    let run = Run::from_json(&shown()).unwrap();
    assert!((run.accuracy().unwrap() - 0.97).abs() < 1e-9);
    let without = Run::from_json(&shown().replace("\"evaluate\"", "\"score\"")).unwrap();
    assert!(without.accuracy().unwrap_err().to_string().contains("evaluate"));
}

#[test]
fn reads_the_run_from_one_object_or_from_the_last_line_of_many() {
    assert_eq!(run_id("{\n  \"id\": \"a\"\n}\n").unwrap(), "a");
    assert_eq!(run_id("{\"event\": 1}\n{\"run\": \"b\"}\n").unwrap(), "b");
    assert!(run_id("{}").is_err());
}
