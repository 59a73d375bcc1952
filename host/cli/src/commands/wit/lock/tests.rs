//! The lock file there and back, and content that is not what it was.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use super::*;

fn locked(registry: Option<&str>, version: &str, content: &str) -> Locked {
    let digest = Digest::sha256(content.as_bytes());
    Locked { registry: registry.map(str::to_owned), version: version.to_owned(), digest }
}

#[test]
fn what_is_written_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let wit = folder.path().join("wit");
    let mut lock = Lock::read_beside(&wit).unwrap();
    lock.pin("wasi:io".to_owned(), locked(Some("wasi.dev"), "0.2.6", "a")).unwrap();
    lock.pin("wasi:io".to_owned(), locked(Some("wasi.dev"), "0.2.0", "b")).unwrap();
    lock.pin("team:log".to_owned(), locked(None, "1.0.0", "c")).unwrap();
    lock.write().unwrap();
    let text = std::fs::read_to_string(folder.path().join("wkg.lock")).unwrap();
    assert_eq!(text.matches("[[packages]]").count(), 2, "{text}");
    let mut again = Lock::read_beside(&wit).unwrap();
    assert_eq!((again.text(), again.packages.len()), (text, 3));

    again.pin("team:log".to_owned(), locked(None, "1.0.0", "c")).unwrap();
    let trouble = again.pin("team:log".to_owned(), locked(None, "1.0.0", "other")).unwrap_err();
    assert_eq!(trouble.problems[0].known_code(), Some(Code::DigestMismatch));
}

#[test]
fn a_file_of_another_form_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    for text in ["version = 2\n", "version = \"one\"\n", "[[packages]]\n"] {
        std::fs::write(folder.path().join("wkg.lock"), text).unwrap();
        assert!(Lock::read_beside(&folder.path().join("wit")).is_err(), "{text}");
    }
}
