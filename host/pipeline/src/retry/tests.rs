//! How long the wait is.
//! Never about whether a step may run at all.

use host_base::{Code, Failure};
use sdk_spec::{RetryPolicy, Span};

use super::delay_millis;

#[test]
fn waits_grow_up_to_the_longest() {
    let check = |backoff: u64, factor: f64, max_backoff: u64, expected: [Option<u64>; 4]| {
        let policy = RetryPolicy { max_attempts: 4, backoff: Span(backoff), factor, max_backoff: Span(max_backoff) };
        let failure = Failure::new(Code::Trap, "it trapped");
        let waits = [1, 2, 3, 4].map(|failures| delay_millis(&policy, failures, &failure));
        assert_eq!(waits, expected, "{policy:?}");
    };
    check(1_000, 2.0, 60_000, [Some(1_000), Some(2_000), Some(4_000), None]);
    check(1_000, 10.0, 5_000, [Some(1_000), Some(5_000), Some(5_000), None]);
    check(100, 1.0, 5_000, [Some(100), Some(100), Some(100), None]);
    check(100, 1.5, 5_000, [Some(100), Some(150), Some(225), None]);
    check(0, 2.0, 5_000, [Some(0), Some(0), Some(0), None]);
    check(9_000, 2.0, 5_000, [Some(5_000), Some(5_000), Some(5_000), None]);
    check(100, f64::NAN, 5_000, [Some(100), Some(100), Some(100), None]);
    check(u64::MAX, f64::INFINITY, u64::MAX, [Some(u64::MAX), Some(u64::MAX), Some(u64::MAX), None]);
}
