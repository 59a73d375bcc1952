//! Events come out the same, however the bytes are cut.
//! Never opens a connection.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;

use super::*;

const STREAM: &str = ": hello\n\nid: 1.0\nevent: history\ndata: {\"a\":1}\n\ndata: first\r\ndata:second\r\n\r\n\
                      id: 2.5\rdata: ünïcode\r\revent: empty\n\ndata\n\nretry: 10\n\n";

fn messages(pieces: &[&[u8]]) -> Vec<Message> {
    let mut parser = Parser::default();
    for piece in pieces {
        parser.feed(piece).unwrap();
    }
    std::iter::from_fn(|| parser.next()).collect()
}

fn message(id: Option<&str>, event: &str, data: &str) -> Message {
    Message { id: id.map(str::to_owned), event: event.to_owned(), data: data.to_owned() }
}

#[test]
fn fields_line_ends_and_comments() {
    let expected = [
        message(Some("1.0"), "history", "{\"a\":1}"),
        message(None, "message", "first\nsecond"),
        message(Some("2.5"), "message", "ünïcode"),
        message(None, "message", ""),
    ];
    assert_eq!(messages(&[STREAM.as_bytes()]), expected);
}

#[test]
fn an_unfinished_event_waits() {
    assert!(messages(&[b"data: half"]).is_empty());
    assert!(messages(&[b"data: whole line\n"]).is_empty());
}

proptest! {
    #[test]
    fn cuts_do_not_matter(mut cuts in prop::collection::vec(0..STREAM.len(), 0..8)) {
        cuts.sort_unstable();
        let bytes = STREAM.as_bytes();
        let mut pieces = Vec::new();
        let mut from = 0;
        for cut in cuts {
            pieces.push(&bytes[from..cut]);
            from = cut;
        }
        pieces.push(&bytes[from..]);
        prop_assert_eq!(messages(&pieces), messages(&[bytes]));
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = messages(&[&bytes]);
    }
}
