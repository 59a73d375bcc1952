//! What is resumed is the version that was paused.

use super::pinned;

#[test]
fn a_reference_is_pinned_whatever_it_named() {
    for reference in ["sandmill/run-python:0.1.0", "sandmill/run-python", "sandmill/run-python:1@sha256:00"] {
        assert_eq!(pinned(reference, "sha256:11"), "sandmill/run-python@sha256:11");
    }
    assert_eq!(pinned("localhost:5000/a/b:1", "sha256:11"), "localhost:5000/a/b@sha256:11");
}
