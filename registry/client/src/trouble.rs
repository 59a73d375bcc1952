//! From an outside crate's error to ours, and whether repeating the request can help.
//! Never decides how often.

use std::error::Error as _;
use std::io;

use oci_distribution::errors::{OciDistributionError, OciErrorCode};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use crate::RegistryError;
use crate::error::quoted;
use crate::places::Place;

/// A failed request.
pub(crate) enum Trouble {
    /// The same request may succeed in a moment, or after the wait that the registry asked for.
    Passing { error: RegistryError, wait_millis: Option<u64> },
    /// Repeating is useless.
    Lasting(RegistryError),
}

impl From<RegistryError> for Trouble {
    fn from(error: RegistryError) -> Self {
        Self::Lasting(error)
    }
}

impl Trouble {
    pub(crate) const fn passing(error: RegistryError) -> Self {
        Self::Passing { error, wait_millis: None }
    }

    /// No answer, or one that broke off.
    pub(crate) fn of_request(place: &Place, error: &reqwest::Error) -> Self {
        if let Some(status) = error.status() {
            return Self::of_status(place, status, None, "");
        }
        let reason = deepest_reason(error);
        if ended_early(error) {
            // Repeated, since a connection can break once; where it always does, the announced length is a lie.
            return Self::passing(place.protocol(format!("it sends less than it announces ({reason})")));
        }
        if error.is_timeout() {
            let reason = if error.is_connect() { "no connection in time" } else { "it stopped answering" };
            // Not repeated: the caller has waited long enough already.
            return Self::Lasting(place.unreachable(reason));
        }
        if error.is_redirect() || error.is_builder() {
            return Self::Lasting(place.protocol(reason));
        }
        Self::passing(place.unreachable(reason))
    }

    /// An answer other than the one hoped for. `words` is the start of its body.
    pub(crate) fn of_status(place: &Place, status: StatusCode, headers: Option<&HeaderMap>, words: &str) -> Self {
        let words = if words.trim().is_empty() { String::new() } else { format!(": {}", quoted(words)) };
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Self::Lasting(place.refused(format!("{status}{words}")))
            }
            StatusCode::NOT_FOUND => Self::Lasting(place.not_found()),
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => Self::Passing {
                error: place.unreachable(format!("{status}{words}")),
                wait_millis: wait_millis(headers),
            },
            status if status.is_server_error() => Self::Passing {
                error: place.unreachable(format!("{status}{words}")),
                wait_millis: wait_millis(headers),
            },
            status => Self::Lasting(place.protocol(format!("unexpected answer {status}{words}"))),
        }
    }

    /// What the protocol crate reports while authorising and pushing.
    pub(crate) fn of_oci(place: &Place, error: &OciDistributionError) -> Self {
        match error {
            OciDistributionError::RequestError(error) => Self::of_request(place, error),
            OciDistributionError::UnauthorizedError { .. } => {
                Self::of_status(place, StatusCode::UNAUTHORIZED, None, "")
            }
            OciDistributionError::AuthenticationFailure(words) => Self::Lasting(place.refused(quoted(words))),
            OciDistributionError::ServerError { code, message, .. } => match StatusCode::from_u16(*code) {
                Ok(status) => Self::of_status(place, status, None, message),
                Err(_) => Self::Lasting(place.protocol(format!("its status is {code}"))),
            },
            OciDistributionError::RegistryError { envelope, .. } => {
                let has = |wanted: &[OciErrorCode]| envelope.errors.iter().any(|error| wanted.contains(&error.code));
                let words = quoted(&envelope.to_string());
                if has(&[OciErrorCode::Unauthorized, OciErrorCode::Denied]) {
                    Self::Lasting(place.refused(words))
                } else if has(&[OciErrorCode::Toomanyrequests]) {
                    Self::passing(place.unreachable(words))
                } else {
                    Self::Lasting(place.protocol(words))
                }
            }
            other => Self::Lasting(place.protocol(quoted(&other.to_string()))),
        }
    }
}

/// Only whole seconds are understood; a date is as good as nothing said.
fn wait_millis(headers: Option<&HeaderMap>) -> Option<u64> {
    headers?.get(RETRY_AFTER)?.to_str().ok()?.parse::<u64>().ok()?.checked_mul(1000)
}

fn ended_early(error: &reqwest::Error) -> bool {
    let mut source = error.source();
    while let Some(cause) = source {
        if cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof) {
            return true;
        }
        source = cause.source();
    }
    false
}

/// The outer errors only say that a request failed; the innermost says why.
fn deepest_reason(error: &reqwest::Error) -> String {
    let mut reason = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        reason = cause.to_string();
        source = cause.source();
    }
    quoted(&reason)
}
