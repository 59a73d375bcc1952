//! The console in a browser: every view on real data, live, after a restart, with thousands of steps, under attack.
//! Never passes silently where Node or the browser is missing: it says that it skipped.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking and talks on stderr")]

mod browser;
mod node;

use std::fmt::Write as _;

use browser::Browser;
use node::Node;
use tests_kit::history;

/// Components that the pipelines of these tests call, and test programs.
const COMPONENTS: [&str; 6] =
    ["load-table", "validate-table", "split-rows", "train-classifier", "evaluate-classifier", "render-report"];
const PROGRAMS: [&str; 4] = ["noop", "fail", "talk", "write-files"];

/// Lists stay quick with this many runs behind them.
const MANY_RUNS: u64 = 100_000;
/// Users of a node that tells them apart.
const ADA: &str = "5f0c9e2ab41d7386";
const BOB: &str = "c71e60d3f98b2a54";
/// After which a browser's login ends in the middle of work.
const LOGIN_SECONDS: f64 = 12.0;

/// A view that holds this many steps still moves at once.
const MANY_STEPS: usize = 2_000;

#[test]
fn a_pipeline_is_uploaded_changed_run_watched_compared_scheduled_and_tried_again() {
    let Some(browser) = Browser::ready() else { return };
    let node = Node::start();
    node.push_components(&COMPONENTS);
    node.push_programs(&PROGRAMS);
    browser.run("journey", &node.url, &[]);
    node.end();
}

#[test]
fn thousands_of_steps_open_and_move_without_a_long_wait() {
    let Some(browser) = Browser::ready() else { return };
    let node = Node::start();
    node.push_programs(&["noop"]);
    let run = node.run(&many_steps());
    browser.run("many-steps", &node.url, &[&run]);
    node.end();
}

#[test]
fn a_view_goes_on_where_it_was_after_the_node_was_started_again() {
    let Some(browser) = Browser::ready() else { return };
    let mut node = Node::start();
    node.push_programs(&["sleep"]);
    let mut view = browser.start("restart", &node.url, &[]);
    view.wait_for("watching");
    node.kill_and_start_again();
    view.tell("again");
    view.end();
    node.end();
}

#[test]
fn what_steps_write_runs_nowhere_and_changes_no_view() {
    let Some(browser) = Browser::ready() else { return };
    let node = Node::start();
    node.push_programs(&["noop"]);
    browser.run("hostile", &node.url, &[]);
    node.end();
}

#[test]
fn a_notebook_is_written_run_interrupted_loaded_again_and_made_a_step() {
    let Some(browser) = Browser::ready() else { return };
    let node = Node::start();
    if !node.push_python() {
        return;
    }
    browser.run("notebook", &node.url, &[]);
    node.end();
}

/// Which kernel is behind the second name is nothing to the page: here it is the first one's component.
#[test]
fn a_notebook_is_run_by_the_kernel_that_is_chosen_for_it() {
    let Some(browser) = Browser::ready() else { return };
    let node = Node::start();
    if !node.push_python() || !node.push_python_as("sandmill/run-science") {
        return;
    }
    browser.run("notebook-kernel", &node.url, &[]);
    node.end();
}

#[test]
fn a_notebook_says_that_its_session_went_with_the_node_and_goes_on_in_another() {
    let Some(browser) = Browser::ready() else { return };
    let mut node = Node::start();
    if !node.push_python() {
        return;
    }
    let mut view = browser.start("notebook-restart", &node.url, &[]);
    view.wait_for("watching");
    node.kill_and_start_again();
    view.tell("again");
    view.end();
    node.end();
}

#[test]
fn a_hundred_thousand_runs_are_listed_filtered_and_turned_without_a_long_wait() {
    let Some(browser) = Browser::ready() else { return };
    let node = Node::with_history(MANY_RUNS);
    browser.run("many-runs", &node.url, &[&history::component("train")]);
    node.end();
}

#[test]
fn a_login_that_ends_in_the_middle_of_work_loses_nothing() {
    let Some(browser) = Browser::ready() else { return };
    let node = Node::start_with_users(&[("ada", ADA), ("bob", BOB)], LOGIN_SECONDS);
    node.push_programs(&["sleep"]);
    browser.run("login", &node.url, &[ADA, BOB]);
    node.end();
}

#[test]
fn a_folder_is_listed_and_its_files_are_opened_and_run_nothing() {
    let Some(browser) = Browser::ready() else { return };
    let node = Node::start();
    browser.run("folder", &node.url, &[]);
    node.end();
}

#[test]
fn the_overview_tells_what_computes_and_how_much_of_it_is_in_use() {
    let Some(browser) = Browser::ready() else { return };
    let node = Node::start();
    node.push_programs(&["tensors"]);
    browser.run("devices", &node.url, &[]);
    node.end();
}

#[test]
fn a_notebook_is_saved_and_goes_on_once_its_user_has_signed_in_again() {
    let Some(browser) = Browser::ready() else { return };
    let node = Node::start_with_users(&[("ada", ADA)], 3_600.0);
    if !node.push_python() {
        return;
    }
    browser.run("login-notebook", &node.url, &[ADA]);
    node.end();
}

#[test]
fn a_job_is_written_trained_stopped_resumed_and_followed_past_the_end_of_its_node() {
    let Some(browser) = Browser::ready() else { return };
    let mut node = Node::start();
    node.push_programs(&["train-line"]);
    let mut view = browser.start("job", &node.url, &[]);
    view.wait_for("watching");
    node.kill_and_start_again();
    view.tell("again");
    view.end();
    node.end();
}

#[test]
fn jobs_stand_side_by_side_as_the_address_says() {
    let Some(browser) = Browser::ready() else { return };
    let node = Node::start();
    node.push_programs(&["train-line"]);
    browser.run("job-compare", &node.url, &[]);
    node.end();
}

/// Layers of steps, each waiting for some of the layer before, as generated pipelines have them.
fn many_steps() -> String {
    let mut document =
        "apiVersion: sandmill.dev/v1\nkind: Pipeline\nmetadata: { name: many-steps }\nspec:\n  steps:\n".to_owned();
    for number in 0..MANY_STEPS {
        let after = match number.checked_sub(20) {
            Some(before) => format!(", after: [s{before}, s{}]", number - 1 - number % 3),
            None => String::new(),
        };
        writeln!(document, "    s{number}: {{ component: 'programs/noop:1', function: run, cache: false{after} }}")
            .unwrap();
    }
    document
}
