//! A run of 10,000 steps, in loops inside loops, through the stock client and Sandmill's own interface.
//! Never counts on a fast machine: what it holds is that nothing is lost, shown late, or done twice.

use crate::server::Server;

#[test]
fn ten_thousand_steps_run_are_watched_and_only_what_failed_is_tried_again() {
    let python = match tests_kfp::python() {
        Ok(python) => python,
        Err(reason) => return tests_kfp::skip(&reason),
    };
    let server = Server::start();
    server.push(&["write-files"]);
    let program = tests_kit::binary::path();
    let more = [program.display().to_string(), server.data().display().to_string()];
    let said = server.script(&python, "large.py", &[&more[0], &more[1]]);
    for part in ["fails", "shows", "keeps_logs", "retries"] {
        assert!(said.lines().any(|line| line == format!("ok {part}")), "{part} is missing:\n{said}");
    }
}
