//! Page tokens: there and back, and nothing else.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use super::*;

#[test]
fn tokens_come_back_as_the_position_they_were_made_of() {
    for sequence in [0, 1, 15, 16, 4_000_000_000, POSITION_MAX] {
        assert_eq!(to_run(Some(&of_run(sequence))).unwrap(), sequence);
        let position = ArtifactPosition { sequence, part: 7 };
        assert_eq!(to_artifact(Some(&of_artifact(position))).unwrap(), position);
    }
}

#[test]
fn no_token_is_a_position_behind_everything() {
    assert_eq!(to_run(None).unwrap(), POSITION_MAX);
    assert_eq!(to_artifact(None).unwrap().sequence, POSITION_MAX);
}

#[test]
fn any_other_text_is_refused_by_name() {
    for text in ["", "r", "1", "r-1", "r+1", "r01", "rA", "rffffffffffffffff", "r8000000000000000", "a1-1", "r 1", "rü"]
    {
        assert_eq!(to_run(Some(text)).unwrap_err().to_string(), format!("`{text}` is not a page token of this list"));
    }
    for text in ["", "a", "a1", "a-1", "a1-", "a1-1-1", "a+1-1", "r1"] {
        assert!(matches!(to_artifact(Some(text)), Err(LedgerError::BadPageToken(bad)) if bad == text));
    }
}
