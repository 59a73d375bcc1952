//! The checks find what they are there for: each history here breaks one rule.
//! Never simulates.

use std::sync::Arc;

use host_base::{Code, Failure, StepName, Usage};
use host_pipeline::{Plan, RunEvent, RunStatus};

use super::{check_end, check_history};
use crate::chance::Chance;
use crate::pipelines::random_document;

fn plan() -> Arc<Plan> {
    random_document(&mut Chance::new(1))
}

fn step() -> StepName {
    StepName::from("s0")
}

fn started(attempt: u32) -> RunEvent {
    RunEvent::AttemptStarted { step: step(), attempt }
}

fn succeeded(attempt: u32) -> RunEvent {
    let usage = Usage::default();
    RunEvent::AttemptSucceeded {
        step: step(),
        attempt,
        outputs: std::collections::BTreeMap::new(),
        cache_key: None,
        usage,
    }
}

fn failed(attempt: u32) -> RunEvent {
    let failure = Failure::new(Code::Trap, "it trapped");
    RunEvent::AttemptFailed { step: step(), attempt, failure, usage: Usage::default() }
}

fn check(events: &[RunEvent], expected: Option<&str>) {
    let history: Vec<RunEvent> =
        std::iter::once(RunEvent::Submitted { plan: plan() }).chain(events.iter().cloned()).collect();
    assert_eq!(check_history(&history).err().as_deref(), expected, "{events:?}");
}

#[test]
fn histories_that_break_a_rule_are_found() {
    let finished = RunEvent::Finished { status: RunStatus::Failed };
    check(&[started(1), succeeded(1)], None);
    check(&[started(1), succeeded(1), succeeded(1), started(1)], None);
    check(&[started(1), succeeded(1), started(2)], Some("attempt 2 of step s0 begins although a success is recorded"));
    check(&[started(1), started(2)], Some("attempt 2 of step s0 begins while attempt 1 is under way"));
    check(&[started(1), failed(1), started(2), succeeded(2), started(1), failed(1)], None);
    check(&[finished.clone(), started(1)], Some("attempt-started follows the end of the run"));
    check(&[finished.clone(), RunEvent::RetryRequested, started(1), failed(1)], None);
    check(&[RunEvent::Submitted { plan: plan() }], Some("the run is submitted twice"));
    let max = plan().steps()[0].1.retry.max_attempts;
    let failures: Vec<RunEvent> = (1..=max + 1).flat_map(|attempt| [started(attempt), failed(attempt)]).collect();
    let expected = format!("step s0 failed {} times, although its policy allows {max} attempts", max + 1);
    check(&failures, Some(&expected));
    let interrupted = RunEvent::AttemptInterrupted { step: step(), attempt: max };
    let mut interruption_between = failures;
    interruption_between[2 * max as usize - 1] = interrupted;
    check(&interruption_between, None);
    assert!(check_history(&[]).is_err());
}

#[test]
fn a_run_that_has_not_ended_is_found() {
    let state = host_pipeline::start(plan());
    assert!(check_end(&state).is_err_and(|violation| violation.starts_with("a run cannot end as Running")));
}
