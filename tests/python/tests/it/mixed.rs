//! Steps of Python between built-in components.
//! Never reads what a component keeps to itself.

use crate::node::{Node, step};

#[test]
fn python_makes_rows_and_judges_what_a_component_learned() {
    let node = match Node::start(&[]) {
        Ok(node) => node,
        Err(reason) => return eprintln!("skipped: {reason}"),
    };
    node.push_components(&["load-table", "split-rows", "train-classifier", "evaluate-classifier"]);
    a_component_is_handed_what_it_takes(&node);
    let run = node.run(&node.document("mixed.py", "mixed"), &[]);
    assert_eq!(run["status"], "succeeded", "{run:#}");
    let judged = &step(&run, "judge")["outputs"];
    assert_eq!(judged["good"]["plain"], true, "{judged}");
    assert_eq!(judged["summary"]["artifact"]["kind"], "metrics", "{judged}");
    let summary = node.said(&["artifact", "get", judged["summary"]["artifact"]["digest"].as_str().unwrap()]);
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    let accuracy = step(&run, "evaluate")["outputs"]["accuracy"]["plain"].as_f64();
    assert_eq!(summary["scalars"]["accuracy"].as_f64(), accuracy);
    assert!(accuracy.is_some_and(|accuracy| accuracy >= 0.9), "{accuracy:?}");
    let table = |name: &str, output: &str| step(&run, name)["outputs"][output]["artifact"]["digest"].clone();
    assert_eq!(table("hand-on", "output"), table("load", "table"));
}

fn a_component_is_handed_what_it_takes(node: &Node) {
    let told = node.refused(&["pipeline", "check", &node.document("mixed.py", "wrong-edge")]);
    let expected = "step `split`, argument `table` wants data-set, but `${steps.rows.output}` is artifact";
    assert!(told.contains(expected), "{told}");
}
