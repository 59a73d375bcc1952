//! Schedules and experiments from outside: they fire, they can be held, and no crash loses or repeats a firing.
//! Never waits longer than a firing takes.

use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::Value;

use crate::server::Server;
use crate::tool::Tool;

/// A firing that takes longer has been lost.
const FIRING_SECONDS_MAX: u64 = 60;

const DOCUMENT: &str = "apiVersion: sandmill.dev/v1\nkind: Pipeline\nmetadata: { name: tick }\nspec:\n  \
                        parameters:\n    text: { type: string, default: none }\n  steps:\n    \
                        one: { component: 'programs/noop:1', function: run, cache: false }\n";

/// Runs of an experiment, oldest first.
fn runs(tool: &Tool, experiment: &str) -> Vec<Value> {
    let mut runs =
        tool.json(&["run", "list", "--experiment", experiment, "--limit", "200"])["items"].as_array().unwrap().clone();
    runs.reverse();
    runs
}

fn wait_for_runs(tool: &Tool, experiment: &str, count: usize) -> Vec<Value> {
    let deadline = Instant::now() + Duration::from_secs(FIRING_SECONDS_MAX);
    loop {
        let runs = runs(tool, experiment);
        if runs.len() >= count {
            return runs;
        }
        assert!(Instant::now() < deadline, "only {} of {count} firings", runs.len());
        thread::sleep(Duration::from_millis(200));
    }
}

/// The number that each run was given as its text.
fn indexes(runs: &[Value]) -> Vec<u64> {
    runs.iter().map(|run| run["parameters"]["text"]["plain"].as_str().unwrap().parse().unwrap()).collect()
}

#[test]
fn a_schedule_fires_and_no_crash_loses_or_repeats_a_firing() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start_in(data.path(), &[]);
    server.push(&["noop"]);
    server.tool.data(&["experiment", "create", "ticks"]);
    let file = server.tool.file("tick.yaml", DOCUMENT);
    let create =
        ["schedule", "create", &file, "--every", "1", "--experiment", "ticks", "--catch-up", "--at-once", "10"];
    let made = server.tool.json(&[&create[..], &["--param", "text=[[Index]]"]].concat());
    let schedule = made["id"].as_str().unwrap().to_owned();
    wait_for_runs(&server.tool, "ticks", 2);
    server.end_with(Signal::KILL);

    let server = Server::start_in(data.path(), &[]);
    let before = wait_for_runs(&server.tool, "ticks", 5);
    server.tool.data(&["schedule", "pause", &schedule]);
    // What was being fired while the pause was asked for is let through.
    thread::sleep(Duration::from_millis(500));
    let paused = runs(&server.tool, "ticks");
    assert!(paused.len() >= before.len());
    assert_eq!(indexes(&paused), (1..=paused.len() as u64).collect::<Vec<_>>(), "each firing once, in order");
    thread::sleep(Duration::from_millis(2500));
    assert_eq!(runs(&server.tool, "ticks").len(), paused.len(), "a paused schedule does not fire");
    assert_eq!(server.tool.json(&["schedule", "show", &schedule])["timing"]["paused"], true);
    server.tool.data(&["schedule", "resume", &schedule]);
    wait_for_runs(&server.tool, "ticks", paused.len() + 3);
    server.tool.data(&["schedule", "delete", &schedule]);
    assert_eq!(server.tool.run(&["schedule", "show", &schedule]).code, Some(4));
}

#[test]
fn schedules_that_cannot_be_are_refused_and_others_say_when_they_fire() {
    let server = Server::start();
    server.push(&["noop"]);
    let file = server.tool.file("tick.yaml", DOCUMENT);
    for (refused, part) in [
        (&["--cron", "* * * * *"][..], "six fields"),
        (&["--every", "0"][..], "every 1 to"),
        (&["--every", "5", "--param", "colour=red"][..], "colour"),
    ] {
        let said = server.tool.run(&[&["schedule", "create", &file], refused].concat());
        assert!(said.code == Some(1) || said.code == Some(2), "{said:#?}");
        assert!(said.stderr.contains(part), "{said:#?}");
    }
    let nightly = ["schedule", "create", &file, "--cron", "0 30 3 * * *", "--name", "nightly"];
    let schedule = server.tool.data(&nightly);
    let times = server.tool.json(&["schedule", "next", schedule.trim(), "-n", "3"]);
    let times: Vec<u64> = times["nextAtMillis"].as_array().unwrap().iter().map(|time| time.as_u64().unwrap()).collect();
    assert_eq!(times.iter().map(|time| time % 86_400_000).collect::<Vec<_>>(), [12_600_000; 3]);
    assert_eq!((times[1] - times[0], times[2] - times[1]), (86_400_000, 86_400_000));
    assert!(server.tool.data(&["schedule", "list"]).contains("nightly"));
}

#[test]
fn runs_are_compared_side_by_side() {
    let server = Server::start();
    server.push(&["noop"]);
    let file = server.tool.file("tick.yaml", DOCUMENT);
    for text in ["one", "two"] {
        let parameter = format!("text={text}");
        let run = ["pipeline", "run", &file, "--param", &parameter, "--experiment", "texts", "--name", "a title"];
        server.tool.data(&run);
    }
    let ids: Vec<String> =
        runs(&server.tool, "texts").iter().map(|run| run["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), 2);
    let compared = server.tool.json(&["experiment", "compare", &ids[0], &ids[1]]);
    assert_eq!(compared["parameters"]["text"], serde_json::json!(["one", "two"]));
    let listed = server.tool.data(&["experiment", "list"]);
    assert!(listed.contains("texts") && !listed.contains("Default"), "{listed}");
    assert_eq!(server.tool.run(&["run", "list", "--experiment", "nothing"]).code, Some(4));
}
