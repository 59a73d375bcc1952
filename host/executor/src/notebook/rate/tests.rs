//! Messages a second at the limit and beyond it.
//! Never waits for a real second.

use std::time::Duration;

use tokio::time::Instant;

use super::Rate;

#[test]
fn the_last_message_of_a_second_has_room_and_the_next_waits_for_the_following_one() {
    let begun = Instant::now();
    let mut rate = Rate::new(2, begun);
    rate.count(begun);
    assert!(rate.has_room());
    rate.count(begun);
    assert!(!rate.has_room());
    rate.look(rate.end() - Duration::from_nanos(1));
    assert!(!rate.has_room());
    rate.look(rate.end());
    assert!(rate.has_room());
}

#[test]
fn messages_of_an_earlier_second_do_not_count() {
    let begun = Instant::now();
    let mut rate = Rate::new(2, begun);
    rate.count(begun);
    rate.count(rate.end());
    assert!(rate.has_room());
}
