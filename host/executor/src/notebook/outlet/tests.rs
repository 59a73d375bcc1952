//! Text that trickles, things that come in thousands.
//! Never waits for real time.

use std::cell::RefCell;
use std::time::Duration;

use host_cap_kernel::{Bundle, Said, TextStream};
use tokio::time::Instant;

use super::{Outlet, PASSED_ON_PER_SECOND_MAX, TEXT_WAITS};

fn text(text: &str) -> Said {
    Said::Text { stream: TextStream::Stdout, text: text.to_owned() }
}

#[test]
fn text_that_trickles_is_passed_on_in_time() {
    let (heard, begun) = (RefCell::new(Vec::new()), Instant::now());
    let mut outlet = Outlet::new(begun, |said| heard.borrow_mut().push(said));
    assert_eq!(outlet.due(), None);
    outlet.take(text("a"), begun);
    // What comes later does not put off what came first.
    outlet.take(text("b"), begun + TEXT_WAITS / 2);
    assert_eq!(outlet.due(), Some(begun + TEXT_WAITS));
    outlet.pass_on(begun + TEXT_WAITS);
    assert_eq!(*heard.borrow(), [text("ab")]);
    assert_eq!(outlet.due(), None);
}

#[test]
fn many_small_writes_are_few_things() {
    let (heard, begun) = (RefCell::new(0), Instant::now());
    let mut outlet = Outlet::new(begun, |_| *heard.borrow_mut() += 1);
    for _ in 0..100 * PASSED_ON_PER_SECOND_MAX {
        assert!(outlet.has_room());
        outlet.take(text("x"), begun);
    }
    outlet.pass_on(begun);
    assert_eq!(*heard.borrow(), 2);
}

#[test]
fn more_than_a_second_has_room_for_waits_for_the_next() {
    let (heard, begun) = (RefCell::new(0), Instant::now());
    let mut outlet = Outlet::new(begun, |_| *heard.borrow_mut() += 1);
    for _ in 0..PASSED_ON_PER_SECOND_MAX {
        assert!(outlet.has_room());
        outlet.take(Said::Value(Bundle::default()), begun);
    }
    assert!(!outlet.has_room());
    let next = begun + Duration::from_secs(1);
    assert_eq!(outlet.due(), Some(next));
    outlet.pass_on(next);
    assert!(outlet.has_room());
    assert_eq!(*heard.borrow(), PASSED_ON_PER_SECOND_MAX);
}
