//! Components from the first line of code to the registry and back.
//! Never builds in the workspace: a new component stands alone.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::server::Server;

#[test]
fn a_component_is_pushed_inspected_and_pulled_unchanged() {
    let server = Server::start();
    let tool = &server.tool;
    let path = tests_kit::guests::program_path("http-get");
    let file = path.to_str().unwrap();
    let pushed = tool.json(&["component", "push", file, "programs/http-get:1"]);
    let again = tool.json(&["component", "push", file, "programs/http-get:2"]);
    assert_eq!(pushed["manifestDigest"], again["manifestDigest"], "a push is reproducible");
    assert_eq!(tool.json(&["component", "tags", "programs/http-get"]), json!(["1", "2"]));

    let pinned = pushed["pinned"].as_str().unwrap();
    for component in [file, "programs/http-get:1", pinned] {
        let inspected = tool.json(&["component", "inspect", component]);
        assert_eq!(inspected["digest"], pushed["componentDigest"]);
        assert_eq!(inspected["grants"], json!(["http"]));
        assert_eq!(inspected["functions"][0]["name"], "run");
    }
    let text = tool.data(&["component", "inspect", file]);
    for expected in ["functions", "run(authority: string", "wasi:http/", "grants it needs", "grants.http"] {
        assert!(text.contains(expected), "{expected}:\n{text}");
    }
    assert!(tool.data(&["component", "inspect", "--wit", file]).contains("export run: func"));

    let target = tool.path().join("pulled.wasm");
    tool.data(&["component", "pull", pinned, "-o", target.to_str().unwrap()]);
    assert_eq!(std::fs::read(&target).unwrap(), std::fs::read(&path).unwrap());
    let missing = tool.run(&["component", "pull", "programs/http-get:3"]);
    assert_eq!(missing.code, Some(4), "{missing:#?}");
    assert!(!tool.path().join("http-get.wasm").exists());
}

#[test]
fn a_new_component_is_tested_built_pushed_and_run() {
    let server = Server::start();
    let tool = &server.tool;
    tool.data(&["component", "new", "count-words"]);
    let folder = tool.path().join("count-words");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    // The same versions as the workspace's, so that nothing has to be fetched.
    std::fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    // Kept between runs of this test, or each would compile the SDK again.
    let target = root.canonicalize().unwrap().join("target/tests-cli");

    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["test", "--quiet"]).current_dir(&folder).env("CARGO_TARGET_DIR", &target);
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let mut build = tool.command(&["component", "build", "--json", "--quiet"]);
    // Rust itself is installed in the real home.
    build.env("HOME", std::env::var_os("HOME").unwrap());
    let child = build.current_dir(&folder).env("CARGO_TARGET_DIR", &target).spawn().unwrap();
    let said = crate::tool::Said::of(child);
    assert_eq!(said.code, Some(0), "{said:#?}");
    let built: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    let file = built["components"][0]["path"].as_str().unwrap();
    tool.data(&["component", "push", file, "examples/count-words:0.1.0"]);
    // What stands above the function in Rust is told of the binary.
    let words = "Counts the words of a text that have at least `min-length` characters.";
    assert_eq!(tool.json(&["component", "inspect", file])["functions"][0]["documentation"], words);
    assert!(tool.data(&["component", "inspect", file]).contains(words));

    let text = tool.file("text.txt", "to be or not to be");
    let document = folder.join("pipeline.yaml");
    tool.data(&[
        "pipeline",
        "run",
        document.to_str().unwrap(),
        "--watch",
        "--param",
        &format!("text=@{text}"),
        "--param",
        "min-length=3",
    ]);
    let shown = tool.json(&["run", "show", "latest"]);
    assert_eq!(shown["steps"][0]["outputs"]["output"]["plain"], 1, "{shown}");
}

#[test]
fn names_and_folders_of_new_components_are_checked() {
    let tool = crate::tool::Tool::alone();
    for arguments in [
        vec!["component", "new", "Count_Words"],
        vec!["component", "new", "count-words", "--sdk", "/no/such/folder"],
        vec!["component", "build", "."],
    ] {
        let said = tool.run(&arguments);
        assert_eq!(said.code, Some(2), "{said:#?}");
        assert!(said.stderr.contains("next: "), "{said:#?}");
    }
}
