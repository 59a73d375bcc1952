//! Lines put together from pieces, and the end of stderr that is kept.
//! Never writes through a guest; that is done with the test programs.

use super::*;

#[derive(Default)]
struct Lines(Mutex<Vec<String>>);

impl crate::StepObserver for Lines {
    fn log(&self, _: LogStream, text: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(text.to_owned());
    }

    fn progress(&self, _: u64, _: Option<u64>, _: &str) {}

    fn metric(&self, _: &str, _: u64, _: f64) {}
}

fn lines_of(pieces: &[&[u8]]) -> Vec<String> {
    let lines = Arc::new(Lines::default());
    let pipe = LogPipe::new(Arc::new(GuestLog::new(lines.clone(), 1 << 20)), LogStream::Stdout);
    pieces.iter().for_each(|piece| pipe.take(piece));
    pipe.finish();
    let lines = lines.0.lock().unwrap_or_else(PoisonError::into_inner);
    lines.clone()
}

#[test]
fn pieces_become_lines() {
    assert_eq!(lines_of(&[b"one\ntw", b"o", b"\n\nthree"]), ["one", "two", "", "three"]);
    assert_eq!(lines_of(&[b"windows\r\n"]), ["windows"]);
    assert_eq!(lines_of(&[]), Vec::<String>::new());
}

#[test]
fn text_that_is_no_utf8_is_passed_on_all_the_same() {
    assert_eq!(lines_of(&[b"a\xffb\n"]), ["a\u{fffd}b"]);
}

#[test]
fn a_line_of_exactly_the_longest_length_has_no_empty_line_behind_it() {
    let line = vec![b'x'; LINE_BYTES_MAX];
    let lines = lines_of(&[&line, b"\nnext\n"]);
    assert_eq!(lines.iter().map(String::len).collect::<Vec<_>>(), [LINE_BYTES_MAX, 4]);
}

#[test]
fn only_the_end_of_stderr_is_kept() {
    let log = GuestLog::new(Arc::new(Lines::default()), 0);
    for number in 0..10_000 {
        log.write(LogStream::Stderr, &format!("line {number}"));
    }
    let tail = log.stderr_tail();
    assert!(tail.len() <= TAIL_BYTES_MAX && tail.ends_with("line 9999\n"), "{}", tail.len());
    assert_eq!((log.kept_bytes(), log.dropped_messages()), (0, 10_000));
}
