//! A node that is killed: what was paused can be resumed, other sessions are over, and no notebook is lost or torn.
//! Never asks the node to stop.

use std::time::Duration;

use tests_kit::Server;

use crate::{KERNEL, hold_parts};

/// Kills in the middle of saving, each after another while.
const KILLS: u64 = 5;

#[test]
fn what_was_paused_outlives_its_node_and_nothing_else_does() {
    let python = match tests_notebook::python() {
        Ok(python) => python,
        Err(reason) => return eprintln!("skipped: {reason}"),
    };
    let server = Server::start_with(&["--notebook-platform", "read"]);
    if !server.push_python(KERNEL) {
        return eprintln!("skipped: run-python is not built here; `cargo xtask components run-python` says why");
    }
    let script = tests_notebook::script("restart.py");
    let said = server.script(&python, &script, &["before"]);
    let line = said.lines().find_map(|line| line.strip_prefix("sessions ")).expect("the ids of the sessions");
    let sessions: Vec<&str> = line.split(' ').collect();
    let server = server.start_again();
    let said = server.script(&python, &script, &[&["after"], sessions.as_slice()].concat());
    hold_parts(&said, &["listed", "found", "resumed", "crashed"]);
    // The one that was resumed and not paused again is what it was when it was paused.
    let server = server.start_again();
    let said = server.script(&python, &script, &[&["again"], sessions.as_slice()].concat());
    hold_parts(&said, &["earlier", "given-up"]);
}

#[test]
fn no_notebook_is_lost_or_torn_when_the_node_is_killed_while_they_are_saved() {
    let python = match tests_notebook::python() {
        Ok(python) => python,
        Err(reason) => return eprintln!("skipped: {reason}"),
    };
    let script = tests_notebook::script("saving.py");
    let mut server = Server::start();
    let mut saved = "0 0 0".to_owned();
    for kill in 1..=KILLS {
        let numbers: Vec<&str> = saved.split(' ').collect();
        let is_saving = server.data().join("saving");
        // Left by the one before, or by nobody yet.
        std::fs::remove_file(&is_saving).ok();
        let said = std::thread::scope(|scope| {
            let saving = scope.spawn(|| server.script(&python, &script, &[&["save"], numbers.as_slice()].concat()));
            while !is_saving.exists() {
                assert!(!saving.is_finished(), "the script ended before the node did");
                std::thread::sleep(Duration::from_millis(10));
            }
            std::thread::sleep(Duration::from_millis(37 * kill));
            server.kill();
            saving.join().expect("the script ends once nobody answers")
        });
        saved = said.lines().find_map(|line| line.strip_prefix("saved ")).expect("what was answered for").to_owned();
        server = server.start_again();
        let numbers: Vec<&str> = saved.split(' ').collect();
        hold_parts(&server.script(&python, &script, &[&["check"], numbers.as_slice()].concat()), &["whole"]);
    }
}
