//! Runs tried again, with groups, loops and what runs whatever happens.
//! Never about a step's own retries.

use host_base::{Code, Value};
use serde_json::json;

use crate::sample::{Run, each, group, output, plan_of, step, step_with, whatever_happens};
use crate::{Argument, RunEvent, RunStatus, StepStatus, Task};

fn submit(tasks: Vec<Task>) -> Run {
    Run::submit(plan_of(crate::sample::graph(tasks))).0
}

fn retried(run: &mut Run) -> Vec<String> {
    run.happen(RunEvent::Finished { status: RunStatus::Failed });
    run.happen(RunEvent::RetryRequested)
}

fn loop_over(source: &str) -> Task {
    let item = Argument::Input("item".to_owned());
    let body = vec![step_with("r", &[], vec![item]), step("s", &["r"])];
    each(group("l", &[source], "s", body), output(source, "out"), None)
}

#[test]
fn rounds_that_succeeded_are_kept() {
    let mut run = submit(vec![step("a", &[]), loop_over("a"), step("z", &["l"])]);
    run.give("a", 1, json!([1, 2]));
    run.succeed("l/0/r", 1);
    run.give("l/0/s", 1, json!("first"));
    run.succeed("l/1/r", 1);
    assert_eq!(run.fail("l/1/s", 1, Code::Trap), ["finish failed"]);
    assert_eq!(retried(&mut run), ["start l/1/s 2"]);
    assert_eq!((run.status("l/0"), run.status("l/1/r")), (StepStatus::Succeeded, StepStatus::Succeeded));
    assert_eq!(run.give("l/1/s", 2, json!("second")), ["start z 1"]);
    assert_eq!(run.output("l"), Some(Value::Plain(json!(["first", "second"]))));
}

#[test]
fn a_loop_whose_items_changed_is_done_anew() {
    // The source of the items runs whatever happens, so that it runs again and may say something else.
    let mut run = submit(vec![step("a", &[]), whatever_happens(step_with("b", &["a"], vec![])), loop_over("b")]);
    run.fail("a", 1, Code::Trap);
    run.give("b", 1, json!([1, 2, 3]));
    for round in 0..3 {
        run.succeed(&format!("l/{round}/r"), 1);
        run.succeed(&format!("l/{round}/s"), 1);
    }
    assert_eq!(retried(&mut run), ["start a 2"]);
    assert_eq!(run.status("b"), StepStatus::Waiting);
    assert_eq!(run.succeed("a", 2), ["start b 2"]);
    assert_eq!(run.give("b", 2, json!([1, 5])), ["start l/0/r 2", "start l/1/r 2"]);
    assert_eq!(run.status("l/2"), StepStatus::Skipped, "a round that there is no item for any more");
    for round in 0..2 {
        run.succeed(&format!("l/{round}/r"), 2);
    }
    run.give("l/1/s", 2, json!("y"));
    assert_eq!(run.give("l/0/s", 2, json!("x")), ["finish succeeded"]);
    assert_eq!(run.output("l"), Some(Value::Plain(json!(["x", "y"]))));
}

#[test]
fn what_runs_whatever_happens_runs_again_with_what_it_waits_for() {
    let status = Argument::FinalStatus { step: "g".into() };
    let exit = whatever_happens(step_with("exit", &["g"], vec![status]));
    let mut run = submit(vec![group("g", &[], "x", vec![step("w", &[]), step("x", &["w"])]), exit]);
    run.succeed("g/w", 1);
    assert_eq!(run.fail("g/x", 1, Code::Trap), ["start exit 1"]);
    assert_eq!(run.succeed("exit", 1), ["finish failed"]);
    assert_eq!(retried(&mut run), ["start g/x 2"]);
    assert_eq!(run.status("exit"), StepStatus::Waiting);
    assert_eq!(run.succeed("g/x", 2), ["start exit 2"]);
    assert_eq!(run.succeed("exit", 2), ["finish succeeded"]);
}

#[test]
fn a_cancelled_loop_goes_on_where_it_was() {
    let mut run = submit(vec![step("a", &[]), loop_over("a")]);
    run.give("a", 1, json!([1, 2]));
    run.succeed("l/0/r", 1);
    run.happen(RunEvent::CancelRequested);
    run.happen(crate::sample::failed("l/0/s", 1, Code::Cancelled));
    assert_eq!(run.happen(crate::sample::failed("l/1/r", 1, Code::Cancelled)), ["finish cancelled"]);
    run.happen(RunEvent::Finished { status: RunStatus::Cancelled });
    assert_eq!(run.happen(RunEvent::RetryRequested), ["start l/0/s 2", "start l/1/r 2"]);
}
