//! Jupyter's own clients against a real node whose kernel is the sandboxed Python.
//! Never a double on either side.

#![expect(clippy::print_stderr, reason = "a test that is skipped says why")]

mod restart;
mod science;

use std::process::Command;

use tests_kit::Server;

/// The kernel that a node has from the first.
const KERNEL: &str = concat!("sandmill/run-python:", env!("CARGO_PKG_VERSION"));

/// Holds that every part of a script was reached.
fn hold_parts(said: &str, parts: &[&str]) {
    for part in parts {
        assert!(said.lines().any(|line| line == format!("ok {part}")), "{part} is missing:\n{said}");
    }
}

/// Runs a script and holds that every part of it was reached.
fn holds(script: &str, parts: &[&str]) {
    holds_with(script, &[], parts);
}

/// The same on a node that is started with more arguments.
fn holds_with(script: &str, arguments: &[&str], parts: &[&str]) {
    holds_on(script, arguments, &[], &[], parts);
}

/// The same on a node that has test programs, with more arguments for the script.
fn holds_on(script: &str, arguments: &[&str], programs: &[&str], more: &[&str], parts: &[&str]) {
    let python = match tests_notebook::python() {
        Ok(python) => python,
        Err(reason) => return eprintln!("skipped: {reason}"),
    };
    let server = Server::start_with(arguments);
    if !server.push_python(KERNEL) {
        return eprintln!("skipped: run-python is not built here; `cargo xtask components run-python` says why");
    }
    server.push(programs);
    let said = server.script(&python, &tests_notebook::script(script), more);
    hold_parts(&said, parts);
}

#[test]
fn jupyter_kernel_client_runs_cells_and_keeps_state() {
    holds(
        "kernel_client.py",
        &["state", "streams", "display", "errors", "stdin", "interrupt", "restart", "completion", "two-clients"],
    );
}

#[test]
fn jupyters_own_tests_of_kernels_pass() {
    holds("kernel_test.py", &["kernel-test"]);
}

#[test]
fn nbclient_runs_notebooks_through_a_gateway() {
    holds("notebooks.py", &["executed", "valid", "error"]);
}

#[test]
fn notebooks_are_kept_whole_with_earlier_versions() {
    holds("contents.py", &["saved", "listed", "checkpoint", "renamed", "copied", "outside", "malformed"]);
}

#[test]
fn a_client_that_was_away_hears_what_it_missed() {
    holds("again.py", &["replayed", "answered", "not-asked-again", "variables"]);
}

#[test]
fn what_a_session_does_to_itself_harms_nobody_else() {
    holds(
        "abuse.py",
        &["frames", "flood", "recursion", "memory", "vanished", "files", "network", "others", "neighbour"],
    );
}

#[test]
fn a_session_installs_packages_for_itself_alone() {
    let index = match tests_notebook::python().and_then(|python| tests_kit::python_index::of(&python)) {
        Ok(index) => index,
        Err(reason) => return eprintln!("skipped: {reason}"),
    };
    let parts = ["installed", "again", "restarted", "native", "unknown", "options", "read-only", "alone"];
    holds_with("packages.py", &["--python-index", &index], &parts);
}

#[test]
fn a_session_that_was_granted_the_platform_starts_watches_and_reads() {
    let (arguments, programs) =
        (["--notebook-platform", "submit", "--notebook-http", "127.0.0.1"], ["handles", "talk", "train-line"]);
    holds_on(
        "granted.py",
        &arguments,
        &programs,
        &[],
        &["uploaded", "watched", "read", "trained", "shown", "refused", "called"],
    );
}

#[test]
fn a_session_asks_the_platform_no_more_than_it_was_granted() {
    let parts = ["reading", "starting", "asked", "around"];
    holds_on("ungranted.py", &[], &[], &["none"], &parts);
    holds_on("ungranted.py", &["--notebook-platform", "read"], &[], &["read"], &parts);
}

/// Runs the script about tensors on a node whose sessions are lent devices of 64 MiB.
fn holds_tensors(backend: &str) {
    let python = match tests_notebook::python() {
        Ok(python) => python,
        Err(reason) => return eprintln!("skipped: {reason}"),
    };
    let arguments = ["--device", backend, "--notebook-device-memory-mib", "64", "--notebook-platform", "submit"];
    let server = Server::start_with(&arguments);
    if !server.push_python(KERNEL) {
        return eprintln!("skipped: run-python is not built here; `cargo xtask components run-python` says why");
    }
    let more = [backend, &server.data().display().to_string()];
    let said = server.script(&python, &tests_notebook::script("tensors.py"), &more);
    if let Some(skipped) = said.lines().find(|line| line.starts_with("skipped: ")) {
        return eprintln!("{skipped}");
    }
    let parts = ["arithmetic", "reductions", "truth", "shapes", "made", "batched", "shown", "refused", "memory"];
    hold_parts(&said, &parts);
    hold_parts(&said, &["lost", "files", "paused"]);
}

#[test]
fn a_session_computes_with_tensors_on_the_device_that_it_was_lent() {
    holds_tensors("cpu");
}

#[test]
fn a_session_computes_with_tensors_on_a_graphics_adapter() {
    holds_tensors("gpu");
}

#[test]
fn tensors_are_for_sessions_and_steps_that_were_granted_a_device() {
    holds_with("tensor_grants.py", &["--device-memory-mib", "64"], &["session", "asked", "step", "step-without"]);
    let lent = ["--notebook-device-memory-mib", "16"];
    holds_on("tensor_grants.py", &lent, &[], &["lent"], &["lent", "asked"]);
}

#[test]
fn users_of_one_node_reach_nothing_of_each_other() {
    let (ada, bob) = ("a4f19c03e27b58d6", "b90d62e7fa3c1548");
    let folder = tempfile::tempdir().expect("a folder");
    let tokens = folder.path().join("tokens");
    std::fs::write(&tokens, format!("ada {ada}\nbob {bob}\n")).expect("a file of tokens");
    let python = match tests_notebook::python() {
        Ok(python) => python,
        Err(reason) => return eprintln!("skipped: {reason}"),
    };
    let tokens = tokens.to_str().expect("a path");
    let arguments = ["--tokens", tokens, "--notebook-platform", "own"];
    let server = Server::start_with_variables(&arguments, &[("SANDMILL_TOKEN", ada)]);
    if !server.push_python(KERNEL) {
        return eprintln!("skipped: run-python is not built here; `cargo xtask components run-python` says why");
    }
    server.push(&["handles"]);
    let said = server.script(&python, &tests_notebook::script("users.py"), &[ada, bob]);
    hold_parts(&said, &["sessions", "changed", "own", "read", "handed", "around"]);
}

#[test]
fn a_paused_session_keeps_what_can_be_kept_and_tells_the_rest() {
    holds("lifecycle.py", &["paused", "listed", "resumed", "busy", "given-up"]);
}

#[test]
fn a_user_has_as_many_sessions_as_the_node_lets_one_have() {
    holds_with("places.py", &["--notebook-sessions-per-user", "2"], &["two", "last"]);
}

#[test]
fn idle_sessions_are_paused_and_go_on_with_the_next_message() {
    holds_with("idle.py", &["--notebook-idle-seconds", "2"], &["idle", "others", "resumed", "done"]);
}

#[test]
fn a_session_is_there_before_its_kernel_and_tells_what_it_died_of() {
    let parts = ["at-once", "ended", "answered", "dead", "told", "refused"];
    holds_on("starting.py", &[], &["copy-file"], &[], &parts);
}

#[test]
fn a_notebook_is_a_step_of_a_pipeline() {
    holds("step.py", &["executed", "broke-off", "refused", "scheduled"]);
}

#[test]
fn the_client_inside_jupyterlab_works_in_its_own_framing() {
    let folder = match tests_notebook::node_clients() {
        Ok(folder) => folder,
        Err(reason) => return eprintln!("skipped: {reason}"),
    };
    let server = Server::start();
    if !server.push_python(KERNEL) {
        return eprintln!("skipped: run-python is not built here; `cargo xtask components run-python` says why");
    }
    let made = Command::new("node").arg("services.mjs").arg(&server.url).current_dir(folder).output().expect("node");
    let said = String::from_utf8_lossy(&made.stdout);
    assert!(made.status.success(), "{said}\n{}", String::from_utf8_lossy(&made.stderr));
    let parts =
        ["kernelspecs", "session", "order", "framing", "stdin", "completion", "interrupt", "restart", "shutdown"];
    hold_parts(&said, &parts);
}
