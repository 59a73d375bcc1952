//! Notebooks are checked, filled, and keep what is not known here.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Notebook;

fn code(source: &str, tags: &[&str]) -> Value {
    json!({ "cell_type": "code", "metadata": { "tags": tags }, "source": source, "outputs": [1], "execution_count": 9 })
}

fn notebook(cells: &[Value]) -> Value {
    json!({ "nbformat": 4, "nbformat_minor": 5, "metadata": { "other": true }, "cells": cells })
}

#[test]
fn code_is_found_whether_it_is_text_or_lines() {
    let lines = json!({ "cell_type": "code", "metadata": {}, "source": ["a\n", "b"] });
    let text = json!({ "cell_type": "markdown", "metadata": {}, "source": "# Title" });
    let notebook = Notebook::new(notebook(&[text, lines, code("c", &[])])).expect("a notebook");
    assert_eq!(notebook.code(), [(1, "a\nb".to_owned()), (2, "c".to_owned())]);
    let document = notebook.into_document();
    assert_eq!((&document["metadata"]["other"], &document["cells"][1]["id"]), (&json!(true), &json!("cell-1")));
}

#[test]
fn parameters_stand_behind_the_cell_for_them_and_are_set_once() {
    let mut notebook = Notebook::new(notebook(&[code("1", &[]), code("n = 1", &["parameters"])])).expect("a notebook");
    let set = |value: Value| BTreeMap::from([("n".to_owned(), value)]);
    notebook.set_parameters("python", &set(json!([1, "a\"b", null, true, { "k": 1.5 }]))).expect("set");
    notebook.set_parameters("python", &set(json!(2))).expect("set again");
    let sources: Vec<String> = notebook.code().into_iter().map(|(_, source)| source).collect();
    assert_eq!(sources, ["1", "n = 1", "n = 2"]);
    notebook.set_parameters("python", &set(json!([1, "a\"b", null, true, { "k": 1.5 }]))).expect("set again");
    assert_eq!(notebook.code()[2].1, r#"n = [1, "a\"b", None, True, {"k": 1.5}]"#);
    assert!(notebook.set_parameters("python", &BTreeMap::from([("n; x".to_owned(), json!(1))])).is_err());
    assert!(notebook.set_parameters("julia", &set(json!(1))).is_err());
}

#[test]
fn what_is_no_notebook_is_told_with_its_place() {
    let told = |document: Value| Notebook::new(document).expect_err("refused").message;
    assert!(told(json!({})).contains("is none"));
    assert!(told(json!({ "nbformat": 3, "cells": [] })).contains("is 3"));
    assert!(told(json!({ "nbformat": 4 })).contains("no list of cells"));
    assert!(told(notebook(&[code("1", &[]), json!({ "cell_type": "plot", "source": "" })])).contains("cell 2"));
    assert!(told(notebook(&[json!({ "cell_type": "code", "source": 5 })])).contains("cell 1"));
}

#[test]
fn outputs_are_replaced_and_cleared() {
    let mut notebook = Notebook::new(notebook(&[code("1", &[])])).expect("a notebook");
    notebook.set_outputs(0, vec![json!({ "output_type": "stream" })], 3);
    notebook.set_outputs(7, Vec::new(), 3);
    let mut cleared = notebook.clone();
    let document = notebook.into_document();
    assert_eq!(
        (document["cells"][0]["outputs"].as_array().map(Vec::len), &document["cells"][0]["execution_count"]),
        (Some(1), &json!(3))
    );
    cleared.clear();
    assert_eq!(cleared.into_document()["cells"][0]["outputs"], json!([]));
}
