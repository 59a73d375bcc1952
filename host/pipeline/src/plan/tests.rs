//! Plans as they are stored.
//! Never about what a plan means.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use serde_json::json;

use super::*;
use crate::sample;

#[test]
fn a_plan_survives_being_written() {
    let plan = sample::plan(&[("a", &[]), ("b", &["a"])]);
    let json = serde_json::to_value(&plan).unwrap();
    assert_eq!(serde_json::from_value::<Plan>(json).unwrap(), plan);
}

#[test]
fn a_plan_from_before_graphs_is_read_as_one_graph() {
    let plan = sample::plan(&[("a", &[]), ("b", &["a"])]);
    let steps: Vec<serde_json::Value> = plan
        .graph
        .tasks
        .iter()
        .map(|task| {
            let Work::Step(step) = &task.work else { unreachable!("the sample has steps only") };
            let mut json = serde_json::to_value(step).unwrap();
            json["name"] = json!(task.name);
            json["needs"] = json!(task.needs);
            json
        })
        .collect();
    let old = json!({ "pipeline": plan.pipeline, "parameters": {}, "steps": steps });
    assert_eq!(serde_json::from_value::<Plan>(old).unwrap(), plan);
}
