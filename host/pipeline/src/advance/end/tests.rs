//! How groups and loops end: with which outputs, and what becomes of those that waited.
//! Never about trying again.

use host_base::{Code, Value};
use serde_json::json;

use crate::sample::{Run, each, group, output, plain, plan_of, step, step_with, whatever_happens};
use crate::{Argument, RunEvent, RunStatus, StepStatus, Task};

const NONE: [&str; 0] = [];

fn submit(tasks: Vec<Task>) -> (Run, Vec<String>) {
    Run::submit(plan_of(crate::sample::graph(tasks)))
}

fn looped(needs: &[&str], items: serde_json::Value) -> Task {
    let item = Argument::Input("item".to_owned());
    each(group("l", needs, "s", vec![step_with("s", &[], vec![item])]), plain(items), None)
}

#[test]
fn a_loops_outputs_are_in_the_order_of_its_items() {
    let (mut run, _) = submit(vec![looped(&[], json!([1, 2, 3]))]);
    run.give("l/2/s", 1, json!("c"));
    run.give("l/0/s", 1, json!("a"));
    assert_eq!(run.give("l/1/s", 1, json!("b")), ["finish succeeded"]);
    assert_eq!(run.output("l"), Some(Value::Plain(json!(["a", "b", "c"]))));
}

#[test]
fn a_failure_inside_fails_what_is_around_and_says_where_it_was() {
    let (mut run, _) = submit(vec![group("g", &[], "l", vec![looped(&[], json!([1, 2]))]), step("z", &["g"])]);
    assert_eq!(run.fail("g/l/1/s", 1, Code::Trap), NONE, "the other round goes on");
    assert_eq!((run.status("g/l/1"), run.status("g/l")), (StepStatus::Failed, StepStatus::Running));
    assert_eq!(run.succeed("g/l/0/s", 1), ["finish failed"]);
    let statuses = ["g", "g/l", "g/l/0", "g/l/1", "z"].map(|step| run.status(step));
    assert_eq!(
        statuses,
        [StepStatus::Failed, StepStatus::Failed, StepStatus::Succeeded, StepStatus::Failed, StepStatus::Skipped,]
    );
    let failure = run.state.steps[0].failure.as_ref().map(|failure| failure.message.as_str());
    assert_eq!(failure, Some("step `g/l/1/s`: it did not work"));
}

#[test]
fn what_runs_whatever_happens_waits_for_every_end() {
    let status = Argument::FinalStatus { step: "g".into() };
    let exit = whatever_happens(step_with("exit", &["g"], vec![status]));
    let inner = || vec![step("x", &[]), step("y", &[])];
    let check = |fails: bool, end: &str, state: &str, error: serde_json::Value| {
        let (mut run, _) = submit(vec![group("g", &[], "x", inner()), exit.clone()]);
        if fails {
            assert_eq!(run.fail("g/x", 1, Code::Trap), NONE);
        } else {
            run.succeed("g/x", 1);
        }
        assert_eq!(run.succeed("g/y", 1), ["start exit 1"]);
        let index = run.state.index(&"exit".into()).unwrap_or_default();
        let Some(crate::ResolvedInputs::Function { arguments }) = crate::resolve_inputs(&run.state, index) else {
            panic!("it is handed the status");
        };
        let expected = json!({
            "state": state, "pipelineTaskName": "g", "pipelineJobResourceName": "sample", "error": error
        });
        assert_eq!(arguments, [Value::Plain(expected)]);
        assert_eq!(run.succeed("exit", 1), [end]);
    };
    check(false, "finish succeeded", "SUCCEEDED", json!({}));
    let error = json!({ "code": 502, "message": "SM0502: step `g/x`: it did not work" });
    check(true, "finish failed", "FAILED", error);
}

#[test]
fn the_first_that_there_is_stands_in_for_the_others() {
    let first = Argument::FirstOf(vec![output("a", "out"), output("b", "out")]);
    let check = |failing: &[&str], expected: Option<i64>| {
        let (mut run, _) = submit(vec![
            step("a", &[]),
            step("b", &[]),
            whatever_happens(step_with("c", &["a", "b"], vec![first.clone()])),
        ]);
        for (step, value) in [("a", 1), ("b", 2)] {
            if failing.contains(&step) {
                run.fail(step, 1, Code::Trap)
            } else {
                run.give(step, 1, json!(value))
            };
        }
        let index = run.state.index(&"c".into()).unwrap_or_default();
        let inputs = crate::resolve_inputs(&run.state, index);
        let arguments = inputs.map(|inputs| match inputs {
            crate::ResolvedInputs::Function { arguments } => arguments,
            other => panic!("{other:?}"),
        });
        assert_eq!(arguments, expected.map(|value| vec![Value::Plain(json!(value))]), "{failing:?}");
    };
    check(&[], Some(1));
    check(&["a"], Some(2));
    check(&["a", "b"], None);
}

#[test]
fn cancelling_reaches_everything_inside() {
    let body = group("l", &[], "s", vec![step("r", &[]), step("s", &["r"])]);
    let (mut run, _) =
        submit(vec![each(body, plain(json!([1, 2, 3])), Some(2)), whatever_happens(step_with("exit", &["l"], vec![]))]);
    run.happen(crate::sample::started("l/0/r", 1));
    assert_eq!(run.happen(RunEvent::CancelRequested), ["cancel l/0/r", "cancel l/1/r"]);
    assert_eq!((run.status("l/2"), run.status("exit")), (StepStatus::Cancelled, StepStatus::Cancelled));
    assert_eq!(run.happen(crate::sample::failed("l/0/r", 1, Code::Cancelled)), NONE);
    assert_eq!(run.happen(crate::sample::failed("l/1/r", 1, Code::Cancelled)), ["finish cancelled"]);
    run.happen(RunEvent::Finished { status: RunStatus::Cancelled });
    assert!(run.state.steps.iter().all(|step| step.status == StepStatus::Cancelled));
}
