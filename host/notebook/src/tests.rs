//! Sessions end when they are idle, and at no other time.

use host_base::Code;

use super::{Activity, SessionLimits};

const IDLE: Activity = Activity { busy: false, last_millis: 1_000, connections: 0 };

fn limits(idle_millis_max: Option<u64>) -> SessionLimits {
    SessionLimits { sessions_max: 2, idle_millis_max, cull_connected: false }
}

#[test]
fn the_last_place_is_given_and_the_next_is_not() {
    assert_eq!(limits(None).admit(1), Ok(()));
    let refused = limits(None).admit(2).expect_err("full");
    assert_eq!(refused.code, Code::Conflict);
    assert!(refused.hint.is_some_and(|hint| hint.contains("notebook stop")));
}

#[test]
fn idle_sessions_end_at_their_limit() {
    assert!(!limits(Some(500)).is_over(IDLE, 1_499));
    assert!(limits(Some(500)).is_over(IDLE, 1_500));
    assert!(!limits(None).is_over(IDLE, u64::MAX));
    // A clock that was set back makes nobody idle.
    assert!(!limits(Some(500)).is_over(IDLE, 0));
}

#[test]
fn sessions_that_are_used_go_on() {
    assert!(!limits(Some(500)).is_over(Activity { busy: true, ..IDLE }, 10_000));
    let connected = Activity { connections: 1, ..IDLE };
    assert!(!limits(Some(500)).is_over(connected, 10_000));
    assert!(SessionLimits { cull_connected: true, ..limits(Some(500)) }.is_over(connected, 10_000));
}
