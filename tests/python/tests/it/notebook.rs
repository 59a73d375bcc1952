//! A cell of a notebook makes a step, and another one runs it on the node that the notebook is on.
//! Never leaves the sandbox: the kernel has the SDK, and asks the node as far as it was granted.

use serde_json::{Value, json};

use crate::node::Node;

/// Cells, one after the other.
const CELLS: [&str; 2] = [
    "\
import re
from sandmill_sdk import Pipeline, step

WORD = re.compile(r'\\w+')

@step
def count(text: str) -> int:
    return len(WORD.findall(text))

pipeline = Pipeline('from-a-cell')
pipeline.step('count', count, text=pipeline.parameter('text'))
",
    "\
import sandmill
run = sandmill.submit(pipeline.to_yaml(), {'text': 'sand and mill'})
run.watch()
print('counted', run.output('count'))
",
];

pub fn a_cell_makes_a_step_that_runs(node: &Node) {
    let cell = |(index, source): (usize, &&str)| {
        json!({
            "cell_type": "code", "id": format!("cell-{index}"), "metadata": {}, "execution_count": null,
            "outputs": [], "source": source,
        })
    };
    let cells: Vec<Value> = CELLS.iter().enumerate().map(cell).collect();
    let notebook = json!({ "nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells });
    let file = node.file("steps.ipynb", &notebook.to_string());
    node.said(&["notebook", "run", &file, "--platform", "submit"]);
    let executed = std::fs::read_to_string(file.replace(".ipynb", ".executed.ipynb")).unwrap();
    assert!(executed.contains("counted 3"), "{executed}");
}
