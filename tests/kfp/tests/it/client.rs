//! The stock client against a real node.
//! Never a double on either side.

use crate::server::Server;

/// Cases that `packages.rs` and `platforms.rs` run, on nodes with a package index or with secrets.
const ON_PREPARED_NODES: [&str; 4] =
    ["package-index-refused", "package-native-refused", "package-pure", "platform-kept"];

/// Runs a script beside the programs that it runs, and holds that every part of it was reached.
fn holds(script: &str, programs: &[&str], parts: &[&str]) {
    let python = match tests_kfp::python() {
        Ok(python) => python,
        Err(reason) => return eprintln!("skipped: {reason}"),
    };
    let server = Server::start();
    server.push(programs);
    let said = server.script(&python, script, &[]);
    for part in parts {
        assert!(said.lines().any(|line| line == format!("ok {part}")), "{part} is missing:\n{said}");
    }
}

#[test]
fn the_catalogue_is_kept_as_the_stock_client_asks() {
    holds("catalogue.py", &[], &["health", "experiments", "lists", "packages", "pipelines", "recurring_runs"]);
}

#[test]
fn runs_are_made_watched_and_read_back_through_the_stock_client() {
    let programs = ["write-files", "exit-status"];
    holds("runs.py", &programs, &["succeeds", "fails", "refusals", "lists", "versions", "fires"]);
}

#[test]
fn every_compiled_pipeline_runs_as_documented() {
    let (python, cases) = match (tests_kfp::python(), tests_kfp::cases()) {
        (Ok(python), Ok(cases)) => (python, cases),
        (Err(reason), _) => return tests_kfp::skip(&reason),
        (_, Err(reason)) => return tests_kfp::skip(reason),
    };
    let server = Server::start();
    if !server.push_python() {
        return tests_kfp::skip("run-python was not built: `cargo xtask components run-python` says why");
    }
    server.push_file(&tests_kit::guests::program_path("write-files"), "sandmill/write-files:0.1.0");
    let names = cases.iter().map(|case| case.name.as_str()).filter(|name| !ON_PREPARED_NODES.contains(name));
    let names: Vec<&str> = names.collect();
    server.holds_cases(&python, &names);
}
