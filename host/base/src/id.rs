//! Names of runs and steps.
//! Never draws randomness itself: whoever makes a run id brings the random bits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::Millis;

/// A run: a UUID of version 7, so that ids sort by the time of submission.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RunId(String);

/// Why a text is no run id.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not a run id: expected a UUID such as 019a5c1e-7f3a-7c3e-9d52-0b1c2d3e4f50")]
pub struct RunIdError(String);

impl RunId {
    /// Builds the id of a run submitted at `now_millis`, with 74 of the given random bits.
    #[must_use]
    pub fn new(now_millis: Millis, random: u128) -> Self {
        let time = now_millis & 0xffff_ffff_ffff;
        let high = (random >> 64) & 0xfff;
        let low = (random & 0x3fff_ffff_ffff_ffff) | 0x8000_0000_0000_0000;
        Self(format!(
            "{:08x}-{:04x}-7{high:03x}-{:04x}-{:012x}",
            time >> 16,
            time & 0xffff,
            low >> 48,
            low & 0xffff_ffff_ffff,
        ))
    }

    /// The text form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RunId {
    type Err = RunIdError;

    fn from_str(text: &str) -> Result<Self, RunIdError> {
        let groups: Vec<&str> = text.split('-').collect();
        let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if lengths == [8, 4, 4, 4, 12] && groups.iter().all(|group| group.bytes().all(is_hex)) {
            Ok(Self(text.to_owned()))
        } else {
            Err(RunIdError(text.to_owned()))
        }
    }
}

impl TryFrom<String> for RunId {
    type Error = RunIdError;

    fn try_from(text: String) -> Result<Self, RunIdError> {
        text.parse()
    }
}

impl From<RunId> for String {
    fn from(id: RunId) -> Self {
        id.0
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for RunId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A step of a pipeline, by the name its author gave it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StepName(pub std::sync::Arc<str>);

impl StepName {
    /// The text form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for StepName {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for StepName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for StepName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests;
