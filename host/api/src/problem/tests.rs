//! Failures on their way over the wire.
//! Never needs a connection.

use super::*;

#[test]
fn every_code_survives_the_wire() {
    for code in Code::ALL {
        let failure = Failure::new(*code, "what happened").with_hint("what next").retryable();
        let problem = Problem::from(failure);
        assert_eq!(problem.known_code(), Some(*code));
        assert_eq!(problem.hint.as_deref(), Some("what next"));
        assert!(problem.retryable);
    }
}

#[test]
fn an_unknown_code_is_kept_as_text() {
    let problem = Problem { code: "SM9999".to_owned(), message: String::new(), hint: None, retryable: false };
    assert_eq!(problem.known_code(), None);
}

#[test]
fn every_code_has_an_error_status() {
    for code in Code::ALL {
        let status = status_of(*code);
        assert!((400..600).contains(&status), "{code} answers with {status}");
    }
}
