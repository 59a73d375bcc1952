//! What was written is read again, whole or not at all.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use host_base::Code;

use super::super::SessionSettings;
use super::{FILE, LostVariable, PausedSession, STATE_BYTES_MAX, check_length, is_kept, read, write};

fn session(state_bytes: u64) -> PausedSession {
    PausedSession {
        id: "one".into(),
        user: "local".into(),
        settings: SessionSettings::default(),
        kernel: "sandmill/run-python:1".into(),
        manifest: "sha256:00".into(),
        platform: "none".into(),
        began_millis: 1,
        paused_millis: 2,
        cells: 3,
        state_bytes,
        lost: vec![LostVariable { name: "lock".into(), kind: "lock".into(), reason: "cannot\nbe".into() }],
        packages: [("six".to_owned(), ("sha256:11".to_owned(), 0))].into(),
    }
}

#[test]
fn a_state_with_line_breaks_comes_back_and_the_newer_replaces_the_older() {
    let folder = tempfile::tempdir().unwrap();
    assert!(!is_kept(folder.path()));
    write(folder.path(), &session(3), b"a\nb").unwrap();
    assert_eq!(read(folder.path()).unwrap(), (session(3), b"a\nb".to_vec()));
    write(folder.path(), &session(0), b"").unwrap();
    assert_eq!(read(folder.path()).unwrap(), (session(0), Vec::new()));
    assert!(is_kept(folder.path()));
}

#[test]
fn a_state_that_was_cut_off_is_not_taken_for_whole() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &session(10), b"0123456789").unwrap();
    let file = folder.path().join(FILE);
    let whole = std::fs::read(&file).unwrap();
    for length in [0, 20, whole.len() - 1] {
        std::fs::write(&file, &whole[..length]).unwrap();
        assert_eq!(read(folder.path()).unwrap_err().code, Code::StorageFailed, "{length}");
    }
}

#[test]
fn the_largest_state_is_kept_and_the_next_is_not() {
    assert_eq!(check_length(STATE_BYTES_MAX), Ok(()));
    assert_eq!(check_length(STATE_BYTES_MAX + 1).unwrap_err().code, Code::TooLarge);
}
