//! How a step fails: one sentence, a hint, and whether another attempt may help.
//! Never carries a backtrace or a chain of causes; the chain is written out in the sentence.

use std::error::Error;
use std::fmt;
use std::io;

use crate::DataError;

/// The result of a step, and of everything here that can fail.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// Why a step failed, as whoever runs the pipeline reads it.
///
/// Every error becomes one with `?`. It is not itself a [`std::error::Error`], which is what makes
/// that possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What happened, where and why, in one sentence without a full stop.
    pub message: String,
    /// What whoever runs the pipeline can do about it.
    pub hint: Option<String>,
    /// Whether another attempt may succeed.
    pub retryable: bool,
}

impl Failure {
    /// A failure that another attempt will not mend.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, retryable: false }
    }

    /// The same with a next step.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same, marked as worth another attempt.
    #[must_use]
    pub const fn retryable(mut self) -> Self {
        self.retryable = true;
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(formatter, " ({hint})"),
            None => Ok(()),
        }
    }
}

impl<E: Error + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut message = error.to_string();
        let mut retryable = may_pass(&error);
        let mut cause = error.source();
        while let Some(inner) = cause {
            let text = inner.to_string();
            // Many errors repeat their cause in their own text.
            if !message.contains(&text) {
                message.push_str(": ");
                message.push_str(&text);
            }
            retryable |= may_pass(inner);
            cause = inner.source();
        }
        Self { message, hint: None, retryable }
    }
}

/// Whether the cause may be gone at the next attempt.
fn may_pass(error: &(dyn Error + 'static)) -> bool {
    if let Some(error) = error.downcast_ref::<io::Error>() {
        let inner = error.get_ref().is_some_and(|inner| may_pass(inner));
        return inner
            || matches!(
                error.kind(),
                io::ErrorKind::ConnectionAborted
                    | io::ErrorKind::ConnectionRefused
                    | io::ErrorKind::ConnectionReset
                    | io::ErrorKind::Interrupted
                    | io::ErrorKind::TimedOut
            );
    }
    matches!(error.downcast_ref::<DataError>(), Some(DataError::Storage(_)))
}

/// Says what was being done when something failed: `.context("cannot read the labels")?`.
pub trait Context<T> {
    /// Puts the words and a colon before the message.
    ///
    /// # Errors
    /// The failure, when there was one.
    fn context(self, words: impl fmt::Display) -> Result<T>;

    /// The same with words that are only made when something failed.
    ///
    /// # Errors
    /// The failure, when there was one.
    fn with_context<W: fmt::Display>(self, words: impl FnOnce() -> W) -> Result<T>;
}

impl<T, E: Into<Failure>> Context<T> for std::result::Result<T, E> {
    fn context(self, words: impl fmt::Display) -> Result<T> {
        self.with_context(|| words)
    }

    fn with_context<W: fmt::Display>(self, words: impl FnOnce() -> W) -> Result<T> {
        self.map_err(|error| {
            let mut failure: Failure = error.into();
            failure.message = format!("{}: {}", words(), failure.message);
            failure
        })
    }
}

impl<T> Context<T> for Option<T> {
    fn context(self, words: impl fmt::Display) -> Result<T> {
        self.ok_or_else(|| Failure::new(words.to_string()))
    }

    fn with_context<W: fmt::Display>(self, words: impl FnOnce() -> W) -> Result<T> {
        self.ok_or_else(|| Failure::new(words().to_string()))
    }
}

#[cfg(target_family = "wasm")]
impl From<Failure> for crate::bindings::sandmill::step::types::Failure {
    fn from(failure: Failure) -> Self {
        Self { message: failure.message, hint: failure.hint, retryable: failure.retryable }
    }
}
