//! Text comes out whole and in order.

use host_cap_kernel::{Said, TextStream};

use super::{Coalescer, TEXT_BYTES_MAX};

fn text(stream: TextStream, text: &str) -> Said {
    Said::Text { stream, text: text.to_owned() }
}

#[test]
fn writes_to_one_stream_are_joined_until_something_else_is_said() {
    let mut coalescer = Coalescer::default();
    assert_eq!(coalescer.take(text(TextStream::Stdout, "a")), []);
    assert_eq!(coalescer.take(text(TextStream::Stdout, "b")), []);
    assert_eq!(coalescer.take(text(TextStream::Stderr, "c")), [text(TextStream::Stdout, "ab")]);
    let cleared = Said::Cleared { wait: false };
    assert_eq!(coalescer.take(cleared.clone()), [text(TextStream::Stderr, "c"), cleared]);
    assert!(!coalescer.is_waiting());
    assert_eq!(coalescer.flush(), None);
}

#[test]
fn much_text_does_not_wait() {
    let mut coalescer = Coalescer::default();
    let long = "x".repeat(TEXT_BYTES_MAX);
    assert_eq!(coalescer.take(text(TextStream::Stdout, "a")), []);
    assert_eq!(coalescer.take(text(TextStream::Stdout, &long)), [text(TextStream::Stdout, &format!("a{long}"))]);
}
