//! What a crash leaves behind, and how the run goes on.
//! Never about where the history is kept.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use host_base::Code;

use super::*;
use crate::sample::{Run, plan, shown, started, succeeded, with_attempts};

/// What is appended and commanded after a crash at this point, in a few words.
fn after_crash(run: &Run) -> (Vec<String>, Vec<String>) {
    let recovered = recover(&run.events).unwrap();
    let (mut state, mut commands) = (recovered.state, recovered.commands);
    for event in &recovered.events {
        commands.extend(advance(&mut state, event).commands);
    }
    // What the crash did is history like any other: replaying the longer history gives the same state.
    let replayed = replay(run.events.iter().chain(&recovered.events)).unwrap();
    assert_eq!(replayed, state);
    let event = |event: &RunEvent| match event {
        RunEvent::AttemptInterrupted { step, attempt } => format!("interrupted {step} {attempt}"),
        other => panic!("{other:?}"),
    };
    (recovered.events.iter().map(event).collect(), commands.iter().map(shown).collect())
}

fn check(run: &Run, events: &[&str], commands: &[&str]) {
    let (found_events, found_commands) = after_crash(run);
    assert_eq!(
        (found_events.as_slice(), found_commands.as_slice()),
        (strings(events).as_slice(), strings(commands).as_slice())
    );
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn attempts_under_way_are_interrupted_and_made_again() {
    let (mut run, _) = Run::submit(plan(&[("a", &[]), ("b", &[]), ("c", &["a", "b"])]));
    check(&run, &[], &["start a 1", "start b 1"]);
    run.happen(started("a", 1));
    check(&run, &["interrupted a 1"], &["start b 1", "start a 2"]);
    run.happen(succeeded("a", 1));
    check(&run, &[], &["start b 1"]);
    run.succeed("b", 1);
    check(&run, &[], &["start c 1"]);
    run.succeed("c", 1);
    check(&run, &[], &["finish succeeded"]);
    run.happen(RunEvent::Finished { status: RunStatus::Succeeded });
    check(&run, &[], &[]);
}

#[test]
fn a_second_crash_finds_what_the_first_one_appended() {
    let (mut run, _) = Run::submit(plan(&[("a", &[])]));
    run.happen(started("a", 1));
    let recovered = recover(&run.events).unwrap();
    run.events.extend(recovered.events);
    check(&run, &[], &["start a 2"]);
    run.events.push(started("a", 2));
    check(&run, &["interrupted a 2"], &["start a 3"]);
}

#[test]
fn a_wait_for_a_retry_begins_again() {
    let (mut run, _) = Run::submit(with_attempts(plan(&[("a", &[]), ("b", &["a"])]), 3));
    run.fail("a", 1, Code::Trap);
    check(&run, &[], &["wait a 100"]);
    run.happen(crate::sample::retry_due("a"));
    check(&run, &[], &["start a 2"]);
    run.fail("a", 2, Code::Trap);
    check(&run, &[], &["wait a 200"]);
}

#[test]
fn a_run_that_was_being_cancelled_is_over() {
    let (mut run, _) = Run::submit(plan(&[("a", &[]), ("b", &[])]));
    run.happen(started("a", 1));
    run.happen(RunEvent::CancelRequested);
    check(&run, &["interrupted a 1", "interrupted b 1"], &["finish cancelled"]);
}

#[test]
fn a_run_being_tried_again_goes_on() {
    let (mut run, _) = Run::submit(plan(&[("a", &[]), ("b", &["a"])]));
    run.succeed("a", 1);
    run.fail("b", 1, Code::Trap);
    run.happen(RunEvent::Finished { status: RunStatus::Failed });
    check(&run, &[], &[]);
    run.happen(RunEvent::RetryRequested);
    check(&run, &[], &["start b 2"]);
}

#[test]
fn a_history_without_a_submission_is_refused() {
    for events in [vec![], vec![RunEvent::CancelRequested]] {
        let failure = recover(&events).unwrap_err();
        assert_eq!(failure.code, Code::LedgerFailed);
    }
}
