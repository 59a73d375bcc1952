//! What panics of Rust guests leave on stderr, and what is made of it.
//! Never needs a guest: the text alone decides.

use super::*;

#[test]
fn the_place_and_the_message_become_one_line() {
    let stderr = "loading\n\nthread 'main' (1) panicked at src/lib.rs:5:9:\nrow 7\nhas no label\n\
                  note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n";
    assert_eq!(panic_message(stderr).as_deref(), Some("src/lib.rs:5:9: row 7 has no label"));
}

#[test]
fn the_last_of_several_panics_counts() {
    let stderr = "thread 'a' panicked at a.rs:1:1:\nfirst\nthread 'b' panicked at b.rs:2:2:\nsecond\n";
    assert_eq!(panic_message(stderr).as_deref(), Some("b.rs:2:2: second"));
}

#[test]
fn other_text_is_no_panic() {
    for stderr in ["", "all is well\n", "panicked at "] {
        assert_eq!(panic_message(stderr), None, "{stderr}");
    }
}
