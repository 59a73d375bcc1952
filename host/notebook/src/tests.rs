//! Sessions are paused or end when they are idle, and at no other time.

use host_base::Code;

use super::{Activity, Fate, SessionLimits, SessionsThere};

const IDLE: Activity = Activity { busy: false, last_millis: 1_000, connections: 0, can_pause: true };

fn limits(idle_millis_max: Option<u64>) -> SessionLimits {
    SessionLimits { sessions_max: 4, sessions_per_user_max: 2, idle_millis_max }
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
fn idle_sessions_are_paused_at_their_limit() {
    assert_eq!(limits(Some(500)).fate(IDLE, 1_499), Fate::GoesOn);
    assert_eq!(limits(Some(500)).fate(IDLE, 1_500), Fate::IsPaused);
    assert_eq!(limits(None).fate(IDLE, u64::MAX), Fate::GoesOn);
    // A clock that was set back makes nobody idle.
    assert_eq!(limits(Some(500)).fate(IDLE, 0), Fate::GoesOn);
}

#[test]
fn sessions_that_work_go_on_and_only_what_is_kept_is_taken_from_whoever_is_connected() {
    let fate = |activity| limits(Some(500)).fate(activity, 10_000);
    assert_eq!(fate(Activity { busy: true, ..IDLE }), Fate::GoesOn);
    assert_eq!(fate(Activity { connections: 1, ..IDLE }), Fate::IsPaused);
    let lasting = Activity { can_pause: false, ..IDLE };
    assert_eq!(fate(lasting), Fate::IsEnded);
    assert_eq!(fate(Activity { connections: 1, ..lasting }), Fate::GoesOn);
}
