//! Tests of the tally.
//! Never runs cargo.

use super::tally::{Shown, Tally};

fn hear(text: &str) -> (Tally, Vec<&str>) {
    let mut tally = Tally::default();
    let shown = text.lines().filter(|line| tally.hear(line) == Shown::Yes).collect();
    (tally, shown)
}

const TWO_BINARIES: &str = "\
     Running tests/it.rs (target/debug/deps/it-0123)

running 3 tests
test pulls ... ok
test pushes ... ok
test second_registry ... ok

successes:

---- second_registry stdout ----
skipped: docker-registry is not installed
noise of a passing test

successes:
    pulls
    pushes
    second_registry

test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s

     Running unittests src/lib.rs (target/debug/deps/base-4567)

running 2 tests
test sums ... FAILED
test waits ... ignored, needs a cluster

failures:

---- sums stdout ----
assertion failed

failures:
    sums

test result: FAILED. 0 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s
";

#[test]
fn counts_over_all_binaries_and_takes_skips_out_of_the_passed() {
    let (mut tally, _) = hear(TWO_BINARIES);
    tally.end(false);
    assert_eq!(tally.closing_line(), "2 passed, 1 failed, 2 skipped");
    assert!(!tally.succeeded());
}

#[test]
fn shows_failures_and_skips_but_not_what_passing_tests_wrote() {
    let (_, shown) = hear(TWO_BINARIES);
    assert!(shown.contains(&"assertion failed"));
    assert!(shown.contains(&"skipped: docker-registry is not installed"));
    assert!(!shown.contains(&"noise of a passing test"));
    assert!(!shown.contains(&"test pulls ... ok"));
}

#[test]
fn a_run_that_breaks_off_is_a_failure_though_no_test_failed() {
    let (mut tally, _) = hear("test result: ok. 5 passed; 0 failed; 0 ignored");
    tally.end(false);
    assert_eq!(tally.closing_line(), "5 passed, 1 failed, 0 skipped");
    assert!(!tally.succeeded());
}

#[test]
fn a_run_that_tested_nothing_is_no_success() {
    let mut tally = Tally::default();
    tally.end(true);
    assert!(!tally.succeeded());
}

#[test]
fn a_skip_told_on_stderr_stands_behind_the_name_of_its_test() {
    let (mut tally, _) = hear("test gpu ... skipped: no adapter\ntest result: ok. 1 passed; 0 failed; 0 ignored");
    tally.end(true);
    assert_eq!(tally.closing_line(), "0 passed, 0 failed, 1 skipped");
}
