//! What follows from each event, written as the commands it leads to.
//! Never about how long a guest takes; time is the executor's.
#![expect(clippy::print_stdout, reason = "measurements are printed for whoever runs them with --nocapture")]

use std::time::Instant;

use host_base::{Code, StepName};

use super::*;
use crate::sample::{
    Run, each, failed, graph, group, plain, plan, plan_of, retry_due, shown, started, step, submitted, succeeded,
    with_attempts,
};

const NONE: [&str; 0] = [];

#[test]
fn a_chain_runs_step_by_step() {
    let (mut run, first) = Run::submit(plan(&[("a", &[]), ("b", &["a"]), ("c", &["b"])]));
    assert_eq!(first, ["start a 1"]);
    assert_eq!(run.succeed("a", 1), ["start b 1"]);
    assert_eq!(run.succeed("b", 1), ["start c 1"]);
    assert_eq!(run.succeed("c", 1), ["finish succeeded"]);
    assert_eq!(run.happen(RunEvent::Finished { status: RunStatus::Succeeded }), NONE);
    assert_eq!(run.state.status, RunStatus::Succeeded);
}

#[test]
fn a_step_waits_for_all_it_needs_and_for_no_more() {
    let (mut run, first) = Run::submit(plan(&[("a", &[]), ("b", &[]), ("c", &["a"]), ("d", &["a", "b"])]));
    assert_eq!(first, ["start a 1", "start b 1"]);
    assert_eq!(run.succeed("a", 1), ["start c 1"]);
    assert_eq!(run.succeed("b", 1), ["start d 1"]);
    assert_eq!(run.succeed("d", 1), NONE);
    assert_eq!(run.succeed("c", 1), ["finish succeeded"]);
}

#[test]
fn arguments_carry_the_outputs_of_steps_before() {
    let (mut run, _) = Run::submit(plan(&[("a", &[]), ("b", &["a"])]));
    run.happen(started("a", 1));
    let commands = advance(&mut run.state, &succeeded("a", 1)).commands;
    let [Command::StartAttempt { inputs: crate::ResolvedInputs::Function { arguments }, .. }] = commands.as_slice()
    else {
        panic!("{commands:?}");
    };
    assert_eq!(arguments.as_slice(), [Value::Plain(serde_json::json!(1))]);
}

#[test]
fn an_earlier_result_stands_in() {
    let (mut run, _) = Run::submit(plan(&[("a", &[]), ("b", &["a"])]));
    let reused = RunEvent::StepReused {
        step: StepName::from("a"),
        outputs: crate::sample::outputs(),
        cache_key: registry_oci::Digest::sha256(b"key"),
        source: host_base::RunId::new(0, 0),
    };
    assert_eq!(run.happen(reused.clone()), ["start b 1"]);
    assert_eq!((run.status("a"), run.state.steps[0].reused), (StepStatus::Succeeded, true));
    assert_eq!(run.happen(reused), NONE, "reported twice");
}

#[test]
fn what_needs_a_failed_step_is_skipped_and_the_rest_goes_on() {
    let steps: &[(&str, &[&str])] =
        &[("a", &[]), ("b", &["a"]), ("c", &["b", "z"]), ("x", &[]), ("y", &["x"]), ("z", &["y"])];
    let (mut run, _) = Run::submit(plan(steps));
    assert_eq!(run.fail("a", 1, Code::StepFailed), NONE);
    assert_eq!((run.status("b"), run.status("c")), (StepStatus::Skipped, StepStatus::Skipped));
    assert_eq!(run.succeed("x", 1), ["start y 1"]);
    assert_eq!(run.succeed("y", 1), ["start z 1"]);
    assert_eq!(run.succeed("z", 1), ["finish failed"], "and c stays skipped");
}

#[test]
fn failed_attempts_are_followed_by_longer_and_longer_waits() {
    let (mut run, _) = Run::submit(with_attempts(plan(&[("a", &[])]), 4));
    assert_eq!(run.fail("a", 1, Code::Trap), ["wait a 100"]);
    assert_eq!(run.status("a"), StepStatus::Backoff);
    assert_eq!(run.happen(retry_due("a")), ["start a 2"]);
    assert_eq!(run.fail("a", 2, Code::WallTimeLimit), ["wait a 200"]);
    assert_eq!(run.happen(retry_due("a")), ["start a 3"]);
    assert_eq!(run.fail("a", 3, Code::StepFailed), ["wait a 250"]);
    assert_eq!(run.happen(retry_due("a")), ["start a 4"]);
    assert_eq!(run.fail("a", 4, Code::StepFailed), ["finish failed"]);
    assert_eq!(run.state.steps[0].failures, 4);
}

#[test]
fn failures_that_no_attempt_can_escape_are_not_tried_again() {
    for code in [Code::TypeMismatch, Code::ImportNotGranted, Code::NotAComponent, Code::InstanceLimit] {
        let (mut run, _) = Run::submit(with_attempts(plan(&[("a", &[])]), 4));
        assert_eq!(run.fail("a", 1, code), ["finish failed"], "{code}");
    }
}

#[test]
fn a_step_that_knows_better_is_not_tried_again() {
    let mut event = failed("a", 1, Code::StepFailed);
    let RunEvent::AttemptFailed { failure, .. } = &mut event else { unreachable!("it failed") };
    failure.retryable = false;
    let (mut run, _) = Run::submit(with_attempts(plan(&[("a", &[])]), 4));
    run.happen(started("a", 1));
    assert_eq!(run.happen(event), ["finish failed"]);
}

#[test]
fn a_step_that_ends_the_node_every_time_is_given_up_in_the_end() {
    let interrupted = |attempt| RunEvent::AttemptInterrupted { step: StepName::from("a"), attempt };
    let (mut run, _) = Run::submit(with_attempts(plan(&[("a", &[])]), 2));
    for attempt in 1..=retry::INTERRUPTIONS_MAX {
        run.happen(started("a", attempt));
        assert_eq!(run.happen(interrupted(attempt)), [format!("start a {}", attempt + 1)]);
    }
    let last = retry::INTERRUPTIONS_MAX + 1;
    run.happen(started("a", last));
    assert_eq!(run.happen(interrupted(last)), ["finish failed"]);
    let failure = run.state.steps[0].failure.clone().unwrap_or_else(failed_without_a_word);
    assert_eq!(failure.code, Code::InterruptedTooOften);
    assert!(failure.message.contains(&format!("{last} times in a row while step `a`")), "{failure}");
    run.happen(RunEvent::Finished { status: RunStatus::Failed });
    assert_eq!(run.happen(RunEvent::RetryRequested), [format!("start a {}", last + 1)], "with a fresh count");
    run.happen(started("a", last + 1));
    assert_eq!(run.happen(interrupted(last + 1)), [format!("start a {}", last + 2)]);
}

fn failed_without_a_word() -> Failure {
    Failure::new(Code::Internal, "it failed without a word")
}

#[test]
fn an_interrupted_attempt_is_made_again_and_does_not_count() {
    let (mut run, _) = Run::submit(with_attempts(plan(&[("a", &[])]), 2));
    run.happen(started("a", 1));
    let interrupted = RunEvent::AttemptInterrupted { step: StepName::from("a"), attempt: 1 };
    assert_eq!(run.happen(interrupted.clone()), ["start a 2"]);
    assert_eq!(run.happen(interrupted), NONE, "reported twice");
    assert_eq!(run.happen(succeeded("a", 1)), NONE, "reported too late");
    assert_eq!(run.fail("a", 2, Code::Trap), ["wait a 100"]);
    assert_eq!(run.happen(retry_due("a")), ["start a 3"]);
    assert_eq!(run.fail("a", 3, Code::Trap), ["finish failed"]);
}

#[test]
fn a_cancelled_run_ends_once_its_attempts_have_stopped() {
    let (mut run, _) = Run::submit(with_attempts(plan(&[("a", &[]), ("b", &[]), ("c", &["a"]), ("d", &[])]), 3));
    run.happen(started("a", 1));
    run.fail("d", 1, Code::Trap);
    assert_eq!(run.happen(RunEvent::CancelRequested), ["cancel a", "cancel b"]);
    assert_eq!((run.status("c"), run.status("d")), (StepStatus::Cancelled, StepStatus::Cancelled));
    assert_eq!(run.happen(RunEvent::CancelRequested), NONE, "asked for twice");
    assert_eq!(run.happen(retry_due("d")), NONE, "the wait was over too late");
    assert_eq!(run.happen(succeeded("a", 1)), NONE, "it was quicker than the cancellation");
    assert_eq!(run.status("a"), StepStatus::Succeeded);
    // The other attempt had not even begun.
    assert_eq!(run.happen(failed("b", 1, Code::Cancelled)), ["finish cancelled"]);
    assert_eq!(run.status("b"), StepStatus::Cancelled);
    run.happen(RunEvent::Finished { status: RunStatus::Cancelled });
    // Its number is not used again, so a late report of it cannot be taken for the next attempt's.
    assert_eq!(run.happen(RunEvent::RetryRequested), ["start b 2", "start c 1", "start d 2"]);
    assert_eq!(run.happen(failed("b", 1, Code::Cancelled)), NONE, "reported twice");
    assert_eq!(run.status("b"), StepStatus::Running);
}

#[test]
fn a_run_past_its_deadline_is_stopped_and_failed() {
    let timed = Plan { deadline_millis: Some(1_500), ..plan(&[("a", &[]), ("b", &["a"])]) };
    let (mut run, _) = Run::submit(timed);
    run.happen(started("a", 1));
    assert_eq!(run.happen(RunEvent::DeadlineReached), ["cancel a"]);
    assert_eq!(run.happen(failed("a", 1, Code::Cancelled)), ["finish failed"]);
    let failure = run.state.failure.clone().unwrap_or_else(failed_without_a_word);
    assert_eq!(failure.code, Code::DeadlineReached);
    assert!(failure.message.ends_with("deadline of 1.5 s"), "{failure}");
    run.happen(RunEvent::Finished { status: RunStatus::Failed });
    assert_eq!(run.happen(RunEvent::RetryRequested), ["start a 2"]);
    assert_eq!(run.state.failure, None);
}

#[test]
fn a_cancelled_run_whose_steps_all_succeeded_succeeded() {
    let (mut run, _) = Run::submit(plan(&[("a", &[])]));
    assert_eq!(run.happen(RunEvent::CancelRequested), ["cancel a"]);
    assert_eq!(run.happen(succeeded("a", 1)), ["finish succeeded"]);
    assert_eq!(run.happen(RunEvent::CancelRequested), NONE, "nothing is left to cancel");
}

#[test]
fn a_run_tried_again_keeps_what_succeeded() {
    let (mut run, _) = Run::submit(plan(&[("a", &[]), ("b", &["a"]), ("c", &["a", "b"]), ("d", &[])]));
    run.succeed("a", 1);
    run.succeed("d", 1);
    assert_eq!(run.happen(RunEvent::RetryRequested), NONE, "it has not ended yet");
    assert_eq!(run.fail("b", 1, Code::StepFailed), ["finish failed"]);
    run.happen(RunEvent::Finished { status: RunStatus::Failed });
    assert_eq!(run.happen(RunEvent::RetryRequested), ["start b 2"]);
    assert_eq!(run.state.status, RunStatus::Running);
    assert_eq!(run.happen(failed("b", 1, Code::StepFailed)), NONE, "reported too late");
    assert_eq!(run.succeed("b", 2), ["start c 1"]);
    assert_eq!(run.succeed("c", 1), ["finish succeeded"]);
    run.happen(RunEvent::Finished { status: RunStatus::Succeeded });
    assert_eq!(run.happen(RunEvent::RetryRequested), NONE, "there is nothing to try again");
    assert_eq!(run.state.status, RunStatus::Succeeded);
}

#[test]
fn what_does_not_fit_changes_nothing() {
    let (mut run, _) = Run::submit(plan(&[("a", &[]), ("b", &["a"])]));
    let plan = run.state.plan.clone();
    let before = run.state.clone();
    let misfits = [
        submitted(&plan),
        started("a", 2),
        started("b", 1),
        started("nobody", 1),
        succeeded("a", 2),
        succeeded("b", 1),
        failed("nobody", 1, Code::Trap),
        retry_due("a"),
        RunEvent::RetryRequested,
    ];
    for event in misfits {
        assert_eq!(run.happen(event.clone()), NONE, "{event:?}");
        assert_eq!(run.state, before, "{event:?}");
    }
}

#[test]
fn an_output_that_is_missing_fails_the_step_that_wants_it() {
    let (mut run, _) = Run::submit(plan(&[("a", &[]), ("b", &["a"]), ("c", &["b"])]));
    let empty = RunEvent::AttemptSucceeded {
        step: StepName::from("a"),
        attempt: 1,
        outputs: BTreeMap::new(),
        cache_key: None,
        usage: host_base::Usage::default(),
    };
    assert_eq!(run.happen(empty), ["finish failed"]);
    assert_eq!((run.status("b"), run.status("c")), (StepStatus::Failed, StepStatus::Skipped));
}

/// Drives a plan to its end and returns the number of events it took.
fn drive(plan: Plan) -> (usize, RunState) {
    let plan = Arc::new(plan);
    let mut state = start(plan.clone());
    let mut commands = advance(&mut state, &submitted(&plan)).commands;
    let mut events = 1;
    while let Some(command) = commands.pop() {
        match command {
            Command::StartAttempt { step, attempt, .. } => {
                commands.extend(advance(&mut state, &started(step.as_str(), attempt)).commands);
                commands.extend(advance(&mut state, &succeeded(step.as_str(), attempt)).commands);
                events += 2;
            }
            Command::FinishRun { status } => {
                commands.extend(advance(&mut state, &RunEvent::Finished { status }).commands);
                events += 1;
            }
            other => panic!("{}", shown(&other)),
        }
    }
    (events, state)
}

fn measured(name: &str, steps: usize, plan: Plan) -> f64 {
    let began = Instant::now();
    let (events, state) = drive(plan);
    let micros = began.elapsed().as_secs_f64() * 1e6 / events as f64;
    println!("{name} of {steps} steps: {micros:.2} µs an event");
    assert_eq!(state.status, RunStatus::Succeeded);
    micros
}

#[test]
fn an_event_costs_what_it_changes_however_many_steps_there_are() {
    let chain = |steps: usize| {
        let names: Vec<String> = (0..steps).map(|index| format!("step-{index:06}")).collect();
        let needs: Vec<Vec<&str>> = (0..steps)
            .map(|index| index.checked_sub(1).map(|before| names[before].as_str()).into_iter().collect())
            .collect();
        let steps: Vec<(&str, &[&str])> =
            names.iter().zip(&needs).map(|(name, needs)| (name.as_str(), needs.as_slice())).collect();
        plan(&steps)
    };
    let fan_out = |steps: usize| {
        let names: Vec<String> = (0..steps).map(|index| format!("step-{index:06}")).collect();
        let middle: Vec<&str> = names[1..steps - 1].iter().map(String::as_str).collect();
        let first = [names[0].as_str()];
        let mut wired: Vec<(&str, &[&str])> = vec![(first[0], &[])];
        wired.extend(middle.iter().map(|name| (*name, first.as_slice())));
        wired.push((&names[steps - 1], &middle));
        plan(&wired)
    };
    // A loop of a hundred rounds inside each round of another loop, for 10,000 steps.
    let loops = |steps: usize| {
        let list = |length: usize| plain((0..length).map(|item| serde_json::json!(item)).collect());
        let inner = each(group("inner", &[], "s", vec![step("s", &[])]), list(100), None);
        plan_of(graph(vec![each(group("outer", &[], "inner", vec![inner]), list(steps / 100), None)]))
    };
    let shapes = [("chain", &chain as &dyn Fn(usize) -> Plan), ("fan-out", &fan_out), ("loops", &loops)];
    for (name, make) in shapes {
        // The least of several, since other programs share the machine.
        let least = |steps: usize| (0..3).map(|_| measured(name, steps, make(steps))).fold(f64::INFINITY, f64::min);
        let small = least(500);
        let large = least(10_000);
        // Twenty times the steps: an event that looked at every step would cost about twenty times as much.
        assert!(large < small.max(5.0) * 10.0, "{name}: {small:.2} µs an event became {large:.2} µs");
    }
}
