//! Answers that a test has prepared; there is no network here.
//! Never differs in its surface from its sibling `wasm.rs`.

use std::io::Cursor;

use ::http::Uri;

use super::RawResponse;
use crate::testing::prepared_answer;
use crate::{Failure, Result};

pub(crate) fn send(target: &Uri) -> Result<RawResponse> {
    match prepared_answer(&target.to_string()) {
        Some(answer) => {
            Ok(RawResponse { status: answer.status, headers: answer.headers, body: Box::new(Cursor::new(answer.body)) })
        }
        None => {
            Err(Failure::new("the step is not granted this host").with_hint("prepare an answer with `testing::answer`"))
        }
    }
}
