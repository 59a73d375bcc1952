//! Two runs side by side.
//! Never asks a server.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]
use serde_json::json;

use super::*;

fn run(id: &str, rate: f64, accuracy: Option<f64>) -> RunDetail {
    let step = |name: &str, outputs: serde_json::Value| json!({ "name": name, "kind": "step", "status": "succeeded", "attempts": 1, "reused": false, "component": "c", "outputs": outputs });
    let metrics = json!({
        "digest": "sha256:00", "kind": "metrics", "mediaType": "application/json", "sizeBytes": 2,
        "metadata": accuracy.map_or(json!({}), |accuracy| json!({ "accuracy": accuracy.to_string(), "name": "x" })),
    });
    let detail = json!({
        "id": id, "pipeline": "p", "status": "succeeded", "submittedAtMillis": 1, "stepsTotal": 2, "stepsFinished": 2,
        "parameters": { "rate": { "plain": rate }, "rows": { "plain": 3 } },
        "steps": [step("train", json!({ "loss": { "plain": 0.5 } })), step("test", json!({ "m": { "artifact": metrics } }))],
    });
    serde_json::from_value(detail).unwrap()
}

#[test]
fn what_differs_and_what_was_measured_stands_side_by_side() {
    let compared = comparison(&[run("a", 0.1, Some(0.9)), run("b", 0.2, None)]);
    assert_eq!(compared.parameters, [("rate".to_owned(), vec![Some(json!(0.1)), Some(json!(0.2))])].into());
    let metrics =
        [("test.accuracy".to_owned(), vec![Some(0.9), None]), ("train.loss".to_owned(), vec![Some(0.5), Some(0.5)])];
    assert_eq!(compared.metrics, metrics.into());
    let text = text(&compared, false);
    assert!(text.contains("parameter rate") && text.contains("test.accuracy") && !text.contains("rows"), "{text}");
}
