//! Values, files, records and defaults, from one step of Python to the next.
//! Never looks at a component.

use serde_json::json;

use crate::node::{Node, step};
use crate::{notebook, packages};

#[test]
fn pipelines_are_checked_and_values_and_files_flow_through_them() {
    let node = match Node::start(&["--notebook-platform", "submit"]) {
        Ok(node) => node,
        Err(reason) => return eprintln!("skipped: {reason}"),
    };
    a_wrong_edge_is_refused_before_anything_runs(&node);
    values_and_files_flow_from_step_to_step(&node);
    every_type_comes_back_as_it_was(&node);
    notebook::a_cell_makes_a_step_that_runs(&node);
    packages::a_node_without_an_index_says_how_to_allow_one(&node);
}

fn values_and_files_flow_from_step_to_step(node: &Node) {
    let document = node.document("words.py", "words");
    let source = node.file("poem.txt", "Sand in the Mill, sand in the WIND");
    let run = node.run(&document, &[&format!("source=@{source}")]);
    assert_eq!(run["status"], "succeeded", "{run:#}");
    let counted = step(&run, "count");
    assert_eq!(counted["outputs"]["words"]["plain"], 4, "{counted}");
    let report = &counted["outputs"]["report"]["artifact"];
    assert_eq!((&report["mediaType"], &report["kind"]), (&json!("text/markdown"), &json!("artifact")));
    assert_eq!(report["metadata"], json!({ "lines": "3" }));
    let content = node.said(&["artifact", "get", report["digest"].as_str().unwrap()]);
    assert_eq!(content, "# words\nsand\nmill\nsand\nwind");
    assert_eq!(step(&run, "judge")["outputs"]["output"]["plain"], "long");
    assert_eq!(step(&run, "say")["outputs"]["output"]["plain"], "LONG: counted 4 of ${them}");
    assert!(node.said(&["run", "logs", "latest"]).contains("4 of text/plain"));

    // What a file was made into and from is known as for any step.
    let detail: serde_json::Value =
        serde_json::from_str(&node.said(&["artifact", "show", report["digest"].as_str().unwrap(), "--json"])).unwrap();
    assert_eq!(detail["uses"][0]["parameter"], "report", "{detail}");
    let again = node.run(&document, &[&format!("source=@{source}")]);
    for name in ["count", "judge", "say"] {
        assert_eq!(step(&again, name)["reused"], true, "{again:#}");
    }
    let other = node.run(&document, &[&format!("source=@{source}"), "least=5"]);
    assert_eq!(step(&other, "count")["outputs"]["words"]["plain"], 0, "{other:#}");
}

fn every_type_comes_back_as_it_was(node: &Node) {
    let run = node.run(&node.document("words.py", "everything"), &[]);
    assert_eq!(run["status"], "succeeded", "{run:#}");
    let made = &step(&run, "make")["outputs"];
    assert_eq!(made["style"]["plain"], json!({ "min-length": 2, "letters": "lower" }));
    assert_eq!((&made["nothing"]["plain"], &made["raw"]["plain"]), (&json!("NaN"), &json!([0, 255])));
    assert_eq!(
        step(&run, "take")["outputs"]["output"]["plain"],
        r"(255, 0.5, True, ['a', None], (-1, 'ü\n'), b'\x00\xff', Style(min_length=2, letters='lower'))"
    );
}

fn a_wrong_edge_is_refused_before_anything_runs(node: &Node) {
    let document = node.document("words.py", "wrong-edge");
    let source = node.file("poem.txt", "x");
    let told = node.refused(&["pipeline", "run", &document, "--param", &format!("source=@{source}")]);
    for part in [
        "SM0106",
        "step `judge`, argument `words` wants s64",
        "`${steps.count.report}` is artifact",
        "step `say`, argument `verdict` wants one of short, long, but `${steps.count.words}` is u64",
    ] {
        assert!(told.contains(part), "`{part}` is not in\n{told}");
    }
    assert_eq!(node.said(&["run", "list"]).lines().count(), 1, "nothing was started");
}
