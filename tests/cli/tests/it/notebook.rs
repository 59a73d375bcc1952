//! Notebooks from outside: run head-less, written down, refused; sessions listed and ended.
//! Never Python: a kernel that is a test program needs nothing that is built apart.

use serde_json::{Value, json};

use crate::server::Server;
use crate::tool::Tool;

const KERNEL: &str = "programs/kernel-words:1";

fn notebook(cells: &[&str]) -> String {
    let cell = |(at, source): (usize, &&str)| {
        json!({
            "cell_type": "code", "id": format!("cell-{at}"), "metadata": {}, "source": source,
            "outputs": [], "execution_count": null,
        })
    };
    let cells: Vec<Value> = cells.iter().enumerate().map(cell).collect();
    json!({ "nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells }).to_string()
}

fn read(tool: &Tool, name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(tool.path().join(name)).unwrap()).unwrap()
}

#[test]
fn a_notebook_is_run_and_written_beside_itself() {
    let server = Server::start();
    server.push(&["kernel-words"]);
    let tool = &server.tool;
    let file = tool.file("report.ipynb", notebook(&["keep one", "keep two"]));
    let told = tool.json(&["notebook", "run", &file, "--kernel", KERNEL]);
    assert_eq!((&told["cellsRun"], &told["error"]), (&json!(2), &Value::Null), "{told:#}");
    let ran = read(tool, "report.executed.ipynb");
    assert_eq!(ran["cells"][1]["outputs"][0]["data"]["text/plain"], "2: one, two", "{ran:#}");
    assert_eq!(ran["cells"][1]["execution_count"], 2);
    assert_eq!(ran["metadata"]["language_info"]["name"], "words");
    // The notebook itself is as it was, and the session is over.
    assert_eq!(read(tool, "report.ipynb")["cells"][0]["outputs"], json!([]));
    assert!(tool.json(&["notebook", "list"])["items"].as_array().unwrap().is_empty());
}

#[test]
fn a_cell_that_breaks_off_leaves_what_was_run_and_exits_with_1() {
    let server = Server::start();
    server.push(&["kernel-words"]);
    let tool = &server.tool;
    for (bad, name) in [("fail loudly", "Failed"), ("trap", "KernelEnded")] {
        let file = tool.file("report.ipynb", notebook(&["keep one", bad, "keep two"]));
        let said = tool.run(&["notebook", "run", &file, "--kernel", KERNEL, "-o", "out.ipynb"]);
        assert_eq!(said.code, Some(1), "{said:#?}");
        assert!(said.stderr.contains("cell 2 broke off"), "{said:#?}");
        let ran = read(tool, "out.ipynb");
        assert_eq!(ran["cells"][0]["outputs"][0]["data"]["text/plain"], "1: one", "{ran:#}");
        assert_eq!(ran["cells"][1]["outputs"][0]["ename"], name, "{ran:#}");
        assert_eq!(ran["cells"][2]["outputs"], json!([]), "{ran:#}");
    }
}

#[test]
fn what_is_no_notebook_is_refused_in_whole_sentences() {
    let server = Server::start();
    server.push(&["kernel-words", "noop"]);
    let tool = &server.tool;
    let good = notebook(&["keep one"]);
    let cases = [
        ("{".to_owned(), &[][..], "is no notebook"),
        ("{}".to_owned(), &[][..], "`nbformat`"),
        (good.replace("\"nbformat\":4", "\"nbformat\":3"), &[][..], "`nbformat`"),
        (good.replace("\"code\"", "\"song\""), &[][..], "cell 1: its type is `song`"),
        (good.clone(), &["--param", "year"][..], "sets no parameter"),
        (good.clone(), &["--param", "year=2026"][..], "speaks words"),
    ];
    for (text, more, part) in cases {
        let file = tool.file("report.ipynb", text);
        let mut arguments = vec!["notebook", "run", &file, "--kernel", KERNEL];
        arguments.extend(more);
        let said = tool.run(&arguments);
        assert!(said.code != Some(0) && said.stderr.contains(part), "{part}: {said:#?}");
        assert!(!tool.path().join("report.executed.ipynb").exists(), "{part}");
    }
    let file = tool.file("report.ipynb", good);
    let said = tool.run(&["notebook", "run", &file, "--kernel", "programs/noop:1"]);
    assert!(said.code != Some(0) && said.stderr.contains("sandmill:kernel/kernel"), "{said:#?}");
    let said = tool.run(&["notebook", "run", "nowhere.ipynb"]);
    assert!(said.code != Some(0) && said.stderr.contains("nowhere.ipynb"), "{said:#?}");
    let said = tool.run(&["notebook", "stop", "nobody"]);
    assert!(said.code != Some(0) && said.stderr.contains("there is no session `nobody`"), "{said:#?}");
}

#[test]
fn sessions_are_begun_paused_with_what_is_lost_told_and_resumed() {
    let server = Server::start();
    server.push(&["kernel-words"]);
    let tool = &server.tool;
    let session = tool.data(&["notebook", "create", "--name", "survey", "--kernel", KERNEL]);
    let session = session.trim();
    let listed = tool.json(&["notebook", "list"]);
    let listed = &listed["items"][0];
    assert_eq!((&listed["name"], &listed["platform"]), (&json!("survey"), &json!("none")));
    // It is there before its kernel.
    assert!(["starting", "idle"].contains(&listed["state"].as_str().unwrap()), "{listed}");
    let said = tool.run(&["notebook", "pause", session]);
    assert_eq!(said.code, Some(0), "{said:#?}");
    assert!(tool.data(&["notebook", "list"]).contains("paused"));
    assert_eq!(tool.data(&["notebook", "resume", session]).trim(), session);
    assert_eq!(tool.json(&["notebook", "list"])["items"][0]["state"], "idle");
    tool.data(&["notebook", "stop", session]);
    assert_eq!(tool.run(&["notebook", "pause", session]).code, Some(4));
    let said = tool.run(&["notebook", "create", "--kernel", KERNEL, "--platform", "read"]);
    assert!(said.code == Some(1) && said.stderr.contains("--notebook-platform read"), "{said:#?}");
}

#[test]
fn kubeflows_manifest_begins_a_session_and_what_cannot_be_kept_is_told_by_path() {
    let server = Server::start();
    server.push(&["kernel-words"]);
    let tool = &server.tool;
    let manifest = |annotations: &str, more: &str| {
        format!(
            "apiVersion: kubeflow.org/v1\nkind: Notebook\nmetadata: {{name: survey, annotations: {{{annotations}}}}}\nspec:\n  \
             template:\n    spec:\n      containers:\n        - name: survey\n          image: {KERNEL}\n          \
             imagePullPolicy: Always\n{more}"
        )
    };
    let file = tool.file("notebook.yaml", manifest("kubeflow-resource-stopped: now", ""));
    let said = tool.run(&["notebook", "create", "-f", &file]);
    assert_eq!(said.code, Some(0), "{said:#?}");
    assert!(said.stderr.contains("spec.template.spec.containers[0].imagePullPolicy"), "{said:#?}");
    let listed = tool.json(&["notebook", "list"]);
    assert_eq!((&listed["items"][0]["name"], &listed["items"][0]["state"]), (&json!("survey"), &json!("paused")));
    let file = tool.file("bad.yaml", manifest("", "          command: [jupyter]\n"));
    let said = tool.run(&["notebook", "create", "-f", &file]);
    assert!(said.code == Some(2) && said.stderr.contains("containers[0].command"), "{said:#?}");
}

#[test]
fn a_document_says_what_is_run_and_the_command_line_goes_before_it() {
    let server = Server::start();
    server.push(&["kernel-words"]);
    let tool = &server.tool;
    tool.file("report.ipynb", notebook(&["keep one"]));
    let document = |spec: &str| {
        tool.file(
            "report.yaml",
            format!("apiVersion: sandmill.dev/v1\nkind: Notebook\nmetadata: {{name: report}}\nspec: {{{spec}}}\n"),
        )
    };
    let file = document(&format!("notebook: report.ipynb, kernel: '{KERNEL}', memory: 64Mi"));
    let said = tool.json(&["notebook", "run", "-f", &file]);
    assert_eq!(said["cellsRun"], 1, "{said}");
    assert!(tool.path().join("report.executed.ipynb").exists());
    // A word's kernel cannot be given parameters, and says so: they were handed over.
    let file = document(&format!("notebook: report.ipynb, kernel: '{KERNEL}', parameters: {{year: 2026}}"));
    let said = tool.run(&["notebook", "run", "-f", &file]);
    assert!(said.code != Some(0) && said.stderr.contains("speaks words"), "{said:#?}");
    let file = document(&format!("notebook: nowhere.ipynb, kernel: '{KERNEL}'"));
    let said = tool.run(&["notebook", "run", "-f", &file]);
    assert!(said.code != Some(0) && said.stderr.contains("nowhere.ipynb"), "{said:#?}");
    let report = tool.path().join("report.ipynb").display().to_string();
    assert_eq!(tool.json(&["notebook", "run", &report, "-f", &file])["cellsRun"], 1);
    let file = document("");
    let said = tool.run(&["notebook", "run", "-f", &file]);
    assert!(said.code == Some(2) && said.stderr.contains("names no notebook"), "{said:#?}");
    let file = document("notebok: report.ipynb");
    let said = tool.run(&["notebook", "run", "-f", &file]);
    assert!(said.code == Some(2) && said.stderr.contains("spec.notebok"), "{said:#?}");
}

#[test]
fn a_node_with_tokens_is_asked_with_one() {
    let home = tempfile::tempdir().unwrap();
    let tokens = home.path().join("tokens");
    std::fs::write(&tokens, "ada 6f1c2b9e5d8a4730\n").unwrap();
    let server = Server::start_in(&home.path().join("data"), &["--tokens", &tokens.display().to_string()]);
    let tool = &server.tool;
    let said = tool.run(&["notebook", "list"]);
    assert!(said.code != Some(0) && said.stderr.contains("SM0706"), "{said:#?}");
    assert!(tool.data(&["notebook", "list", "--token", "6f1c2b9e5d8a4730"]).contains("SESSION"));
    assert!(tool.run(&["notebook", "list", "--token", "6f1c2b9e5d8a4731"]).stderr.contains("does not know"));
}
