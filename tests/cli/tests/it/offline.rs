//! What works, or is refused, without a server.
//! Never reaches anything: the address that it is given has no listener.

use serde_json::Value;

use crate::tool::Tool;

#[test]
fn a_wrong_command_line_ends_with_2() {
    let tool = Tool::alone();
    let lines: [&[&str]; 8] = [
        &[],
        &["dance"],
        &["run"],
        &["run", "list", "--limit", "0"],
        &["run", "list", "--status", "glad"],
        &["run", "show", "x"],
        &["--server", "ftp://example.org", "run", "list"],
        &["artifact", "show", "sha256:abc"],
    ];
    for arguments in lines {
        let said = tool.run(arguments);
        assert_eq!(said.code, Some(2), "{arguments:?}: {said:#?}");
        assert!(said.stdout.is_empty() && !said.stderr.is_empty(), "{arguments:?}: {said:#?}");
    }
}

#[test]
fn without_a_server_commands_end_with_3_and_say_what_to_do() {
    let tool = Tool::alone();
    let said = tool.run(&["run", "list"]);
    assert_eq!(said.code, Some(3), "{said:#?}");
    assert!(said.stdout.is_empty());
    for expected in ["error[SM0704]", "http://127.0.0.1:9", "sandmill up", "--server"] {
        assert!(said.stderr.contains(expected), "{expected}: {said:#?}");
    }
}

#[test]
fn errors_are_json_where_json_was_asked_for() {
    let said = Tool::alone().run(&["run", "list", "--json"]);
    let errors: Value = serde_json::from_str(&said.stderr).unwrap();
    assert_eq!(errors["errors"][0]["code"], "SM0704");
    assert!(said.stdout.is_empty());
}

#[test]
fn a_password_in_the_address_is_never_printed() {
    let tool = Tool::with_server("http://me:opensesame@127.0.0.1:9");
    for arguments in [&["run", "list"][..], &["run", "list", "--json"], &["version"], &["--help"]] {
        let said = tool.run(arguments);
        assert!(!said.stdout.contains("opensesame") && !said.stderr.contains("opensesame"), "{said:#?}");
    }
    let said = Tool::with_server("http://me:opensesame@exa mple").run(&["run", "list"]);
    assert_eq!(said.code, Some(2));
    assert!(!said.stderr.contains("opensesame"), "{said:#?}");
}

#[test]
fn every_code_is_explained() {
    let tool = Tool::alone();
    let codes = tool.json(&["explain"]);
    let codes: Vec<&str> = codes.as_array().unwrap().iter().map(|code| code["code"].as_str().unwrap()).collect();
    assert!(codes.len() > 30, "{codes:?}");
    for code in codes {
        assert!(tool.data(&["explain", code]).starts_with(&format!("# {code}")), "{code}");
    }
    assert!(tool.data(&["explain", "sm0106"]).contains("SM0106"));
    let said = tool.run(&["explain", "SM9999"]);
    assert_eq!(said.code, Some(4), "{said:#?}");
}

#[test]
fn completions_schema_and_version() {
    let tool = Tool::alone();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(tool.data(&["completions", shell]).contains("sandmill"), "{shell}");
    }
    let schema: Value = serde_json::from_str(&tool.data(&["schema", "pipeline"])).unwrap();
    assert_eq!(schema["title"], "Pipeline");
    let version = tool.json(&["version"]);
    assert_eq!(version["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(version["server"], Value::Null);
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    use std::io::{BufRead, BufReader};
    let tool = Tool::alone();
    let mut child = tool.command(&["completions", "bash"]).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let said = crate::tool::Said::of(child);
    assert_eq!((said.code, said.stderr.as_str()), (Some(0), ""));
}

#[test]
fn documents_are_read_before_a_server_is_asked() {
    let tool = Tool::alone();
    let file = tool.file(
        "pipeline.yaml",
        "apiVersion: sandmill.dev/v1\nkind: Pipeline\nmetadata: { name: p }\nspec:\n  steps:\n    one:\n      componnent: a/b:1\n",
    );
    let said = tool.run(&["pipeline", "check", &file]);
    assert_eq!(said.code, Some(2), "{said:#?}");
    for expected in ["error[SM0102]", "pipeline.yaml:7:7", "componnent", "component"] {
        assert!(said.stderr.contains(expected), "{expected}: {said:#?}");
    }
    let said = tool.run(&["pipeline", "run", "missing.yaml"]);
    assert_eq!(said.code, Some(2), "{said:#?}");
    assert!(said.stderr.contains("missing.yaml"), "{said:#?}");
}
