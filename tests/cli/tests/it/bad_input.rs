//! Bad input, as whoever made it reads about it: the scenarios, through the command line.
//! Never a document of its own where a scenario has one.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use crate::server::Server;

/// What a scenario expects, as far as it is refused before anything runs.
#[derive(Deserialize)]
struct Expected {
    #[serde(default)]
    refused: Vec<Refusal>,
}

#[derive(Deserialize)]
struct Refusal {
    code: String,
    #[serde(default)]
    says: Vec<String>,
}

fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios")
}

#[test]
fn every_refused_document_is_refused_with_code_reason_and_next_step() {
    let server = Server::start();
    let mut pushed = BTreeSet::new();
    let mut tried = 0;
    for entry in fs::read_dir(scenarios()).unwrap() {
        let folder = entry.unwrap().path();
        let Ok(text) = fs::read_to_string(folder.join("expect.yaml")) else { continue };
        let expected: Expected = serde_saphyr::from_str(&text).unwrap();
        let refused_without_parameters = expected.refused.iter().all(|refusal| refusal.code != "SM0107");
        if expected.refused.is_empty() || !refused_without_parameters {
            continue;
        }
        tried += 1;
        let is_job = folder.join("job.yaml").exists();
        let document = folder.join(if is_job { "job.yaml" } else { "pipeline.yaml" });
        push_programs(&server, &fs::read_to_string(&document).unwrap(), &mut pushed);
        let said = server.tool.run(
            &[if is_job { ["train", "run"] } else { ["pipeline", "check"] }, [document.to_str().unwrap(), "--quiet"]]
                .concat(),
        );
        assert!(matches!(said.code, Some(1..=4)), "{}: {said:#?}", folder.display());
        assert!(said.stdout.is_empty(), "{}: {said:#?}", folder.display());
        for Refusal { code, says } in expected.refused {
            let found = said.stderr.contains(&format!("error[{code}]"));
            assert!(found, "{}: {code} is missing: {said:#?}", folder.display());
            for words in says {
                // The command line says lines the way that editors make a link of: file:line:column.
                let words = words.strip_prefix("line ").map_or(words.clone(), |line| format!(":{line}:"));
                assert!(said.stderr.contains(&words), "{}: `{words}` is missing: {said:#?}", folder.display());
            }
        }
    }
    assert!(tried >= 8, "only {tried} scenarios are refused documents");
}

/// Pushes the test programs that a document names, as far as there are any of their name.
fn push_programs(server: &Server, document: &str, pushed: &mut BTreeSet<String>) {
    let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../programs");
    for rest in document.split("programs/").skip(1) {
        let name = rest.split(':').next().unwrap();
        let exists =
            ["examples", "src/bin"].iter().any(|place| programs.join(place).join(format!("{name}.rs")).is_file());
        if exists && pushed.insert(name.to_owned()) {
            server.push(&[name]);
        }
    }
}

#[test]
fn a_step_that_fails_says_why_in_talk_and_in_data() {
    let server = Server::start();
    server.push(&["panic", "echo"]);
    let tool = &server.tool;
    let file = scenarios().join("panic/pipeline.yaml");
    let file = file.to_str().unwrap();
    let said = tool.run(&["pipeline", "run", file, "--watch"]);
    assert_eq!(said.code, Some(1), "{said:#?}");
    assert!(said.stderr.contains("error[SM0502]"), "{said:#?}");
    let shown = tool.data(&["run", "show", "latest"]);
    assert!(shown.contains("SM0502") && shown.contains("failed"), "{shown}");
    let said = tool.run(&["pipeline", "run", file, "--watch", "--json"]);
    assert_eq!(said.code, Some(1), "{said:#?}");
    let ended: Value = serde_json::from_str(&said.stdout).unwrap();
    let steps = ended["steps"].as_array().unwrap();
    let failed = steps.iter().find(|step| step["name"] == "panic").unwrap();
    assert_eq!(failed["failure"]["code"], "SM0502", "{ended}");
}

#[test]
fn parameters_are_refused_before_anything_is_uploaded() {
    let server = Server::start();
    let tool = &server.tool;
    let file = tool.file("pipeline.yaml", crate::runs::ECHO);
    let said = tool.run(&["pipeline", "run", &file, "--param", "value=five", "--param", "vale=5"]);
    assert_eq!(said.code, Some(2), "{said:#?}");
    assert_eq!(said.stderr.matches("error[SM0107]").count(), 2, "{said:#?}");
    assert!(tool.json(&["artifact", "list"])["items"].as_array().unwrap().is_empty());
}

#[test]
fn components_that_are_missing_or_pinned_wrongly_are_refused() {
    let server = Server::start();
    server.push(&["noop"]);
    let tool = &server.tool;
    let check = |component: &str| {
        let text = format!(
            "apiVersion: sandmill.dev/v1\nkind: Pipeline\nmetadata: {{ name: p }}\nspec:\n  steps:\n    a: {{ component: '{component}' }}\n"
        );
        tool.run(&["pipeline", "check", &tool.file("pipeline.yaml", text)])
    };
    let missing = check("programs/other:1");
    assert_eq!(missing.code, Some(4), "{missing:#?}");
    assert!(missing.stderr.contains("SM0201") && missing.stderr.contains("programs/other:1"), "{missing:#?}");
    let pinned = check(&format!("programs/noop@sha256:{}", "0".repeat(64)));
    assert_eq!(pinned.code, Some(4), "{pinned:#?}");
    let unreachable = check("127.0.0.1:9/programs/noop:1");
    assert_eq!(unreachable.code, Some(3), "{unreachable:#?}");
    assert!(unreachable.stderr.contains("SM0205") && unreachable.stderr.contains("127.0.0.1:9"), "{unreachable:#?}");
}

#[test]
fn what_is_no_component_is_neither_inspected_nor_pushed() {
    let server = Server::start();
    let tool = &server.tool;
    let file = tool.file("no.wasm", "no component");
    for arguments in [vec!["component", "inspect", &file], vec!["component", "push", &file, "a/b:1"]] {
        let said = tool.run(&arguments);
        assert_eq!(said.code, Some(1), "{said:#?}");
        assert!(said.stderr.contains("error[SM0203]"), "{said:#?}");
    }
    assert_eq!(tool.run(&["component", "tags", "a/b"]).code, Some(4));
}
