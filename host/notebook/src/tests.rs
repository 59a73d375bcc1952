//! Sessions end when they are idle, and at no other time.

use host_base::Code;

use super::{Activity, SessionLimits, SessionsThere};

const IDLE: Activity = Activity { busy: false, last_millis: 1_000, connections: 0 };

fn limits(idle_millis_max: Option<u64>) -> SessionLimits {
    SessionLimits { sessions_max: 4, sessions_per_user_max: 2, idle_millis_max, cull_connected: false }
}

#[test]
fn the_last_place_is_given_and_the_next_is_not() {
    let admit = |open, of_user| limits(None).admit("ada", SessionsThere { open, of_user });
    assert_eq!(admit(3, 1), Ok(()));
    let refused = admit(4, 1).expect_err("the node is full");
    assert_eq!(refused.code, Code::Conflict);
    assert!(refused.message.contains("room for 4"), "{refused}");
    assert!(refused.hint.is_some_and(|hint| hint.contains("notebook stop")));
    let refused = admit(3, 2).expect_err("the user has what one user may have");
    assert!(refused.message.contains("`ada` has 2 sessions"), "{refused}");
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
