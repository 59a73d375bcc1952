//! Steps of Python with packages, from the index that this machine's pip uses.
//! Never names an index of any one machine.

use crate::node::{Node, step};

#[test]
fn packages_are_found_and_native_ones_are_refused() {
    let found = tests_python::python().and_then(|python| Ok((tests_kit::python_index::of(&python)?, python)));
    let node = match found.and_then(|(index, python)| Node::start_with(&python, &["--python-index", &index])) {
        Ok(node) => node,
        Err(reason) => return eprintln!("skipped: {reason}"),
    };
    let run = node.run(&node.document("packages.py", "table"), &[]);
    let table = &step(&run, "table")["outputs"]["output"]["plain"];
    assert_eq!(table, "name      count\n------  -------\na             1\nb            22", "{run:#}");
    let told = node.refused(&["pipeline", "check", &node.document("packages.py", "native")]);
    for part in ["packages of step `native`", "numpy"] {
        assert!(told.contains(part), "`{part}` is not in\n{told}");
    }
}

pub fn a_node_without_an_index_says_how_to_allow_one(node: &Node) {
    let told = node.refused(&["pipeline", "check", &node.document("packages.py", "table")]);
    for part in ["SM0302", "packages of step `table`", "tabulate", "sandmill up --python-index"] {
        assert!(told.contains(part), "`{part}` is not in\n{told}");
    }
}
